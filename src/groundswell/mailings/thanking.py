"""Letters that answer a signature, for a crowd: thanks, "was it you?", "may we write to you?", and the link to one's own data."""

from collections.abc import Sequence
from datetime import datetime

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.basics.result import Refused
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Letter, Sender
from groundswell.mailings.confirm_words import AGREEING, CONFIRMING, CONFIRMING_DEED, CONFIRMING_LETTER
from groundswell.mailings.operations import thanks_key, thanks_letter
from groundswell.post import operations as post


def thank_many(
    *, petition_id: ActionId, persons: Sequence[PersonRef], sender: Sender, view: actions.PetitionView | None = None, now: datetime
) -> LetterId:  # fmt: skip
    """Address the petition's thank-you letter to these signers: once each, however often it is asked for.

    `view` is the petition as they read it, where that was another language than its own; so in the letters below.
    """
    petition = view or actions.petition(petition_id)
    letter_id = post.lodge(
        key=thanks_key(petition),
        letter=thanks_letter(petition, sender),
        kind="thanks",
        action=petition_id,
        priority=10,
        now=now,
    )
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    return letter_id


def ask_to_confirm(
    *, petition_id: ActionId, persons: Sequence[PersonRef], sender: Sender, reminder: bool = False,
    view: actions.PetitionView | None = None, now: datetime,
) -> LetterId:  # fmt: skip
    """Ask these people whether it was them who signed; with `reminder` once more, for the last time."""
    petition = view or actions.petition(petition_id)
    asking = {"petition": CONFIRMING, "send": CONFIRMING_LETTER}.get(petition.manner, CONFIRMING_DEED)
    said = asking.get(petition.language.partition("-")[0], asking["en"])
    subject, text, button, again = said
    lead = f"{again}\n\n" if reminder else ""
    letter = _letter(
        f"---\nsubject: {_plain(subject)}\n---\n{lead}{text}\n\n**{_plain(petition.title)}**\n\n::: ask\n{button}\n:::\n",
        Action(petition.id, f"/a/{petition.slug}/confirm", petition.count, petition.goal), sender, petition.language, "confirm",
    )  # fmt: skip
    key = f"confirm:{petition.slug}:{petition.version}{':reminder' if reminder else ''}"
    letter_id = post.lodge(key=key, letter=letter, kind="confirm", action=petition_id, priority=20, now=now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    return letter_id


def ask_to_agree(
    *, petition_id: ActionId, persons: Sequence[PersonRef], sender: Sender, view: actions.PetitionView | None = None, now: datetime
) -> LetterId:  # fmt: skip
    """Ask these people whether it was them who said we may write to them: at most once a day, and it says nothing else of them."""
    petition = view or actions.petition(petition_id)
    subject, text, button = AGREEING.get(petition.language.partition("-")[0], AGREEING["en"])
    letter = _letter(
        f"---\nsubject: {_plain(subject)}\n---\n{text}\n\n**{_plain(petition.title)}**\n\n::: ask\n{button}\n:::\n",
        Action(petition.id, f"/a/{petition.slug}/confirm", petition.count, petition.goal), sender, petition.language, "agree",
    )  # fmt: skip
    letter_id = post.lodge(
        key=f"agree:{petition.slug}:{petition.version}:{now:%Y-%m-%d}", letter=letter, kind="agree", action=petition_id,
        priority=20, now=now,
    )  # fmt: skip
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
    return letter_id


def send_own_data_link(*, petition_id: ActionId, person: PersonRef, sender: Sender, now: datetime) -> LetterId:
    """The letter with the link to everything we hold of one person: to the address we have, whoever asked. Once a day."""
    petition = actions.petition(petition_id)
    letter = _letter(
        "---\nsubject: Your data\n---\nSomebody, we hope you, asked to see what we hold of you. The link opens for a day. "
        "If it was not you, do nothing.\n\n::: ask\nSee my data\n:::\n",
        Action(petition.id, "/m/open", 0, 0), sender, "en", "own-data",
    )  # fmt: skip
    letter_id = post.lodge(
        key=f"own-data:{petition_id}:{now:%Y-%m-%d}", letter=letter, kind="own-data", action=petition_id, priority=20, now=now
    )
    post.address(letter_id=letter_id, persons=[(person, "")], now=now)
    return letter_id


def _letter(appeal: str, action: Action, sender: Sender, language: str, kind: str) -> Letter:
    compiled = compile_appeal(appeal, sender=sender, sources={}, action=action, language=language)
    if compiled.letter is None:
        raise Refused(*compiled.errors)
    return Letter.from_json({**compiled.letter.to_json(), "kind": kind})


def _plain(text: str) -> str:
    """A title as words of a letter: nothing in it is markup or a merge field."""
    return "".join(" " if character in "\r\n*_`[]<>{}|#" else character for character in text)
