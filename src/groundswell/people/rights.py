"""Window 4: everything this room holds of one person, for that person. Asked for with a reason, and written down first."""

from datetime import datetime
from typing import Any

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import vault_ring
from groundswell.people.models import Consent, Fact, ImportChange, Person, Suppression, Tagged
from groundswell.people.vault import second, store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note


def everything_of(*, person: PersonRef, staff_id: int | None, reason: str, now: datetime) -> dict[str, Any] | None:
    """Details, coarse facts, consents, suppressions, tags, fields, notes and imports of one person; None for nobody."""
    if not reason.strip():
        raise Refused.because("reason-missing", "Giving out a person's data needs a reason.", "Say why: who asked, and when.")
    row = Person.objects.filter(pk=person).values().first()
    if row is None:
        return None
    with transaction.atomic():
        note(actor_id=staff_id, act="export one", about=f"person {person}", why=reason, now=now)
        sealed = store.get([person])
        notes = second.notes_of(person)
        seconds = second.seconds_of(person)
        indexes = [index for index, _ in store.keyed_indexes_of(person)]
    opener = Opener(vault_ring())
    details = {field: opener.open(person, field, getattr(one, field)) for one in sealed for field in store.FIELDS}
    changed = ImportChange.objects.filter(person_id=person).values_list("run_id", flat=True)
    tagged = Tagged.objects.filter(person_id=person).values_list("tag__kind", "tag__name")
    return {
        "person": person,
        "details": {name: value for name, value in details.items() if value},
        "second_addresses": [opener.open(whose, "email", email) for whose, email in seconds],
        "facts": {name: value for name, value in row.items() if name != "id" and value not in (None, "")},
        "tags": [name for kind, name in tagged if kind == "tag"],
        "topics": [name for kind, name in tagged if kind == "topic"],
        "fields": {
            fact.kind.label: fact.word or fact.number for fact in Fact.objects.filter(person_id=person).select_related("kind")
        },
        "notes": [{"at": at, "note": opener.open(whose, "note", text)} for whose, at, text, _ in notes],
        "consents": [
            {
                "given": line.given, "at": line.at, "organisation": line.terms.organisation, "partner": line.terms.partner,
                "purpose": line.terms.purpose, "wording": line.terms.wording, "version": line.terms.version,
                "source": line.terms.source, "how": line.terms.how,
            }
            for line in Consent.objects.filter(person_id=person).select_related("terms").order_by("at", "id")
        ],
        "suppressions": list(
            Suppression.objects.filter(index__in=indexes).values("reason", "source", "at", "lifted_at", "lifted_why")
        ),
        "imports": sorted({run for run in (row["import_id"], *changed) if run}),
    }  # fmt: skip
