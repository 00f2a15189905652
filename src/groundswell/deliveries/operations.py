"""Handing signatures over: a file with what the signers agreed to show, counted by text version, with its hash."""

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId
from groundswell.deliveries.models import HandOver
from groundswell.deliveries.rules import harmless
from groundswell.people import roll
from groundswell.staff.operations import note

BATCH = 5000


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The file, and what proves it."""

    path: Path
    sha256: str
    total: int
    per_version: dict[int, int]


def hand_over(*, petition_id: ActionId, folder: Path, staff_id: int | None, why: str, now: datetime) -> HandedOver:
    """Write the signatures as CSV: number, first name and initial, place, day, text version. Texts stand at the top.

    The hash goes into the books, so that `verify` can say later whether a file is the one handed over.
    """
    petition = actions.petition(petition_id)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    per_version = actions.per_version(petition_id)
    for number, (title, text) in sorted(actions.texts(petition_id).items()):
        writer.writerow(["text", number, harmless(title), harmless(text), f"{per_version.get(number, 0)} signatures"])
    writer.writerow(["number", "name", "place", "signed on", "text version"])
    stream, total = actions.signatures(petition_id), 0
    while batch := list(islice(stream, BATCH)):
        names = roll.lines([signature.person for signature in batch])
        for signature in batch:
            total += 1
            line = names[signature.person]
            writer.writerow([total, harmless(line.name), harmless(line.place), signature.signed_at.date(), signature.version])
    content = out.getvalue().encode("utf-8-sig")
    digest = hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{petition.slug}-{now:%Y%m%d-%H%M%S}-{digest[:8]}.csv"
    path.write_bytes(content)
    HandOver.objects.create(
        petition_id=petition_id, made_at=now, file_name=path.name, sha256=digest, total=total,
        per_version={str(number): count for number, count in per_version.items()},
    )  # fmt: skip
    note(actor_id=staff_id, act="hand over", about=f"petition {petition_id}: {total} signatures", why=why, now=now)
    return HandedOver(path, digest, total, per_version)


def verify(path: Path) -> HandOver | None:
    """The hand-over that this very file is, or None: one byte changed is another file."""
    return HandOver.objects.filter(sha256=hashlib.sha256(path.read_bytes()).hexdigest()).first()
