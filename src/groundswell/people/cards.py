"""One person on one page, without opening anything: standing, places, marks, the ledger of consent, what may be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groundswell.basics.ids import PersonRef
from groundswell.people.models import Consent, Fact, FactKind, Person, Suppression, Tag, Tagged
from groundswell.people.vault import second, store


@dataclass(frozen=True, slots=True)
class Word:
    """One line of the ledger of consent, as it is shown."""

    given: bool
    organisation: str
    partner: str
    wording: str
    source: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldView:
    """A custom field, and what it says of this person; empty where nothing."""

    slug: str
    label: str
    kind: str
    choices: tuple[str, ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Coarse facts, marks, and why this person is or is not written to. Holds no detail."""

    person: PersonRef
    may_mail: bool
    why_not: str
    merged_into: PersonRef | None
    facts: Mapping[str, str]
    joined_at: datetime
    acted_at: datetime | None
    heard_at: datetime | None
    import_id: int | None
    tags: tuple[str, ...]
    topics: tuple[str, ...]
    fields: tuple[FieldView, ...]
    words: tuple[Word, ...]
    suppressions: tuple[tuple[str, str, datetime], ...]
    """Reason, source, since when, of what stands against their addresses."""


def card(person: PersonRef) -> PersonCard | None:
    """The card, or None for nobody."""
    row = Person.objects.filter(pk=person).first()
    if row is None:
        return None
    marks = list(Tagged.objects.filter(person_id=person).values_list("tag__kind", "tag__name").order_by("tag__name"))
    indexes = [index for index, _ in store.keyed_indexes_of(person)]
    standing = Suppression.objects.filter(index__in=indexes, lifted_at=None).order_by("at").values_list("reason", "source", "at")
    lines = Consent.objects.filter(person_id=person).select_related("terms").order_by("-at", "-id")
    merged = second.now_is([person]).get(person)
    facts = {"country": row.country, "region": row.region, "postcode area": row.postcode_area, "language": row.language}
    return PersonCard(
        person, row.may_mail, row.why_not, None if merged is None else PersonRef(merged),
        {name: value for name, value in facts.items() if value}, row.joined_at, row.acted_at, row.heard_at, row.import_id,
        tuple(name for kind, name in marks if kind == "tag"), tuple(name for kind, name in marks if kind == "topic"),
        fields_of(person),
        tuple(
            Word(c.given, c.terms.organisation, c.terms.partner, c.terms.wording, c.terms.source, c.terms.how, c.at) for c in lines
        ),
        tuple(standing),
    )  # fmt: skip


def fields() -> list[FieldView]:
    """Every custom field."""
    return [
        FieldView(row.slug, row.label, row.kind, tuple(map(str, row.choices))) for row in FactKind.objects.order_by("label", "slug")
    ]


def names_of(kind: str) -> list[str]:
    """Every tag, or every topic."""
    return list(Tag.objects.filter(kind=kind).order_by("name").values_list("name", flat=True))


def fields_of(person: PersonRef) -> tuple[FieldView, ...]:
    """Every custom field, with what it says of this person."""
    values = {fact.kind_id: fact for fact in Fact.objects.filter(person_id=person)}
    return tuple(
        FieldView(row.slug, row.label, row.kind, tuple(map(str, row.choices)), _shown(row.kind, values.get(row.pk)))
        for row in FactKind.objects.order_by("label", "slug")
    )


def _shown(kind: str, fact: Fact | None) -> str:
    if fact is None:
        return ""
    if fact.number is None:
        return fact.word
    if kind == "date":
        return (date(1970, 1, 1) + timedelta(days=int(fact.number))).isoformat()
    if kind == "yes":
        return "yes" if fact.number else "no"
    return f"{fact.number:g}"
