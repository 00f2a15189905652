"""A second letter to those who did not act on the first: a mailing of its own, with its own source code."""

import re
from collections.abc import Iterator
from datetime import datetime

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, MailingId, PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings.audience import audience_of
from groundswell.mailings.composing.texts import even, with_head
from groundswell.mailings.models import Mailing
from groundswell.post.models import Delivery, State

_GOT_IT = (State.ACCEPTED, State.UNCERTAIN)


def resend(
    *, mailing_id: MailingId, slug: str = "", note: str, subject: str = "", staff_id: int | None = None, now: datetime
) -> MailingId:
    """A draft: `note` on top, the original below. Its audience is asked when it starts, so who acts meanwhile is left out.

    Without a `slug` it gets the first one's with the next free number.
    """
    first = Mailing.objects.get(pk=mailing_id)
    if first.letter_id is None:
        raise Refused.because("mailing-not-sent", "The first letter was not sent yet.", "Send it, then write again.")
    if not note.strip():
        raise Refused.because("note-missing", "A second letter needs a new word on top.", "Say why you write again.")
    mailing, new = Mailing.objects.get_or_create(
        slug=slug or _free_slug(first.slug),
        defaults={
            "appeal": _with_note(first.appeal, note.strip(), subject.strip()), "sender_id": first.sender_id,
            "petition_id": first.petition_id, "language": first.language, "created_at": now, "resend_of": first,
            "definition": first.definition, "written_by_id": staff_id,
        },
    )  # fmt: skip
    if not new and mailing.resend_of_id != first.pk:
        raise Refused.because("slug-taken", f"There is a mailing “{slug}” already.", "Choose another name.")
    return MailingId(mailing.pk)


def got_the_first(mailing: Mailing) -> dict[int, str]:
    """Person → why they are left out (empty: not at all), for everyone the first letter was for."""
    first = mailing.resend_of
    if first is None:
        return {}
    letters = [first.letter_id, *first.variants.values_list("letter_id", flat=True)]
    rows = Delivery.objects.filter(letter_id__in=[letter for letter in letters if letter]).values_list("person_id", "state")
    return {person: "" if state in _GOT_IT else "did not get the first letter" for person, state in rows}


def _narrowed(mailing: Mailing, persons: Iterator[tuple[PersonRef, str]]) -> Iterator[tuple[PersonRef, str]]:
    """The audience of a resend: of the first letter's people, those who neither acted nor left nor bounced since."""
    first = got_the_first(mailing)
    acted = actions.signers(ActionId(mailing.petition_id))  # an audience of one's own may not leave them out
    for person, why in persons:
        if person in first:
            yield person, why or ("has signed already" if person in acted else first[person])


def _free_slug(slug: str) -> str:
    base, number = slug[:40], 2
    while Mailing.objects.filter(slug=f"{base}-{number}").exists():
        number += 1
    return f"{base}-{number}"


def _with_note(appeal: str, note: str, subject: str) -> str:
    appeal = with_head(appeal, "subject", subject) if subject else even(appeal)
    parts = re.match(r"\A(---\n.*?\n---\n)(.*)\Z", appeal, re.DOTALL)
    head, body = (parts.group(1), parts.group(2)) if parts else ("", appeal)
    return f"{head}{note}\n\n* * *\n\n{body.lstrip()}"


def persons_of(mailing: Mailing) -> Iterator[tuple[PersonRef, str]]:
    """Who this mailing is for, each with the reason to be left out; asked anew at every call."""
    persons = audience_of(mailing)
    return _narrowed(mailing, persons) if mailing.resend_of_id else persons
