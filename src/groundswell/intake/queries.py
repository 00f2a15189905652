"""How the journals stand: on the disk, which can be asked with the database down, and in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from groundswell.intake.journal import JournalDamaged, is_ended, read
from groundswell.intake.models import Applied, Segment
from groundswell.intake.operations import FAILED

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The journal files."""

    files: int
    bytes: int
    open: int
    """Files that a door writes to now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the worker has done with them."""

    waiting_bytes: int
    applied: int
    failed: int
    damaged: list[str]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a whole reading found."""

    entries: int
    applied: int
    waiting: int
    missing: int
    """Entries that the books call applied and the database does not know: a database older than its journals."""
    problems: list[str]


def on_disk(folder: Path) -> OnDisk:
    """Files, their bytes, and how many are being written."""
    paths = sorted(folder.glob("*.journal")) if folder.is_dir() else []
    return OnDisk(len(paths), sum(path.stat().st_size for path in paths), sum(not is_ended(path) for path in paths))


def standing(folder: Path) -> Standing:
    """How far the database has come with the files of `folder`."""
    segments = {segment.name: segment for segment in Segment.objects.filter(deleted_at=None)}
    waiting = 0
    for path in folder.glob("*.journal"):
        segment = segments.get(path.name)
        if segment is None or segment.applied_at is None:
            waiting += path.stat().st_size - (segment.offset if segment else 0)
    damaged = [segment.damage for segment in segments.values() if segment.damage]
    failed = Applied.objects.filter(outcome__startswith=FAILED).count()
    return Standing(waiting, Applied.objects.count(), failed, damaged)


def verify(folder: Path, private_keys: Mapping[int, bytes]) -> Verified:
    """Open every record of every journal on the disk and look each up. Changes nothing."""
    counts = {"entries": 0, "applied": 0, "waiting": 0, "missing": 0}
    problems: list[str] = []
    offsets = dict(Segment.objects.values_list("name", "offset"))
    for path in sorted(folder.glob("*.journal")) if folder.is_dir() else []:
        try:
            list(read(path, private_keys=private_keys))
        except JournalDamaged as error:
            problems.append(str(error))
        entries = ((at, entry.id) for at, entry in read(path, private_keys=private_keys, past_damage=True))
        while part := list(islice(entries, _AT_ONCE)):
            known = set(Applied.objects.filter(pk__in=[entry for _, entry in part]).values_list("pk", flat=True))
            for at, entry in part:
                counts["entries"] += 1
                done = "applied" if entry in known else "missing" if at <= offsets.get(path.name, 0) else "waiting"
                counts[done] += 1
    if counts["missing"]:
        problems.append(f"{counts['missing']} entries that were applied once are not in this database")
    return Verified(**counts, problems=problems)
