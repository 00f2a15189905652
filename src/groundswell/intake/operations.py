"""Applying the journals: in order, in batches, each entry exactly once by its id."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.utils import InterfaceError, OperationalError

from groundswell.intake.journal import Entry, JournalDamaged, is_ended, read
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


def _until_damage(entries: Iterator[tuple[int, Entry]], damage: list[str]) -> Iterator[tuple[int, Entry]]:
    """The entries before a damaged place, which is named in `damage`: one bad file must not hold up the others."""
    try:
        yield from entries
    except JournalDamaged as error:
        damage.append(str(error))


class _Pace(NamedTuple):
    size: int
    between: Callable[[], None]
    past_damage: bool


class _Batch(NamedTuple):
    applied: int
    offset: int


def apply_journals(
    *, folder: Path, private_keys: dict[int, bytes], apply: Applier, now: datetime, batch: int = BATCH,
    between: Callable[[], None] = lambda: None, past_damage: bool = False,
) -> int:  # fmt: skip
    """Apply everything new in `folder`; returns how many entries were. Safe to repeat and to kill at any moment.

    `between` is called after every batch: where a caller may make way for others. `past_damage` steps over places that
    can't be read instead of waiting there for a person.
    """
    applied = 0
    for path in unfinished(folder):
        # Asked before reading: what a writer that ended since has written is then read at the next look.
        ended = is_ended(path)
        applied += _apply_file(path, private_keys, apply, now, _Pace(batch, between, past_damage), ended=ended)
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


def _apply_file(path: Path, private_keys: dict[int, bytes], apply: Applier, now: datetime, pace: _Pace, *, ended: bool) -> int:
    segment, _ = Segment.objects.get_or_create(name=path.name)
    offset, applied = segment.offset, 0
    damage: list[str] = []
    entries = _until_damage(read(path, private_keys=private_keys, offset=offset, past_damage=pace.past_damage), damage)
    while True:
        found = _apply_batch(path.name, offset, entries, apply, now, pace.size)
        if found is None:  # another applier is at work, or was here since: the next look sees how far it came
            return applied
        if found.applied == 0:
            break
        offset, applied = found.offset, applied + found.applied
        pace.between()
    if damage:
        _LOG.error("%s; what stands before is applied. See `groundswell intake verify`", damage[0])
        Segment.objects.filter(name=path.name).update(damage=damage[0][:200])
    elif ended:
        Segment.objects.filter(name=path.name, offset=offset, applied_at=None).update(applied_at=now)
    return applied


def _apply_batch(
    name: str, offset: int, entries: Iterator[tuple[int, Entry]], apply: Applier, now: datetime, size: int
) -> _Batch | None:
    with transaction.atomic():
        if not _alone():
            return None
        segment = Segment.objects.select_for_update().get(name=name)
        if segment.offset != offset:
            return None
        batch = list(islice(entries, size))
        if not batch:
            return _Batch(0, offset)
        known = _applied([entry.id for _, entry in batch])
        fresh: list[Entry] = []
        for _, entry in batch:
            if entry.id not in known:
                known.add(entry.id)
                fresh.append(entry)
        outcomes, failed = _outcomes(fresh, apply)
        _mark(fresh, outcomes, now)
        segment.offset, segment.failed = batch[-1][0], segment.failed + failed
        segment.save(update_fields=["offset", "failed"])
        return _Batch(len(batch), segment.offset)


def _outcomes(entries: Sequence[Entry], apply: Applier) -> tuple[list[str], int]:
    """How each entry ended. One that can't be applied is set aside by itself: it must not hold up the rest for ever."""
    if not entries:
        return [], 0
    try:
        with transaction.atomic():
            return list(apply(entries)), 0
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001 (found below, one by one)
        _LOG.warning("a batch of %d entries was not applied as a whole; applying them one by one", len(entries))
    outcomes: list[str] = []
    failed = 0
    for entry in entries:
        try:
            with transaction.atomic():
                outcomes.extend(apply([entry]))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the entry stays in its file and is told of)
            _LOG.error("entry %s could not be applied: %s", entry.id, type(error).__name__)
            outcomes.append(f"{FAILED} {type(error).__name__}"[:40])
            failed += 1
    return outcomes, failed


def _applied(ids: Sequence[UUID]) -> set[UUID]:
    """Which of these were applied before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM intake_applied WHERE id = ANY(%s)", [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def _mark(entries: Sequence[Entry], outcomes: Sequence[str], now: datetime) -> None:
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_applied (id, at, outcome) SELECT r.id, %s, r.outcome"
            " FROM unnest(%s::uuid[], %s::text[]) r(id, outcome)",
            [now, [entry.id for entry in entries], list(outcomes)],
        )


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
        return bool(row and row[0])
