"""People's letters to the target, sent by us: one honest row each, paced, with the writer in Reply-To from the moment it leaves.

The post office's books hold neither the words nor the writer: both are put in when the letter is sent (`post.enclosures`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any

from django.db import transaction

from groundswell.actions import queries as actions
from groundswell.actions.acting import sending
from groundswell.actions.acting.kinds import LetterAct, act_of
from groundswell.basics.ids import ActionId, LetterId
from groundswell.basics.result import Refused
from groundswell.engine.message import Action, Letter, Sender
from groundswell.engine.pieces import pieces_to_json
from groundswell.engine.words import direction
from groundswell.mailings.outreach_words import FOOTERS
from groundswell.people import outreach as window
from groundswell.people.queries import is_suppressed
from groundswell.post import operations as post
from groundswell.post.enclosures import Content, register
from groundswell.post.readers import latest_due

KIND = "outreach"


def send_due(*, sender: Sender, base_url: str, now: datetime, most: int = 200) -> list[LetterId]:
    """Lodge the letters that people asked us to send and that are surely theirs; returns them. Safe to repeat.

    One a person and action. Of one recipient's letters each waits its turn; where the recipient's address is not written to
    any more, the letter's row says so and nothing leaves.
    """
    made = []
    sending.look_again()
    for asked in sending.asked_for(most=most):
        with transaction.atomic():
            if not sending.hold(asked.deed):
                continue
            letter_id = _lodged(asked, sender, base_url, now)
            if letter_id is not None:
                made.append(letter_id)
    return made


def _lodged(asked: sending.Asked, sender: Sender, base_url: str, now: datetime) -> LetterId | None:
    recipient = sending.recipient_for(asked)
    if recipient is None:
        sending.mark(deed=asked.deed, outcome="nobody")
        return None
    if not window.writers([asked.person]):
        sending.mark(deed=asked.deed, outcome="no name")
        return None
    view = actions.petition(asked.petition)
    act = act_of(view.kind, view.setting)
    per_hour = act.per_hour if isinstance(act, LetterAct) else 60
    last = latest_due(recipient.person, kind=KIND)
    due = max(now, last + timedelta(hours=1) / per_hour) if last else now
    letter = _letter(view, sender, f"{base_url}/a/{view.slug}")
    letter_id = post.lodge(key=f"{KIND}:{asked.deed.hex}", letter=letter, kind=KIND, action=asked.petition, now=now)
    refused = (
        "this address is not written to: it asked us to stop, or mails to it came back" if is_suppressed(recipient.person) else ""
    )
    post.address(letter_id=letter_id, persons=[(recipient.person, refused)], now=now, due=due)
    sending.mark(deed=asked.deed, outcome="withheld" if refused else "handed", whom=recipient.name, letter_id=letter_id)
    return letter_id


def _letter(view: actions.PetitionView, sender: Sender, address: str) -> Letter:
    """What the books keep: whose page it came from, and nothing of the writer."""
    return Letter(
        subject=(f"A letter by way of {address}",), preview=("",), language=view.language, direction=direction(view.language),
        sender=sender, action=Action(view.id, f"/a/{view.slug}", view.count, view.goal, view.title), html=("",), text=("",),
        positions=(), kind=KIND,
    )  # fmt: skip


def enclose(letter_id: int, content: Content) -> Content:
    """The letter as it leaves: the writer's words, name and address. `Refused` where they took it back meanwhile."""
    said = sending.said_in(letter_id)
    writer = window.writers([said.person]).get(said.person) if said else None
    words = window.words(said.person, said.field, said.words) if said else ""
    if said is None or writer is None or not words:
        raise Refused.because("outreach-gone", "This letter was taken back by its writer.", "Nothing is sent; its row is withheld.")
    subject, _, text = words.partition("\n\n")
    sender: Mapping[str, Any] = content["sender"]
    language = str(content["language"])
    footer = FOOTERS.get(language.partition("-")[0], FOOTERS["en"]).format(
        name=writer.name, organisation=sender["organisation"], reply_to=sender["reply_to"]
    )
    body = f"{text.strip()}\n\n{writer.name}" if writer.name not in text[-200:] else text.strip()
    paragraphs = "".join(
        f"<p>{'<br>'.join(escape(line) for line in part.splitlines())}</p>" for part in body.split("\n\n") if part.strip()
    )
    html = (
        f'<!doctype html><html lang="{escape(language)}" dir="{content["direction"]}"><head><meta charset="utf-8"><title>'
        f"{escape(subject)}</title></head><body>{paragraphs}<hr><p><small>{escape(footer)}</small></p></body></html>"
    )
    return {
        **content, "subject": pieces_to_json((" ".join(subject.split()),)), "html": pieces_to_json((html,)),
        "text": pieces_to_json((f"{body}\n\n-- \n{footer}\n",)),
        "sender": {**sender, "name": writer.name, "reply_to": writer.email},
    }  # fmt: skip


def letters_of(petition_id: ActionId) -> list[LetterId]:
    """The letters sent for people's sake in this action: for the office's numbers."""
    return [LetterId(number) for number in sending.letters(petition_id)]


def plug_in() -> None:
    """Let the post office ask for what belongs into these letters."""
    register(KIND, enclose)
