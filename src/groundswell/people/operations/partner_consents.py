"""A yes to a partner, from a form: in the ledger under the partner's name, and without any say on our own letters."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.people.models import Consent
from groundswell.people.operations.consent import terms_id
from groundswell.people.operations.consent_many import Said
from groundswell.people.operations.standing import hold
from groundswell.people.rules import TO_PARTNER
from groundswell.people.vault import store


def record_partner_consents(*, answers: Sequence[Said], now: datetime) -> None:
    """Write down who agreed to which partner's words. Lifts no goodbye of ours and makes nobody our supporter."""
    if any(answer.given and not (answer.organisation.strip() and answer.wording.strip()) for answer in answers):
        raise Refused.because(
            "consent-unproven", "Consent needs the words people agreed to, and whom they allow.", "Name wording and organisation."
        )
    if not answers:
        return
    with transaction.atomic():
        store.among_others()
        persons = sorted({answer.person for answer in answers})
        hold(persons)
        # Who was forgotten at this moment gets no line: it would name them again.
        known = store.indexes_of(persons)
        rows = [
            Consent(
                person_id=answer.person, given=answer.given, at=now,
                terms_id=terms_id(
                    organisation=answer.organisation, partner="", purpose=TO_PARTNER, wording=answer.wording,
                    version=answer.version, language=answer.language, source=answer.source, how="form", proof_needed=answer.given,
                ),
            )
            for answer in answers
            if answer.person in known
        ]  # fmt: skip
        Consent.objects.bulk_create(rows)
