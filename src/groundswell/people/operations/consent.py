"""A line in the consent ledger."""

from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.models import Consent, Suppression
from groundswell.people.operations.standing import refresh
from groundswell.people.rules import LIFTED_BY_A_FORM
from groundswell.people.vault import store


def record_consent(
    *, person: PersonRef, given: bool, organisation: str, wording: str, version: str, language: str, source: str,
    how: str, now: datetime, purpose: str = "mail",
) -> None:  # fmt: skip
    """Write down a yes or a no. A yes on a form lifts the person's own goodbye; an import's yes lifts nothing."""
    if given and not (wording.strip() and source.strip()):
        raise Refused.because(
            "consent-unproven", "Consent needs the words people agreed to, and where.", "Name wording and source."
        )
    with transaction.atomic():
        Consent.objects.create(
            person_id=person, given=given, organisation=organisation, purpose=purpose, wording=wording, version=version,
            language=language, source=source, how=how, at=now,
        )  # fmt: skip
        index = store.index_of(person)
        if given and how == "form" and index:
            Suppression.objects.filter(index=index, reason__in=LIFTED_BY_A_FORM, lifted_at=None).update(
                lifted_at=now, lifted_why="signed up again on a form"
            )
        refresh(person)
