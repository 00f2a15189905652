"""Who speaks, what is asked, who it is for: chosen beside the text, or named in its front matter, which then counts."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from groundswell.actions import queries as actions
from groundswell.basics import languages
from groundswell.basics.ids import ActionId, MailingId
from groundswell.basics.result import Problem, Refused
from groundswell.engine.compile import head_of
from groundswell.mailings.audiences.queries import copy_of
from groundswell.mailings.composing.texts import even
from groundswell.mailings.models import Mailing, SenderProfile

RESERVED = frozenset({"new", "paste", "senders", "series"})
"""No mailing is called like a page of the office."""
STANDARD, AS_IT_IS = "", "as-it-is"
"""Choices of an audience beside the saved ones: everybody who reads the language and has not signed; what it has now."""


def choose(*, mailing_id: MailingId, sender: str = "", action: str = "", language: str = "", audience: str = AS_IT_IS) -> None:
    """Sender profile and petition by their slugs, language, audience by the slug of a saved one; what is empty stays.

    What the front matter names wins. `Refused` for a name that is not there, or a mailing that is on its way.
    """
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        if mailing.letter_id is not None or mailing.state == "scheduled":
            return
        head = head_of(even(mailing.appeal))
        if sender or head.get("sender"):
            profile = SenderProfile.objects.filter(slug=head.get("sender") or sender).first()
            mailing.sender = profile or mailing.sender
        if action or head.get("action"):
            petition = actions.petition_named(head.get("action") or action)
            mailing.petition_id = petition.id if petition else mailing.petition_id
        mailing.language = languages.tag(head.get("language") or language) or mailing.language
        if audience != AS_IT_IS:
            mailing.definition = None if audience == STANDARD else _definition(audience)
        mailing.save(update_fields=["sender", "petition", "language", "definition"])


def head_problems(appeal: str) -> Iterator[Problem]:
    """Senders and actions that the front matter names and that are not there."""
    head = head_of(even(appeal))
    if (name := head.get("sender")) and not SenderProfile.objects.filter(slug=name).exists():
        there = ", ".join(SenderProfile.objects.values_list("slug", flat=True)) or "none yet"
        yield _unknown(appeal, "sender", f"There is no sender profile “{name}”.", there)
    if (name := head.get("action")) and actions.petition_named(name) is None:
        there = ", ".join(slug for slug, _, _ in actions.titles()) or "none yet"
        yield _unknown(appeal, "action", f"There is no action “{name}”.", there)


def begin(
    *, slug: str, appeal: str, sender: str, action: str, language: str = "en", staff_id: int | None, now: datetime
) -> MailingId:
    """A new draft of staff; `Refused` where the name is taken, or sender or action is not there."""
    if not re.fullmatch(r"[-a-zA-Z0-9_]{1,50}", slug) or slug in RESERVED:
        raise Refused.because("slug", "A mailing's name has up to 50 letters, digits and hyphens.", "Choose another name.")
    profile, petition = SenderProfile.objects.filter(slug=sender).first(), actions.petition_named(action)
    if profile is None or petition is None:
        raise Refused.because("mailing-incomplete", "A letter has a sender and an action.", "Choose both.")
    with transaction.atomic():
        mailing, new = Mailing.objects.get_or_create(
            slug=slug,
            defaults={"appeal": even(appeal), "sender": profile, "petition_id": ActionId(petition.id),
                      "language": languages.tag(language) or petition.language[:12], "created_at": now, "written_by_id": staff_id},
        )  # fmt: skip
        if not new:
            raise Refused.because("slug-taken", f"There is a mailing “{slug}” already.", "Choose another name.")
        choose(mailing_id=MailingId(mailing.pk))
    return MailingId(mailing.pk)


def _definition(slug: str) -> dict[str, object]:
    return copy_of(slug)


def _unknown(appeal: str, key: str, words: str, there: str) -> Problem:
    lines = even(appeal).split("\n")
    line = next((number for number, text in enumerate(lines, 1) if re.match(rf"\s*{key}\s*:", text)), 1)
    column = lines[line - 1].find(":") + 3
    return Problem(f"{key}-unknown", words, f"There are: {there}.", line, column)
