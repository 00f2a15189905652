"""Photos that people gave: made plain by the worker, looked at by a person, blurred where it is wanted, shown or turned down."""

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from groundswell.actions.acting.darkroom import SECONDS, SIZE
from groundswell.actions.acting.tables import Deed, Photo
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.people.keys import deed_field, sealer
from groundswell.staff import notices
from groundswell.staff.operations import note

_LOG = logging.getLogger(__name__)
Region = tuple[float, float, float, float]
"""Shares of width and height: left, top, width, height."""
Open = Callable[[int, str, bytes], str]
"""A window of the people room: person, field, sealed value."""
MOST_REGIONS = 60
KEEP = timedelta(days=3)
"""How long the sealed original stays: as long as an applied journal, for a database put back from a backup of the night before."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A photo for staff to look at, or one that is shown; without the person."""

    id: UUID
    petition_id: ActionId
    state: str
    width: int
    height: int
    blurred: int
    alt: str
    counts: bool
    """Whether who gave it stands by it, and is not held or unconfirmed."""


def keep_photos(photos: Sequence[tuple[UUID, str]]) -> None:
    """These deeds have a photo, whose sealed file has this name. Safe to repeat."""
    names = dict(photos)
    deeds = Deed.objects.filter(pk__in=names).values_list("pk", "petition_id", "person_id")
    Photo.objects.bulk_create(
        [Photo(deed_id=pk, petition_id=petition, person_id=person, spool=names[pk][:40]) for pk, petition, person in deeds],
        ignore_conflicts=True,
    )


def develop(*, folder: Path, unseal: Callable[[bytes], bytes], now: datetime, most: int = 200) -> int:
    """Make plain pictures of what came; returns how many rows changed. Safe to repeat and to kill at any moment.

    What is no picture is said to be none. The sealed original goes when its journal does.
    """
    done = 0
    for photo in Photo.objects.filter(state="arrived").order_by("pk")[:most]:
        path = folder / photo.spool
        picture = _developed(path, unseal)
        with transaction.atomic():
            row = Photo.objects.select_for_update().filter(pk=photo.pk, state="arrived").first()
            if row is not None:
                _put(row, picture)
                row.state = "waiting" if picture else "no picture"
                row.save()
                done += 1
        if picture:
            notices.tell(
                subject="Photos to look at", words="People sent photos. Each is shown only after somebody of you has looked at it.",
                link="/office/actions/", once=f"photos {photo.petition_id} {now:%Y-%m-%d}", now=now,
            )  # fmt: skip
    _tidy(folder, now)
    return done


def waiting(petition_id: ActionId | None = None, *, states: Sequence[str] = ("waiting",), most: int = 60) -> list[Waiting]:
    """Photos in these states, the oldest first."""
    rows = Photo.objects.filter(state__in=states).select_related("deed__signature").order_by("deed__at", "pk")
    if petition_id is not None:
        rows = rows.filter(petition_id=petition_id)
    return [
        Waiting(row.pk, ActionId(row.petition_id), row.state, row.width, row.height, row.blurred, row.alt,
                row.deed.signature.state == "confirmed")
        for row in rows[:most]
    ]  # fmt: skip


def blur(*, photo_id: UUID, regions: Sequence[Region], open_: Open, staff_id: int | None, now: datetime) -> None:
    """Make these regions unknowable in the picture itself; the sharper one is gone."""
    if not 0 < len(regions) <= MOST_REGIONS or not all(_sensible(region) for region in regions):
        raise Refused.because("blur-regions", "These are no regions of the picture.", "Draw one or more, then blur.")
    with transaction.atomic():
        row = _row(photo_id)
        content = picture_of(row, open_)
        picture = _in_the_darkroom(content, regions) if content else None
        if picture is None:
            raise Refused.because("photo-gone", "There is no picture any more.", "Its person took it back.")
        if row.state == "shown":
            row.width, row.height, row.public = picture
        else:
            _put(row, picture)
        row.blurred += 1
        row.save()
        note(
            actor_id=staff_id,
            act="blur a photo",
            about=f"photo {photo_id}: {len(regions)} regions",
            why="before it is shown",
            now=now,
        )


def decide(
    *, photo_id: UUID, show: bool, alt: str, why: str, open_: Open, staff_id: int | None, now: datetime
) -> ActionId:  # fmt: skip
    """Show it (with words for who can't see it), or turn it down: its picture is deleted then. Returns the action.

    `open_` (person, field, sealed) is a window of the people room: what is shown to everybody is sealed no longer.
    """
    if show and not alt.strip():
        raise Refused.because("photo-alt", "It is not said what the photo shows.", "Say it in a few words, for who can't see it.")
    if not show and not why.strip():
        raise Refused.because("reason-missing", "Turning a photo down needs a reason.", "Say why.")
    with transaction.atomic():
        row = _row(photo_id)
        content = picture_of(row, open_) if row.state in ("waiting", "shown") else None
        if show and content is None:
            raise Refused.because("photo-gone", "There is no picture any more.", "It was turned down, or taken back.")
        row.state, row.alt = ("shown", alt.strip()[:200]) if show else ("declined", "")
        row.image, row.public = None, content if show else None
        row.decided_by, row.decided_at = staff_id, now
        row.save()
        note(
            actor_id=staff_id,
            act="show a photo" if show else "turn a photo down",
            about=f"photo {photo_id}",
            why=why or alt,
            now=now,
        )
    return ActionId(row.petition_id)


def picture_of(row: Photo, open_: Open) -> bytes | None:
    """The JPEG."""
    if row.public is not None:
        return bytes(row.public)
    if row.image is None:
        return None
    return base64.b64decode(open_(row.person_id, deed_field(f"{row.pk.hex} photo"), bytes(row.image)))


def picture(photo_id: UUID, open_: Open) -> bytes | None:
    """The JPEG of this photo, whatever its state; None where there is none."""
    row = Photo.objects.filter(pk=photo_id).first()
    return picture_of(row, open_) if row else None


def _row(photo_id: UUID) -> Photo:
    row = Photo.objects.select_for_update().filter(pk=photo_id).first()
    if row is None:
        raise Refused.because("photo-gone", "There is no such photo any more.", "Its person took it back.")
    return row


def _put(row: Photo, picture: tuple[int, int, bytes] | None) -> None:
    if picture is None:
        row.image = None
        return
    row.width, row.height, jpeg = picture
    row.image = sealer().seal(row.person_id, deed_field(f"{row.pk.hex} photo"), base64.b64encode(jpeg).decode())


def _developed(path: Path, unseal: Callable[[bytes], bytes]) -> tuple[int, int, bytes] | None:
    try:
        content = unseal(path.read_bytes())
    except Exception as error:  # noqa: BLE001 (missing, torn, or sealed for another: there is no picture)
        _LOG.warning("a photo could not be opened: %s", type(error).__name__)
        return None
    return _in_the_darkroom(content, ())


def _in_the_darkroom(content: bytes, regions: Sequence[Region]) -> tuple[int, int, bytes] | None:
    """Width, height and JPEG, made in a process that may do little; None where it is no picture."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "groundswell.actions.acting.darkroom", json.dumps([list(region) for region in regions])],
            input=content, capture_output=True, timeout=2 * SECONDS, check=False, env={"PATH": os.defpath},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    if done.returncode or len(done.stdout) <= SIZE.size:
        return None
    width, height = SIZE.unpack_from(done.stdout)
    return width, height, done.stdout[SIZE.size :]


def _sensible(region: Region) -> bool:
    return len(region) == 4 and all(0 <= share <= 1 for share in region) and region[2] > 0 and region[3] > 0


def _tidy(folder: Path, now: datetime) -> None:
    if not folder.is_dir():
        return
    named: Mapping[str, object] = dict.fromkeys(Photo.objects.filter(state="arrived").values_list("spool", flat=True))
    for path in folder.iterdir():
        if path.name not in named and path.stat().st_mtime < (now - KEEP).timestamp():
            path.unlink(missing_ok=True)
