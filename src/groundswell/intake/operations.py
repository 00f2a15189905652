"""Applying the journals: in the order in which people acted, in batches, each entry exactly once by its id."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.db.utils import InterfaceError, OperationalError

from groundswell.basics import arrays
from groundswell.intake.journal import Entry, is_ended
from groundswell.intake.merging import Waiting, merged
from groundswell.intake.models import Applied, Segment

_LOG = logging.getLogger(__name__)
BATCH = 4000
FAILED = "failed:"
"""How the outcome of an entry begins that could not be applied."""
KEEP = timedelta(days=3)
"""How long an applied journal stays, for a database that has to be put back from a backup of the night before."""
_LOCK = 0x67736A31
"""Of all appliers, on whatever machine, one works at a time (PostgreSQL advisory lock)."""
Applier = Callable[[Sequence[Entry]], Sequence[str]]
"""Does what entries say, in the transaction that marks them applied; returns how each ended, in a word or two.

It must change nothing but the database: a batch that fails is rolled back and applied again, one by one.
"""


def reopen(*, folder: Path) -> int:
    """Let every journal that is still on the disk be applied anew: what was applied is known by its id and skipped, what
    failed is tried again. Returns how many journals that is.
    """
    names = [path.name for path in folder.glob("*.journal")]
    with transaction.atomic():
        Applied.objects.filter(outcome__startswith=FAILED).delete()
        Segment.objects.filter(name__in=names).update(offset=0, applied_at=None, failed=0, damage="")
    return len(names)


def apply_journals(
    *, folder: Path, private_keys: dict[int, bytes], apply: Applier, now: datetime, batch: int = BATCH,
    go_on: Callable[[], bool] = lambda: True, past_damage: bool = False,
) -> int:  # fmt: skip
    """Apply everything new in `folder`; returns how many entries were. Safe to repeat and to kill at any moment.

    The journals of several doors are applied as one, in the order of `at`: who signs by one door and withdraws by another
    has withdrawn. `go_on` is asked after every batch: there a caller may make way for others, or end. `past_damage` steps over
    places that can't be read instead of waiting there for a person.
    """
    applied = 0
    waiting = _waiting(folder, private_keys, past_damage=past_damage)
    entries = merged(waiting)
    # None: another applier is at work, or was here since; the next look sees how far it came.
    while waiting and (taken := _apply_batch(entries, apply, now, batch)) is not None:
        waiting = _put_away(waiting, now)
        if taken == 0:
            break
        applied += taken
        if not go_on():
            break
    return applied


def unfinished(folder: Path) -> list[Path]:
    """The journals that may hold something new, oldest first."""
    if not folder.is_dir():
        return []
    finished = set(Segment.objects.exclude(applied_at=None, damage="").values_list("name", flat=True))
    return [path for path in sorted(folder.glob("*.journal")) if path.name not in finished]


def delete_applied(*, folder: Path, now: datetime, keep: timedelta = KEEP) -> int:
    """Delete journals that were applied `keep` ago or longer: they hold sealed contact details. Returns how many."""
    deleted = 0
    for segment in Segment.objects.filter(applied_at__lte=now - keep, failed=0, deleted_at=None):
        (folder / segment.name).unlink(missing_ok=True)
        Segment.objects.filter(pk=segment.pk).update(deleted_at=now)
        deleted += 1
    return deleted


def _waiting(folder: Path, private_keys: Mapping[int, bytes], *, past_damage: bool) -> list[Waiting]:
    """The journals as they stand at this moment."""
    # Asked before the sizes: what a writer that ended since has written is then read at the next look.
    ended = {path for path in unfinished(folder) if is_ended(path)}
    # The names and the sizes are taken in one go: a person's second word must not be seen without their first, which another
    # door wrote.
    sizes = {path: path.stat().st_size for path in unfinished(folder)}
    names = [path.name for path in sizes]
    offsets = _offsets(names)
    if missing := [name for name in names if name not in offsets]:
        Segment.objects.bulk_create([Segment(name=name) for name in missing], ignore_conflicts=True)
        offsets |= _offsets(missing)
    return [Waiting(path, private_keys, offsets[path.name], size, path in ended, past_damage) for path, size in sizes.items()]


def _offsets(names: Sequence[str]) -> dict[str, int]:
    return dict(Segment.objects.filter(name__in=names).values_list("name", "offset"))


def _put_away(waiting: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """Write down how those ended that are read and applied to their end; returns the others."""
    for journal in waiting:
        segment = Segment.objects.filter(name=journal.path.name)
        if journal.is_read and journal.damage:
            _LOG.error("%s; what stands before is applied. See `groundswell intake verify`", journal.damage)
            segment.update(damage=journal.damage[:200])
        elif journal.is_read and journal.ended:
            segment.filter(offset=journal.offset, applied_at=None).update(applied_at=now)
    return [journal for journal in waiting if not journal.is_read]


def _apply_batch(entries: Iterator[tuple[Waiting, int, Entry]], apply: Applier, now: datetime, size: int) -> int | None:
    """Apply the next `size` entries and move every journal that they come from, in one transaction; returns how many."""
    with transaction.atomic():
        if not _alone():
            return None
        batch = list(islice(entries, size))
        ends = {journal: end for journal, end, _ in batch}
        segments = dict(zip(ends, _locked(ends), strict=True))
        if any(segment.offset != journal.offset for journal, segment in segments.items()):
            return None
        known = _applied([entry.id for _, _, entry in batch])
        fresh: list[Entry] = []
        sources: list[Waiting] = []
        for journal, _, entry in batch:
            if entry.id not in known:
                known.add(entry.id)
                fresh.append(entry)
                sources.append(journal)
        outcomes, failed = _outcomes(fresh, apply)
        _mark(fresh, outcomes, now)
        for place in failed:
            segments[sources[place]].failed += 1
        for journal, segment in segments.items():
            segment.offset = ends[journal]
            segment.save(update_fields=["offset", "failed"])
    for journal, end in ends.items():
        journal.offset = end
    return len(batch)


def _locked(journals: Iterable[Waiting]) -> list[Segment]:
    """Their rows, which nobody else changes until this transaction ends."""
    names = [journal.path.name for journal in journals]
    rows = Segment.objects.select_for_update().order_by("name").in_bulk(names)
    return [rows[name] for name in names]


def _outcomes(entries: Sequence[Entry], apply: Applier) -> tuple[list[str], list[int]]:
    """How each entry ended, and the places of those that failed. One that can't be applied is set aside by itself: it must
    not hold up the rest for ever.
    """
    if not entries:
        return [], []
    try:
        with transaction.atomic():
            return list(apply(entries)), []
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001 (found below, one by one)
        _LOG.warning("a batch of %d entries was not applied as a whole; applying them one by one", len(entries))
    outcomes: list[str] = []
    failed: list[int] = []
    for place, entry in enumerate(entries):
        try:
            with transaction.atomic():
                outcomes.extend(apply([entry]))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the entry stays in its file and is told of)
            _LOG.error("entry %s could not be applied: %s", entry.id, type(error).__name__)
            outcomes.append(f"{FAILED} {type(error).__name__}"[:40])
            failed.append(place)
    return outcomes, failed


def _applied(ids: Sequence[UUID]) -> set[UUID]:
    """Which of these were applied before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM intake_applied WHERE id = ANY(%s::uuid[])", [arrays.of_ids(ids)])
        return {row[0] for row in cursor.fetchall()}


def _mark(entries: Sequence[Entry], outcomes: Sequence[str], now: datetime) -> None:
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_applied (id, at, outcome) SELECT r.id, %s, r.outcome"
            " FROM unnest(%s::uuid[], %s::text[]) r(id, outcome)",
            [now, arrays.of_ids(entry.id for entry in entries), arrays.of_texts(outcomes)],
        )


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
        return bool(row and row[0])
