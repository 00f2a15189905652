"""Letters to those who come to an event: a seat, a place in the line, the reminder, the end of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.dateformat import format as dated

from groundswell.actions import queries as actions
from groundswell.actions.acting import events
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.basics.result import Refused
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Letter, Sender
from groundswell.mailings.attending_words import ATTENDING
from groundswell.post import operations as post

KIND = "event"


def tell_due(*, sender: Sender, now: datetime) -> list[LetterId]:
    """Tell whoever is to be told, of every event that is not over; returns the letters. Safe to repeat: each is told once."""
    made = []
    for petition_id in events.open_events():
        for word, persons in events.to_tell(petition_id, now).items():
            with transaction.atomic():
                made.append(_tell(petition_id, word, persons, sender, now))
    return made


def _tell(petition_id: ActionId, word: str, persons: Sequence[PersonRef], sender: Sender, now: datetime) -> LetterId:
    view = actions.petition(petition_id)
    # One row a person and letter: whoever gave a seat up and comes again another day is told again.
    key = f"event:{view.slug}:{view.version}:{word}:{now:%Y-%m-%d}"
    letter_id = post.lodge(key=key, letter=letter(view, word, sender), kind=KIND, action=petition_id, priority=15, now=now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    events.mark_told(petition_id=petition_id, persons=persons, word=word, letter_id=letter_id)
    return letter_id


def letter(view: actions.PetitionView, word: str, sender: Sender) -> Letter:
    """The letter of this occasion (`coming`, `waiting`, `moved`, `reminder`, `cancelled`) in the event's language."""
    event = events.event_of(view.id)
    if event is None:
        raise Refused.because("event-none", f"“{view.slug}” is no event.", "Name one.")
    language = view.language.partition("-")[0]
    said = ATTENDING.get(language, ATTENDING["en"])
    subject, text = said[word]
    with translation.override(language):
        when = dated(event.begins_at, "l, j F Y, H:i")
    place = "  \n".join(_plain(line) for line in event.place.splitlines() if line.strip())
    source = (
        f"---\nsubject: {subject}: {_plain(view.title)[:100]}\n---\n{text}\n\n**{_plain(view.title)}**\n\n"
        f"{said['when'][0]}: {when} ({event.begins_at.tzname()})\n\n{said['where'][0]}: {place}\n\n"
        f"::: ask\n{said['button'][0]}\n:::\n"
    )
    made = compile_appeal(
        source, sender=sender, sources={}, action=Action(view.id, f"/a/{view.slug}", view.count, view.goal), language=view.language
    )
    if made.letter is None:
        raise Refused(*made.errors)
    return Letter.from_json({**made.letter.to_json(), "kind": KIND})


def _plain(text: str) -> str:
    """An author's line as words of a letter: nothing in it is markup or a merge field."""
    return " ".join("".join(" " if character in "\r\n*_`[]<>{}|#\\" else character for character in text).split())
