"""A list on its way in: sealed as it arrives, before any of it touches the disk."""

import secrets
from datetime import datetime
from pathlib import Path

from django.db import transaction

from groundswell.basics.boxes import public_half
from groundswell.basics.result import Refused
from groundswell.people.keys import intake_ring
from groundswell.people.operations.importing.run import check_names, header_digest, said_before
from groundswell.people.order_models import ImportOrder
from groundswell.people.sheets import mapping
from groundswell.people.sheets.reading import look, sheet
from groundswell.people.sheets.sealed import SealedList, SealingFile
from groundswell.staff.operations import note

MOST_COLUMNS = 500


class Arriving:
    """An upload: written piece by piece, then kept as an order, or dropped."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ring = intake_ring()
        self._key, self._kept = secrets.token_hex(16), False
        self._path = folder / self._key
        self._file = SealingFile(self._path, public_key=public_half(ring.current_key), key_id=ring.current)

    def write(self, chunk: bytes) -> None:
        """The next piece."""
        self._file.write(chunk)

    def keep(self, *, file_name: str, staff_id: int | None, now: datetime) -> int:
        """All of it is here: read its first line; returns the order's number. `Refused`, and gone, where it can't be read."""
        try:
            self._file.close()
            list_ = kept(self._path)
            looked = look(list_)
            header = sheet(list_, looked, mapping.known).header
            check_names(header)
            if len(header) > MOST_COLUMNS:
                raise Refused.because(
                    "import-columns", f"The first line names {len(header)} columns.", f"A list has at most {MOST_COLUMNS}."
                )
            with transaction.atomic():
                row = ImportOrder.objects.create(
                    key=self._key, file_name=Path(file_name).name[:200], header=[name[:200] for name in header],
                    total=max(0, looked.lines - 1), said=said_before(header_digest(header)), at=now, by=staff_id,
                )  # fmt: skip
                about = f"order {row.pk}: {row.file_name}"[:200]
                note(actor_id=staff_id, act="upload list", about=about, why="to import it", now=now)
            self._kept = True
        finally:
            self.drop()
        return row.pk

    def drop(self) -> None:
        """It is not wanted: nothing of it stays. One that was kept is."""
        if not self._kept:
            self._file.close()
            self._path.unlink(missing_ok=True)


def kept(path: Path) -> SealedList:
    """An uploaded list, as what reads lists takes it. `FileNotFoundError` comes where it is read."""
    return SealedList(path, intake_ring())
