"""From the spool into the books: each mail once, whatever was killed in between."""

from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from groundswell.inbox.models import Incoming
from groundswell.inbox.spool import waiting

BATCH = 100
BATCH_BYTES = 32 * 1024 * 1024


def take(*, folder: Path, now: datetime, most: int = 2000) -> int:
    """Put spooled mails (at most about `most`, so that applying gets its turn) into the books, then remove their files;
    returns how many files there were.

    The row commits before the file goes, so a kill between the two finds the same key again and changes nothing.
    """
    taken = 0
    while taken < most:
        batch: list[tuple[Path, Incoming]] = []
        size = 0
        for path, key in islice(waiting(folder), BATCH):
            with suppress(FileNotFoundError):  # another worker was faster
                sealed = path.read_bytes()
                way, form = "spool", "mail"
                batch.append((path, Incoming(key=key, way=way, form=form, sealed=sealed, taken_at=now, due_at=now)))
                size += len(sealed)
            if size > BATCH_BYTES:
                break
        if not batch:
            break
        Incoming.objects.bulk_create([row for _, row in batch], ignore_conflicts=True)
        for path, _ in batch:
            path.unlink(missing_ok=True)
        taken += len(batch)
    return taken
