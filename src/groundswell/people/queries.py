"""Reads of the people room: numbers and reasons, never a detail."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from groundswell.basics import languages
from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.people.keys import index_ring
from groundswell.people.models import Fact, FactKind, ImportReject, ImportRun, Person, Suppression, Tag
from groundswell.people.rules import CONTACT, GONE, MERGED
from groundswell.people.vault import second
from groundswell.people.vault.index import email_index
from groundswell.people.vault.store import index_of


def counts() -> dict[str, int]:
    """How many people are here (see `nobody`), and how many may be mailed."""
    return {"people": Person.objects.exclude(nobody()).count(), "supporters": Person.objects.filter(may_mail=True).count()}


def nobody() -> Q:
    """Rows that are nobody of the list: forgotten, merged into somebody, or a contact person who did nothing themselves."""
    return Q(why_not__in=(GONE, MERGED)) | Q(why_not=CONTACT, acted_at=None)


def readers(language: str) -> Q:
    """Whoever reads this language, in whatever country: `pt-br` is Portuguese, `fil` is no Finnish. Without one, everybody."""
    tag = languages.plain(language)
    return Q(language=tag) | Q(language__startswith=f"{tag}-") if tag else Q()


def may_mail(person: PersonRef) -> bool:
    """Whether this person may be mailed now."""
    return Person.objects.filter(pk=person, may_mail=True).exists()


def standings(*, language: str = "") -> Iterator[tuple[PersonRef, str]]:
    """Everybody (of a language), each with the reason to leave them out, empty where there is none."""
    rows = Person.objects.filter(~nobody(), readers(language)).order_by("pk").values_list("pk", "why_not")
    for person, why in rows.iterator(chunk_size=10_000):
        yield PersonRef(person), why


def index_of_address(email: Address) -> bytes:
    """The blind index of an address: what a suppression is looked up by."""
    return email_index(index_ring(), email)


def now_are(persons: Iterable[int]) -> dict[int, PersonRef]:
    """Each of these people, and who they are now: somebody else where two rows turned out to be one person."""
    wanted = list(set(persons))
    merged = second.now_is(wanted) if wanted else {}
    return {person: PersonRef(merged.get(person, person)) for person in wanted}


def is_suppressed(person: PersonRef) -> bool:
    """Whether this person's address is not written to, for whatever reason."""
    index = index_of(person)
    return index is not None and Suppression.objects.filter(index=index, lifted_at=None).exists()


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import at a glance."""

    id: int
    file_name: str
    rows: int
    state: str
    started_at: datetime
    counts: Mapping[str, int]
    mapping: Mapping[str, str]


def imports() -> list[ImportView]:
    """Every import, the newest first."""
    return [
        ImportView(
            run.pk, run.file_name, run.rows_done,
            "taken back" if run.undone_at else "done" if run.finished_at else "cut short: import the same file again to go on",
            run.started_at, run.counts, run.mapping,
        )
        for run in ImportRun.objects.order_by("-pk")
    ]  # fmt: skip


def rejects(run_id: int | None) -> Iterator[tuple[int, str, bool]]:
    """Line, reason, and whether the row was taken all the same, for each row of an import that needs a look."""
    yield from ImportReject.objects.filter(run_id=run_id).values_list("line", "reason", "taken").iterator()


def choices() -> dict[str, list[str]]:
    """The words to choose from, of each custom field that is one of few words."""
    return {slug: list(words) for slug, words in FactKind.objects.filter(kind="choice").values_list("slug", "choices")}


def word_in_use(slug: str, word: str) -> bool:
    """Whether anybody has this word in a custom field: its choices may have come later than that."""
    return Fact.objects.filter(kind__slug=slug, word=word).exists()


def named_things() -> tuple[dict[str, int], dict[str, int], dict[str, tuple[int, str, str]]]:
    """Tags and topics with their ids; custom fields with id, type and label."""
    by_kind: dict[str, dict[str, int]] = {"tag": {}, "topic": {}}
    for kind, name, number in Tag.objects.order_by("name").values_list("kind", "name", "pk"):
        by_kind[kind][name] = number
    # A text is compared as a word of a choice is: whole.
    fields = {
        row.slug: (row.pk, "choice" if row.kind == "text" else row.kind, row.label) for row in FactKind.objects.order_by("slug")
    }
    return by_kind["tag"], by_kind["topic"], fields
