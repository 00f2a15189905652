"""Many signatures at once: what `operations.sign` does for one, in one statement for thousands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.actions.models import Holding, Pending, PublicReason, TextVersion
from groundswell.actions.operations import sealed_reason
from groundswell.actions.rules import SHOWS
from groundswell.basics.arrays import of_bytes, of_ids, of_numbers, of_texts, of_times
from groundswell.basics.ids import ActionId, DeliveryId, PersonRef

_Columns = tuple[Callable[[Iterable[Any]], str], ...]
_ROW: _Columns = (
    of_ids, of_numbers, of_numbers, of_numbers, of_texts, of_texts, of_numbers, of_times, of_texts, of_texts, of_bytes,
)  # fmt: skip
_ORIGIN: _Columns = (of_ids, of_numbers, of_bytes, of_bytes, of_times, of_ids)
"""How each column of a row is handed to the database."""


class Signing(NamedTuple):
    """One person's signature as the journal brought it. `id` is the entry's, which makes applying it twice one."""

    id: UUID
    petition: ActionId
    version: int
    person: PersonRef
    source: str
    position: str
    delivery: DeliveryId | None
    signed_at: datetime
    state: str = "confirmed"
    """`confirmed` counts; `held` waits for staff, `unconfirmed` for the person."""
    held_because: str = ""
    network: bytes | None = None
    referrer: bytes | None = None
    """The beginning of the id of the signature whose link was followed."""
    shows: str = "name"
    """What the signer agreed to show (`rules.SHOWS`)."""
    reason: str = ""
    """Why, in the signer's own words; sealed before it is kept."""
    domain: bytes | None = None
    """A keyed hash of the typed address's domain."""
    asked: Sequence[Mapping[str, Any]] = ()
    """What a signer who waits agreed to (`answers`): kept beside the signature until it counts."""
    public: bool = False
    """The signer agreed that the reason stands on the page, once staff have read it."""


def sign_many(signings: Sequence[Signing]) -> set[UUID]:
    """Take these signatures; returns the ids of those that are new (or held before, and now count or wait for their person).

    A person who has signed before changes nothing, from wherever they come; a version that never was is left out.
    Of two signatures of one person the earlier in `signings` stands.
    """
    texts = _texts({signing.petition for signing in signings})
    rows = [
        (
            s.id, s.petition, texts[s.petition, s.version], s.person, s.source[:80], s.position[:20], s.delivery, s.signed_at,
            s.state, s.shows if s.shows in SHOWS else "name", sealed_reason(s.person, s.petition, s.reason) if s.reason else None,
        )
        for s in signings
        if (s.petition, s.version) in texts
    ]  # fmt: skip
    if not rows:
        return set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO actions_signature"
            " (id, petition_id, version_id, person_id, source, position, delivery_id, signed_at, state, shows,"
            " reason)"
            " SELECT r.id, r.petition, r.version, r.person, r.source, r.position, r.delivery, r.at, r.state, r.shows, r.reason"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[],"
            " %s::timestamptz[], %s::text[], %s::text[], %s::bytea[]) WITH ORDINALITY r(id, petition, version, person, source,"
            " position, delivery, at, state, shows, reason, n) ORDER BY r.n ON CONFLICT DO NOTHING RETURNING id",
            [make(column) for make, column in zip(_ROW, zip(*rows, strict=True), strict=True)],
        )
        # Nearly always all of them: then nothing is read, for a thousand ids cost more to read than to write.
        new = {row[0] for row in (rows if cursor.rowcount == len(rows) else cursor.fetchall())}
        again = [s for s in signings if s.id not in new and s.state == "confirmed" and (s.petition, s.version) in texts]
        new |= _freed(cursor, again)
        _beside(cursor, [s for s in signings if s.id in new])
        waits = [s for s in signings if s.id not in new and s.state == "unconfirmed" and (s.petition, s.version) in texts]
        new |= _to_confirm(cursor, waits)
    return new


def _to_confirm(cursor: CursorWrapper, again: Sequence[Signing]) -> set[UUID]:
    """Held before, and here once more without a doubt where people confirm by mail: waits for its person now."""
    if not again:
        return set()
    asked = {(s.petition, s.person): s for s in reversed(again)}
    cursor.execute(
        "UPDATE actions_signature s SET state = 'unconfirmed' FROM unnest(%s::bigint[], %s::bigint[]) r(petition, person)"
        " WHERE s.petition_id = r.petition AND s.person_id = r.person AND s.state = 'held'"
        " RETURNING s.petition_id, s.person_id, s.id",
        [list(column) for column in zip(*asked, strict=True)],
    )
    rows = [(asked[ActionId(petition), PersonRef(person)], pk) for petition, person, pk in cursor.fetchall()]
    Holding.objects.filter(pk__in=[pk for _, pk in rows]).update(decision="came again", asked=[])
    Pending.objects.bulk_create(
        [
            Pending(signature_id=pk, petition_id=s.petition, person_id=s.person, asked_at=s.signed_at, asked=list(s.asked))
            for s, pk in rows
        ],
        ignore_conflicts=True,
    )
    return {s.id for s, _ in rows}


def _freed(cursor: CursorWrapper, again: Sequence[Signing]) -> set[UUID]:
    """Held or unconfirmed before, and here once more without a doubt: counted from now on."""
    if not again:
        return set()
    asked = {(s.petition, s.person): s.id for s in reversed(again)}
    cursor.execute(
        "UPDATE actions_signature s SET state = 'confirmed' FROM unnest(%s::bigint[], %s::bigint[]) r(petition, person)"
        " WHERE s.petition_id = r.petition AND s.person_id = r.person AND s.state IN ('held', 'unconfirmed')"
        " RETURNING s.petition_id, s.person_id, s.id",
        [list(column) for column in zip(*asked, strict=True)],
    )
    rows = cursor.fetchall()
    Holding.objects.filter(pk__in=[row[2] for row in rows]).update(decision="came again")
    Pending.objects.filter(pk__in=[row[2] for row in rows]).delete()
    return {asked[ActionId(row[0]), PersonRef(row[1])] for row in rows}


def _beside(cursor: CursorWrapper, signings: Sequence[Signing]) -> None:
    """What is kept beside new signatures, where there is anything."""
    referrers = _referrers({s.referrer for s in signings if s.referrer})
    origins = [
        (s.id, s.petition, s.network, s.domain, s.signed_at, referrers.get(s.referrer) if s.referrer else None)
        for s in signings
        if s.network or s.domain or s.referrer in referrers
    ]
    if origins:
        cursor.execute(
            "INSERT INTO actions_origin (signature_id, petition_id, network, domain, at, referrer) SELECT * FROM unnest("
            "%s::uuid[], %s::bigint[], %s::bytea[], %s::bytea[], %s::timestamptz[], %s::uuid[]) ON CONFLICT DO NOTHING",
            [make(column) for make, column in zip(_ORIGIN, zip(*origins, strict=True), strict=True)],
        )
    Holding.objects.bulk_create(
        [
            Holding(signature_id=s.id, petition_id=s.petition, reason=s.held_because[:80], at=s.signed_at, asked=list(s.asked))
            for s in signings
            if s.state == "held"
        ],
        ignore_conflicts=True,
    )
    Pending.objects.bulk_create(
        [
            Pending(signature_id=s.id, petition_id=s.petition, person_id=s.person, asked_at=s.signed_at, asked=list(s.asked))
            for s in signings
            if s.state == "unconfirmed"
        ],
        ignore_conflicts=True,
    )
    PublicReason.objects.bulk_create(
        [
            PublicReason(signature_id=s.id, petition_id=s.petition, at=s.signed_at)
            for s in signings
            if s.public and s.reason.strip()
        ],
        ignore_conflicts=True,
    )


def _referrers(codes: set[bytes]) -> dict[bytes, UUID]:
    """Code (the beginning of an id) → the signature that it is of."""
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.code, s.id FROM unnest(%s::bytea[], %s::uuid[], %s::uuid[]) c(code, low, high)"
            " JOIN actions_signature s ON s.id BETWEEN c.low AND c.high",
            [
                of_bytes(codes),
                of_ids(UUID(bytes=code.ljust(16, b"\x00")) for code in codes),
                of_ids(UUID(bytes=code.ljust(16, b"\xff")) for code in codes),
            ],
        )
        return {bytes(code): signature for code, signature in cursor.fetchall()}


def _texts(petitions: set[ActionId]) -> dict[tuple[ActionId, int], int]:
    rows = TextVersion.objects.filter(petition_id__in=petitions).values_list("petition_id", "number", "pk")
    return {(ActionId(petition), number): pk for petition, number, pk in rows}
