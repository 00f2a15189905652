"""Applying the journals: in order, in batches, each entry exactly once by its id."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from groundswell.intake.journal import Entry, read
from groundswell.intake.models import Applied, Segment

BATCH = 500
Applier = Callable[[Entry], str]
"""Does what an entry says, in the transaction that marks it applied; returns how it ended, in a word or two."""


def apply_journals(*, folder: Path, private_keys: dict[int, bytes], apply: Applier, now: datetime) -> int:
    """Apply everything new in `folder`; returns how many entries were. Safe to repeat and to kill at any moment.

    Two appliers take turns by a lock on the segment's row, so the second finds nothing left to do.
    """
    applied = 0
    for path in sorted(folder.glob("*.journal")) if folder.is_dir() else []:
        Segment.objects.get_or_create(name=path.name)
        while True:
            done = _apply_batch(path, private_keys, apply, now)
            applied += done
            if done < BATCH:
                break
    return applied


def _apply_batch(path: Path, private_keys: dict[int, bytes], apply: Applier, now: datetime) -> int:
    with transaction.atomic():
        segment = Segment.objects.select_for_update().get(name=path.name)
        if path.stat().st_size <= segment.offset:
            return 0
        batch = list(islice(read(path, private_keys=private_keys, offset=segment.offset), BATCH))
        known = set(Applied.objects.filter(pk__in=[entry.id for _, entry in batch]).values_list("pk", flat=True))
        for _, entry in batch:
            if entry.id not in known:
                known.add(entry.id)
                Applied.objects.create(id=entry.id, at=now, outcome=apply(entry))
        if batch:
            segment.offset = batch[-1][0]
            segment.save(update_fields=["offset"])
        return len(batch)
