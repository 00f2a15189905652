"""Tags, topics and custom fields put on people and taken off."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.text import slugify

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.models import Fact, FactKind, Tag, Tagged
from groundswell.people.sheets.facts import Kind, value_of


def make_tag(*, name: str, kind: str = "tag") -> int:
    """A tag or topic of this name, made if there is none."""
    name = " ".join(name.split())[:60]
    if not name or kind not in ("tag", "topic"):
        raise Refused.because("tag-nameless", "A tag needs a name.", "Write a word or two.")
    return Tag.objects.get_or_create(kind=kind, name=name)[0].pk


def tag(*, persons: Sequence[PersonRef], name: str, kind: str = "tag") -> None:
    """Put a tag (or topic) on people; a second time changes nothing. One that a list brought is the list's no more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_tagged (tag_id, person_id) SELECT %s::bigint, unnest(%s::bigint[])"
            " ON CONFLICT (tag_id, person_id) DO UPDATE SET import_id = NULL WHERE people_tagged.import_id IS NOT NULL",
            [make_tag(name=name, kind=kind), sorted(set(persons))],
        )


def untag(*, persons: Sequence[PersonRef], name: str, kind: str = "tag") -> None:
    """Take it off again."""
    Tagged.objects.filter(tag__name=name, tag__kind=kind, person_id__in=persons).delete()


def make_field(*, slug: str, label: str, kind: str, choices: Sequence[str] = ()) -> int:
    """A custom field; the same slug again changes its label and adds choices, never its type."""
    if kind not in dict(FactKind._meta.get_field("kind").choices or []):
        raise Refused.because("field-kind", f"A custom field can't be a “{kind}”.", "choice, text, number, date or yes.")
    with transaction.atomic():
        row, _ = FactKind.objects.get_or_create(slug=slug, defaults={"label": label, "kind": kind})
        if row.kind != kind:
            raise Refused.because("field-changed", f"The field “{slug}” is a {row.kind} already.", "Make one of another name.")
        row.label, row.choices = label, list(dict.fromkeys([*row.choices, *(choice[:60] for choice in choices)]))
        row.save(update_fields=["label", "choices"])
    return row.pk


def name_field(*, label: str, kind: str, choices: Sequence[str] = ()) -> str:
    """A custom field by its label alone, as staff make it; returns its slug, by which an import and an audience name it."""
    label = " ".join(label.split())[:80]
    slug = slugify(label)[:50].strip("-")
    if not slug:
        raise Refused.because("field-nameless", "A field needs a name with letters.", "Write a word or two.")
    if kind == "choice" and not choices:
        raise Refused.because("field-choices", "A field of few words needs the words.", "Write them, with commas between.")
    make_field(slug=slug, label=label, kind=kind, choices=choices)
    return slug


def set_fact(*, person: PersonRef, slug: str, value: str) -> None:
    """One value of one person; an empty one takes it away. It is no list's any more, though a list said the same."""
    kind = _kinds().get(slug)
    if kind is None:
        raise Refused.because("field-unknown", f"There is no custom field “{slug}”.", "Make it first.")
    if not value.strip():
        Fact.objects.filter(kind=kind, person_id=person).delete()
        return
    found = understood(kind, value)
    if found is None:
        raise Refused.because("field-value", f"That is no value for “{kind.label}”.", f"It is a {kind.get_kind_display()}.")
    Fact.objects.update_or_create(kind=kind, person_id=person, defaults={"word": found[0], "number": found[1], "import_id": None})


def understood(kind: FactKind, value: str) -> tuple[str, float | None] | None:
    """The value as it is kept (a word, a number), or None where it is none of the field's."""
    return value_of(Kind(kind.kind, tuple(kind.choices)), value)


def keep_tags(pairs: Sequence[tuple[int, str]], *, run: int | None) -> None:
    """Tags on people, as a list names them; what is there stays."""
    if not pairs:
        return
    names = {name for _, name in pairs}
    Tag.objects.bulk_create([Tag(kind="tag", name=name) for name in sorted(names)], ignore_conflicts=True)
    ids = dict(Tag.objects.filter(kind="tag", name__in=names).values_list("name", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_tagged (tag_id, person_id, import_id)"
            " SELECT unnest(%s::bigint[]), unnest(%s::bigint[]), %s::bigint ON CONFLICT DO NOTHING",
            [[ids[name] for _, name in pairs], [person for person, _ in pairs], run],
        )


def keep_facts(values: Sequence[tuple[int, str, str]], *, run: int | None) -> None:
    """Custom fields as a list fills them: only where there is no value yet, and only with values of the field's type."""
    if not values:
        return
    kinds = _kinds()
    rows = []
    for person, slug, value in values:
        if slug in kinds and (found := understood(kinds[slug], value)):
            rows.append(Fact(kind=kinds[slug], person_id=person, word=found[0], number=found[1], import_id=run))
    Fact.objects.bulk_create(rows, ignore_conflicts=True)


def _kinds() -> dict[str, FactKind]:
    return {kind.slug: kind for kind in FactKind.objects.all()}
