"""A line in the consent ledger."""

import hashlib
from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.models import Consent, Suppression, Terms
from groundswell.people.operations.hearing import heard_from
from groundswell.people.operations.standing import hold, now_is, refresh
from groundswell.people.rules import LIFTED_BY_A_FORM
from groundswell.people.vault import store


def record_consent(
    *, person: PersonRef, given: bool, organisation: str, wording: str, version: str, language: str, source: str,
    how: str, now: datetime, purpose: str = "mail", partner: str = "",
) -> None:  # fmt: skip
    """Write down a yes or a no. A yes on a form lifts the person's own goodbye; an import's yes lifts nothing.

    Of somebody who was forgotten nothing is written down.
    """
    with transaction.atomic():
        store.among_others()
        person = now_is(person)
        hold([person])
        index = store.index_of(person)
        if index is None:
            # Forgotten at this moment: a line in the ledger now would name them again.
            return
        terms = terms_id(
            organisation=organisation, partner=partner, purpose=purpose, wording=wording, version=version, language=language,
            source=source, how=how, proof_needed=given,
        )  # fmt: skip
        Consent.objects.create(person_id=person, terms_id=terms, given=given, at=now)
        if given and how == "form":
            Suppression.objects.filter(index=index, reason__in=LIFTED_BY_A_FORM, lifted_at=None).update(
                lifted_at=now, lifted_why="signed up again on a form"
            )
        refresh(person)
        if given and how == "form":
            heard_from(times={person: now})


def terms_id(
    *, organisation: str, partner: str, purpose: str, wording: str, version: str, language: str, source: str, how: str,
    proof_needed: bool,
) -> int:  # fmt: skip
    """The terms of a consent, kept once for all who agree to them; a yes without its proof is refused."""
    if proof_needed and not (wording.strip() and source.strip()):
        raise Refused.because(
            "consent-unproven", "Consent needs the words people agreed to, and where.", "Name wording and source."
        )
    parts = (organisation[:120], partner[:120], purpose[:60], wording, version[:20], language[:12], source[:120], how[:10])
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    found = Terms.objects.filter(digest=digest).values_list("pk", flat=True).first()
    if found is None:
        names = ("organisation", "partner", "purpose", "wording", "version", "language", "source", "how")
        found = Terms.objects.get_or_create(digest=digest, defaults=dict(zip(names, parts, strict=True)))[0].pk
    return int(found)
