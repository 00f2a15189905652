"""Window 4: everything that is held of one person, for that person. Staff give a reason, which is written down first."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.cards import fields_of
from groundswell.people.keys import vault_ring
from groundswell.people.models import Consent, ImportChange, ImportMet, Person, Suppression, Tagged
from groundswell.people.telling import Open, tellers
from groundswell.people.vault import second, store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note

_COUNTED_ELSEWHERE = ("id", "signed", "sources", "signed_bits")
"""Copies, which the database keeps, of what the signatures say in words."""


def everything_of(*, person: PersonRef, staff_id: int | None, reason: str, now: datetime) -> dict[str, Any] | None:
    """What `gathered` says of one person, or of who they are now; None for nobody."""
    if not reason.strip():
        raise Refused.because("reason-missing", "Giving out a person's data needs a reason.", "Say why: who asked, and when.")
    person = PersonRef(second.now_is([person]).get(person, person))
    if not Person.objects.filter(pk=person).exists():
        return None
    with transaction.atomic():
        note(actor_id=staff_id, act="export one", about=f"person {person}", why=reason, now=now)
    return gathered(person)


def gathered(person: PersonRef) -> dict[str, Any]:
    """Everything of one person: details, coarse facts, consents, suppressions, tags, fields, notes, imports and what they wrote
    over, the same of every row that was merged into them, and what every room above holds of them."""
    opener = Opener(vault_ring())
    seconds = [whose for whose, _ in second.seconds_of(person)]
    everybody = [person, *seconds]
    rows = {row.person: row for row in store.get(everybody)}
    details = {
        each: {field: value for field in store.FIELDS if (value := opener.open(each, field, getattr(rows[each], field)))}
        for each in everybody
        if each in rows
    }
    indexes = [index for index, _ in store.keyed_indexes_of(person)]
    changed = _written_over(everybody, lambda *sealed: opener.open(*sealed) or "")
    return {
        "person": person,
        "details": details.get(person, {}),
        "second_addresses": [details[each]["email"] for each in seconds if details.get(each, {}).get("email")],
        **_in_clear(person),
        "notes": [{"at": at, "note": opener.open(whose, "note", text)} for whose, at, text, _ in second.notes_of(person)],
        "consents": [
            {
                "given": line.given, "at": line.at, "organisation": line.terms.organisation, "partner": line.terms.partner,
                "purpose": line.terms.purpose, "wording": line.terms.wording, "version": line.terms.version,
                "language": line.terms.language, "source": line.terms.source, "how": line.terms.how,
            }
            for line in Consent.objects.filter(person_id__in=everybody).select_related("terms").order_by("at", "id")
        ],
        "suppressions": list(
            Suppression.objects.filter(index__in=indexes).order_by("at").values("reason", "source", "at", "lifted_at", "lifted_why")
        ),
        "imports": _imports(everybody, changed),
        "written_over": changed,
        "merged": [{"person": each, "details": details.get(each, {}), **_in_clear(each)} for each in seconds],
        **{name.replace(" ", "_"): tell(everybody, lambda *sealed: opener.open(*sealed) or "") for name, tell in tellers()},
    }  # fmt: skip


def _in_clear(person: int) -> dict[str, Any]:
    """Coarse facts, tags, topics and custom fields of one row, in the words in which the office shows them."""
    facts: dict[str, Any] = dict(Person.objects.filter(pk=person).values().first() or {})
    marks = defaultdict(list)
    for kind, name in Tagged.objects.filter(person_id=person).order_by("tag__name").values_list("tag__kind", "tag__name"):
        marks[kind].append(name)
    fields: dict[str, str] = {}
    for each in fields_of(PersonRef(person)):
        if each.value:
            fields[each.label if each.label not in fields else f"{each.label} ({each.slug})"] = each.value
    return {
        "facts": {name: value for name, value in facts.items() if name not in _COUNTED_ELSEWHERE and value not in (None, "")},
        "tags": marks["tag"],
        "topics": marks["topic"],
        "fields": fields,
    }


def _written_over(persons: Sequence[int], open_: Open) -> list[dict[str, Any]]:
    """What imports and merges changed, and can still be given back: values before and after."""
    with store.inside() as cursor:
        cursor.execute(
            "SELECT run, person, field, before, after FROM vault.change WHERE person = ANY(%s) ORDER BY run, person, field",
            [list(persons)],
        )
        sealed = cursor.fetchall()
    found = [
        (run, field, open_(person, field, before), open_(person, field, after)) for run, person, field, before, after in sealed
    ]
    found += ImportChange.objects.filter(person_id__in=persons).exclude(field="consent").order_by("pk").values_list(
        "run_id", "field", "before", "after")  # fmt: skip
    # A merge fills blanks in the way of an import, under its own number with a minus.
    return [
        {"import" if run > 0 else "merge": abs(run), "field": field.replace("_", " "), "before": before, "after": after}
        for run, field, before, after in found
    ]


def _imports(persons: Sequence[int], changed: Sequence[dict[str, Any]]) -> list[int]:
    """The imports that brought them, changed something, or named them too."""
    runs = {line["import"] for line in changed if "import" in line}
    runs |= set(Person.objects.filter(pk__in=persons).exclude(import_id=None).values_list("import_id", flat=True))
    runs |= set(ImportChange.objects.filter(person_id__in=persons).values_list("run_id", flat=True))
    runs |= set(ImportMet.objects.filter(person_id__in=persons).values_list("run_id", flat=True))
    return sorted(runs)
