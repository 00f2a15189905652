"""Handing over: preview, make, and say whether a file is one that was handed over."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.campaigns import queries as campaigns
from groundswell.deliveries.models import HandedFile, HandOver
from groundswell.deliveries.order import Order
from groundswell.deliveries.writing import files, manifest, print, table
from groundswell.deliveries.writing.files import Written
from groundswell.deliveries.writing.lines import Counts, count, one_moment, undisturbed, written
from groundswell.mailings.queries import house_sender
from groundswell.staff.operations import note

_TRIES = 3
"""How often a hand-over is written anew because somebody took their name back while it was written."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The files, and what proves them."""

    id: int
    path: Path
    """The list itself: the CSV, or the first part of the PDF."""
    sha256: str
    total: int
    per_version: dict[int, int]
    folder: Path
    files: tuple[Written, ...]
    left_out: dict[str, int]
    undrawable: tuple[str, ...] = ()
    """Signs in names that no font on this machine can draw: in the PDF words stand for these names."""


def preview(*, petition_id: ActionId, order: Order, now: datetime) -> Counts:
    """What would be handed over now: how many, of which text and place, and why the others are left out."""
    with one_moment():
        return count(order.choice(petition_id, now), order)[0]


def since_preview(seen_total: int, seen_left_out: Mapping[str, int], made: HandedOver) -> list[str]:
    """What changed between the preview and the hand-over, in words; empty where nothing did."""
    changes = []
    for why in sorted({*seen_left_out, *made.left_out}):
        if change := made.left_out.get(why, 0) - seen_left_out.get(why, 0):
            changes.append(f"{abs(change)} {'more' if change > 0 else 'fewer'} left out: {why}")
    if change := made.total - seen_total:
        changes.append(f"{made.total} handed over where the preview showed {seen_total}")
    return changes


def hand_over(
    *, petition_id: ActionId, folder: Path, staff_id: int | None, why: str, now: datetime, order: Order | None = None,
) -> HandedOver:  # fmt: skip
    """Choose, write and keep the proof: a folder with the list, the printed parts and a manifest, all of mode 600.

    Nothing is handed over half: the files stand in their place only when all of them are whole, and a hand-over that
    was killed while writing is taken up by the next call with the same order and written again as it was begun.
    """
    order = order or Order()
    begun = _begun(petition_id, order, staff_id, why, now)
    petition = actions.petition(petition_id)
    place = folder / begun.folder
    try:
        for _ in range(_TRIES):
            counts, written, listed, undrawable = _write(begun, petition, place, order)
            if count(order.choice(petition_id, begun.made_at), order)[0].total == counts.total:
                break
        return _keep(begun, place, counts, written, listed, undrawable, staff_id, now)
    except Refused:
        HandOver.objects.filter(pk=begun.pk, state="preparing").delete()
        shutil.rmtree(place, ignore_errors=True)
        raise


def begin(*, petition_id: ActionId, order: Order, staff_id: int | None, why: str, now: datetime) -> int:
    """Choose the moment, for a hand-over that is written in the background; returns its id. `go_on` writes it."""
    return int(_begun(petition_id, order, staff_id, why, now).pk)


def go_on(*, hand_over_id: int, folder: Path, now: datetime) -> HandedOver | None:
    """Write what was begun; None where it is made already, or was given up."""
    begun = HandOver.objects.filter(pk=hand_over_id, state="preparing").first()
    if begun is None:
        return None
    return hand_over(
        petition_id=ActionId(begun.petition_id), folder=folder, staff_id=begun.staff_id, why=begun.why, now=now,
        order=Order.from_json(begun.order),
    )  # fmt: skip


def _begun(petition_id: ActionId, order: Order, staff_id: int | None, why: str, now: datetime) -> HandOver:
    if not why.strip():
        raise Refused.because("why-missing", "A hand-over needs its occasion.", "Say why: it goes into the ledger.")
    begun = HandOver.objects.filter(petition_id=petition_id, state="preparing", order=order.to_json()).first()
    if begun is None:
        slug = actions.petition(petition_id).slug
        with transaction.atomic():
            begun = HandOver.objects.create(
                petition_id=petition_id, made_at=now, order=order.to_json(), why=why.strip(), staff_id=staff_id
            )
            begun.folder = f"{slug}-{now:%Y%m%d-%H%M%S}-{begun.pk}"
            begun.save(update_fields=["folder"])
    return begun


def export(*, hand_over_id: int, name: str, folder: Path, staff_id: int, why: str, now: datetime) -> Path:
    """Where a file lies, for a member of staff who takes it away; who took it and why is written down first."""
    if not why.strip():
        raise Refused.because("why-missing", "Taking a file needs its occasion.", "Say why: it goes into the ledger.")
    kept = HandedFile.objects.select_related("hand_over").filter(hand_over_id=hand_over_id, name=name).first()
    path = folder / kept.hand_over.folder / kept.name if kept else None
    if kept is None or path is None or not path.is_file():
        raise Refused.because("file-gone", "This file is not there any more.", "Put it back from your backup, or make it anew.")
    note(actor_id=staff_id, act="export", about=f"hand-over {hand_over_id}: {kept.kind} {kept.name}", why=why, now=now)
    return path


def _write(
    begun: HandOver, petition: actions.PetitionView, place: Path, order: Order
) -> tuple[Counts, list[Written], table.Table, list[str]]:
    choice = order.choice(petition.id, begun.made_at)
    printing = [name for name in order.formats if name != "csv"]
    undrawable: list[str] = []
    with files.workshop(place) as shop:
        csv_path = shop / f"{petition.slug}.csv" if "csv" in order.formats else None
        with one_moment(), undisturbed():
            counts, labels = count(choice, order)
            if not counts.total:
                raise Refused.because("nobody-chosen", "Nobody is chosen: there is nothing to hand over.", "Choose more.")
            texts = actions.texts(petition.id)
            pieces = shop if printing else None
            listed = written(
                choice, order, labels,
                lambda batches: table.write(batches, texts=texts, counts=counts.per_version, csv_path=csv_path, pieces=pieces),
            )  # fmt: skip
        sheet = _sheet(petition, begun, texts, counts, place.parent.parent / "fonts")
        made: list[Written] = []
        if csv_path:
            made.append(files.finished(csv_path, "csv", total=listed.total, per_version=listed.per_version))
        if printing:
            undrawable = print.undrawable(shop, sheet, listed)
            made += print.parts(shop, sheet, listed) if "pdf" in printing else []
            made += [print.label(shop, sheet, listed)] if "label" in printing else []
            made += [print.press(shop, sheet, listed)] if "press" in printing else []
            print.clear(shop)
        made.append(
            manifest.write(
                shop, title=petition.title, target=sheet.target, organisation=sheet.organisation, at=begun.made_at, texts=texts,
                counts=counts, table=listed, files=made,
            )
        )  # fmt: skip
    return counts, made, listed, undrawable


def _sheet(
    petition: actions.PetitionView, begun: HandOver, texts: dict[int, tuple[str, str]], counts: Counts, fonts: Path
) -> print.Sheet:
    sender = house_sender()
    target = campaigns.campaign(petition.campaign_id, begun.made_at.date()).target
    organisation = sender.organisation if sender else "Groundswell"
    return print.Sheet(petition.slug, petition.title, petition.language, organisation, target, begun.made_at, texts, counts, fonts)


def _keep(
    begun: HandOver, place: Path, counts: Counts, written: list[Written], listed: table.Table, undrawable: list[str],
    staff_id: int | None, now: datetime,
) -> HandedOver:  # fmt: skip
    with transaction.atomic():
        HandedFile.objects.filter(hand_over=begun).delete()
        HandedFile.objects.bulk_create(
            HandedFile(
                hand_over=begun, name=file.name, kind=file.kind, part=file.part, parts=file.parts, size=file.size,
                sha256=file.sha256, total=file.total, per_version=_keys(file.per_version),
            )
            for file in written
        )  # fmt: skip
        begun.state, begun.total, begun.list_sha256 = "made", counts.total, listed.list_sha256
        begun.per_version, begun.per_place, begun.left_out = _keys(counts.per_version), counts.per_place, counts.left_out
        begun.save()
        about = f"petition {begun.petition_id}, hand-over {begun.pk}: {counts.total} signatures, {len(written)} files"
        note(actor_id=staff_id, act="hand over", about=about, why=begun.why, now=now)
    first = written[0]
    return HandedOver(
        begun.pk, place / first.name, first.sha256, counts.total, counts.per_version, place, tuple(written), counts.left_out,
        tuple(undrawable),
    )  # fmt: skip


def _keys(counts: Mapping[int, int]) -> dict[str, int]:
    return {str(number): total for number, total in counts.items()}


@dataclass(frozen=True, slots=True)
class Verified:
    """Which file of which hand-over it is."""

    hand_over: int
    name: str
    kind: str
    part: int
    parts: int
    total: int
    per_version: dict[str, int]
    made_at: datetime
    petition: str


def verify(path: Path) -> Verified | None:
    """The handed-over file that this very file is, or None: one byte changed is another file. `Refused` if unreadable."""
    try:
        digest = files.sha256_of(path)
    except OSError:
        raise Refused.because("file-unreadable", f"The file {path} can't be read.", "Check its name and its rights.") from None
    kept = HandedFile.objects.filter(sha256=digest, hand_over__state="made").select_related("hand_over__petition").first()
    if kept is None:
        return None
    return Verified(
        kept.hand_over_id, kept.name, kept.kind, kept.part, kept.parts, kept.total, kept.per_version, kept.hand_over.made_at,
        kept.hand_over.petition.slug,
    )  # fmt: skip
