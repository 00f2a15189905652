"""Writing a batch, in the caller's transaction: people, sealed details, consents, suppressions, tags and facts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice

from django.db import connection

from groundswell.people.keys import indexer, sealer
from groundswell.people.models import ImportChange, Suppression
from groundswell.people.operations.importing.batch import Batch
from groundswell.people.operations.importing.meeting import mark_met
from groundswell.people.operations.standing import refresh_many
from groundswell.people.operations.suppress import bring_to_todays_key
from groundswell.people.operations.tagging import keep_facts, keep_tags
from groundswell.people.rules import TO_PARTNER, why_not
from groundswell.people.sheets.rows import CLEAR, SEALED, Draft
from groundswell.people.understanding import Marker
from groundswell.people.vault import bulk, store


@dataclass(frozen=True, slots=True)
class Order:
    """What the import was asked to do."""

    run: int
    terms: Mapping[bool, int]
    """The terms under which a yes and a no of this list are written down."""
    source: str
    overwrite: AbstractSet[str]
    now: datetime


@dataclass(slots=True)
class Counts:
    """What a batch did, or would do."""

    new: int = 0
    known: int = 0
    suppressed: int = 0
    withheld: int = 0
    filled: int = 0
    consents: int = 0
    persons: list[int] = field(default_factory=list)


def foresee(batch: Batch, overwrite: AbstractSet[str]) -> Counts:
    """What writing the batch would do."""
    return Counts(
        new=len(batch.new), known=len(batch.known) + batch.repeated,
        suppressed=sum(bool(draft.reasons) for _, draft in (*batch.new, *batch.known)),
        withheld=sum(not draft.consents and not draft.reasons for _, draft in batch.new),
        filled=sum(len(_fills(known, draft, overwrite)) for known, draft in batch.known)
        + sum(len(_coarse_fills(batch, known, draft, overwrite)) for known, draft in batch.known),
        consents=sum(_consent(draft) is not None for _, draft in batch.new),
    )  # fmt: skip


def by_field(batch: Batch, overwrite: AbstractSet[str]) -> Counter[str]:
    """How many values of each field people who are here would be given: what a rehearsal shows."""
    found: Counter[str] = Counter()
    for known, draft in batch.known:
        found.update(_fills(known, draft, overwrite))
        found.update(_coarse_fills(batch, known, draft, overwrite))
    return found


def write(batch: Batch, order: Order) -> Counts:
    """Write it. The caller holds the writers' lock alone, so what the batch found is still so."""
    counts = foresee(batch, order.overwrite)
    ids = _numbers(len(batch.new))
    mark_met(batch, run=order.run, yes=order.terms[True])
    _add_people(batch, ids, order)
    _suppress(batch, order)
    raised = _fill_known(batch, order)
    counts.consents += raised
    counts.persons = ids
    numbered = [(person, draft) for person, (_, draft) in zip(ids, batch.new, strict=True)]
    numbered += [(known.person, draft) for known, draft in batch.known]
    keep_tags([(person, tag) for person, draft in numbered for tag in draft.tags], run=order.run)
    keep_facts([(person, slug, value) for person, draft in numbered for slug, value in draft.facts.items()], run=order.run)
    return counts


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_person_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def _add_people(batch: Batch, ids: Sequence[int], order: Order) -> None:
    bring_to_todays_key(indexer(), [draft.email for _, draft in batch.new])
    consents: list[tuple[int, int, bool]] = []
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY people_person (id, language, country, region, postcode_area, joined_at, may_mail, why_not, import_id) FROM STDIN"
        ) as copy:
            people = _people(batch, ids, order, consents)
            # The database takes the first while the next are made.
            while some := "".join(islice(people, bulk.AT_ONCE)):
                copy.write(some)
    _add_consents(consents, order.now)
    bulk.add(_details(batch, ids))


def _people(batch: Batch, ids: Sequence[int], order: Order, consents: list[tuple[int, int, bool]]) -> Iterator[str]:
    """Each new person's row, as COPY's text; what they said of mail is added to `consents` on the way."""
    now, terms, suppressed, run = order.now.isoformat(), order.terms, batch.suppressed, order.run
    for person, (mark, draft) in zip(ids, batch.new, strict=True):
        says, clear = _consent(draft), draft.clear.get
        standing = suppressed[mark] | draft.reasons if mark in suppressed else draft.reasons
        why = why_not(latest_consent=says, suppressions=standing) if standing or not says else ""
        if says is not None:
            consents.append((person, terms[says], says))
        where = f"{clear('language', 'en')}\t{clear('country', '')}\t{clear('region', '')}\t{clear('postcode_area', '')}"
        if "\\" in where:  # COPY's text format; control characters are gone already
            where = where.replace("\\", "\\\\")
        joined = _iso(draft.joined) if draft.joined else now
        yield f"{person}\t{where}\t{joined}\t{'f' if why else 't'}\t{why}\t{run}\n"


_iso = lru_cache(maxsize=20_000)(datetime.isoformat)
"""Lists say days, and the same ones again and again."""


def _details(batch: Batch, ids: Sequence[int]) -> Iterator[bytes]:
    """Each new person's row of the vault, sealed as it is asked for."""
    index, sealing = indexer(), sealer()
    sealed, vault_key, index_key = sealing.many(store.FIELDS), sealing.key_id, index.key_id
    marker = Marker(index)
    for person, (mark, draft) in zip(ids, batch.new, strict=True):
        marks = batch.marks.get(mark) or marker.of(draft)
        of = draft.sealed.get
        values = (draft.email.shown, of("given_name"), of("family_name"), of("phone"), of("street"))
        yield bulk.row(person, sealed(person, values), mark, marks.phone, marks.names, vault_key, index_key)


def _add_consents(rows: Sequence[tuple[int, int, bool]], now: datetime) -> None:
    at = now.isoformat()
    with connection.cursor() as cursor, cursor.copy("COPY people_consent (person_id, terms_id, given, at) FROM STDIN") as copy:
        copy.write("".join(f"{person}\t{terms}\t{'t' if given else 'f'}\t{at}\n" for person, terms, given in rows))


def _consent(draft: Draft) -> bool | None:
    """A yes, a no, or nothing said. Of who bounced or complained a list proves no yes: once that is lifted, they are asked."""
    if "unsubscribed" in draft.reasons:
        return False
    return True if draft.consents and not draft.reasons else None


def _suppress(batch: Batch, order: Order) -> None:
    index_key = indexer().key_id
    rows = [(mark, index_key, draft) for mark, draft in batch.new if draft.reasons]
    # Every address of theirs: a merge may be taken back, and the list's word was of either.
    against = {known.person: draft for known, draft in batch.known if draft.reasons}
    for person, indexes in (store.keyed_indexes(list(against)) if against else {}).items():
        rows += [(mark, key_id, against[person]) for mark, key_id in indexes]
    Suppression.objects.bulk_create(
        [
            Suppression(index=mark, index_key=key_id, reason=reason, source=order.source, at=order.now)
            for mark, key_id, draft in rows
            for reason in sorted(draft.reasons)
        ],
        ignore_conflicts=True,
    )
    refresh_many(list(against))


def _fill_known(batch: Batch, order: Order) -> int:
    """Blanks of people who were here, and a yes for those whom nobody has asked yet. Returns how many of the latter."""
    index, sealing = indexer(), sealer()
    fills, changes, raised, doubted = [], [], [], []
    for known, draft in batch.known:
        for name in _fills(known, draft, order.overwrite):
            value = draft.sealed[name]
            sealed = sealing.seal(known.person, name, value)
            if sealed is not None:
                fills.append(
                    bulk.Fill(
                        known.person, name, sealed, index.phone(draft.phone_e164) if name == "phone" else None,
                        index.name(value) if name.endswith("name") else (), name in order.overwrite,
                    )
                )  # fmt: skip
        here = batch.coarse.get(known.person)
        for name in _coarse_fills(batch, known, draft, order.overwrite):
            before = here.values[name] if here else ""
            changes.append(
                ImportChange(run_id=order.run, person_id=known.person, field=name, before=before, after=draft.clear[name])
            )
        if here and not here.asked and here.import_id != order.run and draft.consents and not draft.reasons:
            # Who came by another row of this very list was not asked there: the more cautious row counts.
            raised.append(known.person)
            changes.append(ImportChange(run_id=order.run, person_id=known.person, field="consent"))
        if here and here.asked and not draft.consents and not draft.reasons:
            doubted.append(known.person)
    bulk.fill(fills, run=order.run, vault_key=sealing.key_id, index_key=index.key_id)
    ImportChange.objects.bulk_create(changes)
    _update_coarse([change for change in changes if change.field != "consent"])
    if raised:
        _add_consents([(person, order.terms[True], True) for person in raised], order.now)
        refresh_many(raised)
    return len(raised) + _take_back(doubted, order)


def _take_back(persons: Sequence[int], order: Order) -> int:
    """A no of those whom an earlier row of this list gave a yes that a later one doesn't bear out; returns how many.

    The more cautious row counts, however far apart the two are. Who said something by themselves meanwhile keeps their word.
    """
    if not persons:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.person_id FROM (
                SELECT DISTINCT ON (c.person_id) c.person_id, c.terms_id, c.given
                FROM people_consent c JOIN people_terms t ON t.id = c.terms_id
                WHERE c.person_id = ANY(%s) AND t.purpose <> %s ORDER BY c.person_id, c.at DESC, c.id DESC
            ) l JOIN people_person p ON p.id = l.person_id
            WHERE l.given AND l.terms_id = %s AND (p.import_id = %s OR EXISTS (
                SELECT FROM people_importchange i WHERE i.person_id = p.id AND i.run_id = %s AND i.field = 'consent'))
            """,
            [list(persons), TO_PARTNER, order.terms[True], order.run, order.run],
        )
        found = [row[0] for row in cursor.fetchall()]
    _add_consents([(person, order.terms[False], False) for person in found], order.now)
    refresh_many(found)
    return len(found)


def _update_coarse(changes: Sequence[ImportChange]) -> None:
    with connection.cursor() as cursor:
        for name in CLEAR:
            these = [(change.person_id, change.after) for change in changes if change.field == name]
            if these:
                cursor.execute(
                    f"UPDATE people_person p SET {name} = n.value"  # noqa: S608 (our own names of columns)
                    " FROM (SELECT unnest(%s::bigint[]) id, unnest(%s::text[]) value) n WHERE p.id = n.id",
                    [[person for person, _ in these], [value for _, value in these]],
                )


def _fills(known: bulk.Known, draft: Draft, overwrite: AbstractSet[str]) -> list[str]:
    return [field for field in SEALED if field in draft.sealed and (field in known.blank or field in overwrite)]


def _coarse_fills(batch: Batch, known: bulk.Known, draft: Draft, overwrite: AbstractSet[str]) -> list[str]:
    here = batch.coarse.get(known.person)
    if here is None:
        return []
    return [
        field for field, value in draft.clear.items()
        if here.values[field] != value and (not here.values[field] or field in overwrite)
    ]  # fmt: skip
