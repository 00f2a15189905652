"""The dossier: the proof of a hand-over, its public part on the record by itself."""

import hashlib
import io
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Problem, Refused
from groundswell.campaigns import operations as campaigns
from groundswell.campaigns import queries as records
from groundswell.deliveries.models import Dossier, HandOver, Proof
from groundswell.deliveries.writing.files import private
from groundswell.mailings.queries import house_sender
from groundswell.staff.operations import note

WAYS = ("in person", "by post", "by mail", "by web page")
ANSWERS = ("none", "reply", "refusal")
LARGEST = 20 * 1024 * 1024
"""Bytes of one proof."""
_WIDEST = 2400
"""Pixels of a picture's longer side, as it is kept."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What staff write down of a hand-over. The role is public, the note is not."""

    on: date
    how: str
    to_role: str
    place: str = ""
    answer: str = "none"
    answered_on: date | None = None
    answer_words: str = ""
    note: str = ""


def write_dossier(*, hand_over_id: int, delivered: Delivered, base_url: str, staff_id: int | None, now: datetime) -> str:
    """Write the dossier, or bring it up to date; returns its key. What is public of it goes onto the record at once:
    an entry for the hand-over, another for the answer; where something was put right, an entry that corrects the last one.
    """
    _check(delivered, now)
    with transaction.atomic():
        made = HandOver.objects.select_for_update().select_related("petition").get(pk=hand_over_id)
        if made.state != "made":
            raise Refused.because("not-made", "This hand-over is not finished.", "Make it again: it goes on as it was begun.")
        facts = {
            "delivered_on": delivered.on, "how": delivered.how, "to_role": delivered.to_role.strip(),
            "place": delivered.place.strip(), "answer": delivered.answer, "answered_on": delivered.answered_on,
            "answer_words": delivered.answer_words.strip(), "note": delivered.note.strip(), "changed_at": now,
        }  # fmt: skip
        dossier, new = Dossier.objects.update_or_create(
            hand_over=made, defaults=facts, create_defaults={**facts, "key": f"handed-over-{made.pk}", "entered_at": now}
        )
        _enter(dossier, made, base_url, now)
        about = f"petition {made.petition_id}, hand-over {made.pk}: {delivered.how}, answer {delivered.answer}"
        note(actor_id=staff_id, act="dossier" if new else "dossier changed", about=about, why=made.why or "dossier", now=now)
    return str(dossier.key)


def add_proof(
    *, hand_over_id: int, kind: str, title: str, content: bytes, public: bool, folder: Path, base_url: str, staff_id: int | None,
    now: datetime,
) -> int:  # fmt: skip
    """Keep a photo, a receipt or a letter. Pictures are drawn anew: place, time and camera that they carried are gone.

    The same file twice is one. Only pictures can be public. With the first proof the record says so, in a new entry.
    """
    dossier = Dossier.objects.select_related("hand_over__petition").filter(hand_over_id=hand_over_id).first()
    if dossier is None:
        raise Refused.because("dossier-missing", "There is no dossier yet.", "Say first when and how it was handed over.")
    if not title.strip():
        raise Refused.because(
            "proof-title", "The proof has no description.", "Say what it shows: readers who can't see it need it."
        )
    kept, ending = _kept(content)
    if public and ending == "pdf":
        raise Refused.because(
            "proof-public", "A PDF may hold names that can't be seen.", "Make a photo of it to show it, or keep it inside."
        )
    digest = hashlib.sha256(kept).hexdigest()
    name = f"{digest[:16]}.{ending}"
    place = folder / dossier.hand_over.folder / "proof"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place / f".{name}.{os.getpid()}"
    with private(half) as file:
        file.write(kept)
    half.replace(place / name)
    with transaction.atomic():
        proof, new = Proof.objects.get_or_create(
            dossier=dossier, sha256=digest,
            defaults={"kind": kind, "name": name, "title": title.strip()[:200], "public": public, "added_at": now},
        )  # fmt: skip
        if new:
            about = f"hand-over {hand_over_id}: {kind}, {'public' if public else 'kept inside'}"
            note(actor_id=staff_id, act="proof", about=about, why=title.strip()[:200], now=now)
            _enter(dossier, dossier.hand_over, base_url, now)
    return proof.pk


def _check(delivered: Delivered, now: datetime) -> None:
    problems = []
    if delivered.on > now.date():
        problems.append(Problem("dossier-future", "The day of the hand-over lies in the future.", "Correct the day."))
    if delivered.how not in WAYS:
        problems.append(Problem("dossier-how", "It is not said how it was handed over.", f"One of: {', '.join(WAYS)}."))
    if not delivered.to_role.strip():
        problems.append(Problem("dossier-role", "It is not said to whom.", "Name the office or role, such as “the front desk”."))
    elif "@" in delivered.to_role + delivered.place:
        problems.append(
            Problem("dossier-address", "An address can't stand in the public part.", "Name the office or role instead.")
        )
    if delivered.answer not in ANSWERS:
        problems.append(Problem("dossier-answer", "There is no such answer.", f"One of: {', '.join(ANSWERS)}."))
    elif (delivered.answer == "none") != (delivered.answered_on is None):
        problems.append(Problem("dossier-answered", "An answer and its day belong together.", "Give both, or neither."))
    if delivered.answered_on and not delivered.on <= delivered.answered_on <= now.date():
        problems.append(
            Problem("dossier-answered-day", "The answer’s day does not fit.", "It lies between the hand-over and today.")
        )
    if problems:
        raise Refused(*problems)


def _kept(content: bytes) -> tuple[bytes, str]:
    """The content as it is kept, and its kind: a picture without what the camera wrote into it, or a PDF as it came."""
    if len(content) > LARGEST:
        raise Refused.because("proof-large", "The file is larger than 20 MB.", "Make it smaller.")
    if content.startswith(b"%PDF-"):
        return content, "pdf"
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "HEIF")) as opened:
            opened.draft("RGB", (_WIDEST, _WIDEST))
            drawn = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, KeyError, Image.DecompressionBombError):
        raise Refused.because("proof-kind", "The file is neither a picture nor a PDF.", "Give a JPEG, PNG, WebP or PDF.") from None
    drawn.thumbnail((_WIDEST, _WIDEST))
    out = io.BytesIO()
    Image.frombytes("RGB", drawn.size, drawn.tobytes()).save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), "jpg"


def _enter(dossier: Dossier, made: HandOver, base_url: str, now: datetime) -> None:
    petition = actions.petition(ActionId(made.petition_id))
    target = records.campaign(petition.campaign_id, now.date()).target
    sender = house_sender()
    us = sender.organisation if sender else "Groundswell"
    words = (
        f"{made.total:,} signature{'s' if made.total != 1 else ''} under “{petition.title}” handed to {target} ({dossier.to_role})"
    )
    words += f" {dossier.how}{f', {dossier.place}' if dossier.place else ''}. {_versions(made)}"
    _append(dossier, "pressure", dossier.delivered_on, us, f"{made.total:,} signatures handed over", words, petition, base_url, now)
    if dossier.answer != "none" and dossier.answered_on:
        subject = "Answer to the signatures" if dossier.answer == "reply" else "The signatures were refused"
        said = dossier.answer_words or ("They answered." if dossier.answer == "reply" else "They did not take the signatures.")
        _append(dossier, "reply", dossier.answered_on, target, subject, said, petition, base_url, now)
    dossier.save(update_fields=["entries"])


def _append(
    dossier: Dossier, kind: str, dated: date, actor: str, subject: str, summary: str, petition: actions.PetitionView, base_url: str,
    now: datetime,
) -> None:  # fmt: skip
    before = [entry for entry in dossier.entries if entry["kind"] == kind]
    # Our own word for it until there is a photo, a receipt or their letter.
    certainty = "found" if dossier.proofs.exists() else "only the sender says so"
    fingerprint = hashlib.sha256(f"{dated}|{actor}|{subject}|{summary}|{certainty}".encode()).hexdigest()
    if before and before[-1]["fingerprint"] == fingerprint:
        return
    key = f"{dossier.key}-{kind}" + (f"-{len(before) + 1}" if before else "")
    us = house_sender()
    entry = {
        "key": key, "dated": dated.isoformat(), "precision": "day", "kind": kind, "actor": actor, "subject": subject[:300],
        "summary": summary, "wording": dossier.answer_words if kind == "reply" else "", "certainty": certainty, "note": "",
        "publisher": us.organisation if us else "Groundswell", "source_title": f"Dossier: {petition.title}"[:400],
        "source_url": f"{base_url}/d/{dossier.key}", "source_date": dated.isoformat(),
    }  # fmt: skip
    campaigns.enter(campaign_id=petition.campaign_id, entry=entry, corrects=before[-1]["key"] if before else "", now=now)
    dossier.entries = [*dossier.entries, {"kind": kind, "key": key, "fingerprint": fingerprint}]


def _versions(made: HandOver) -> str:
    counts = [f"{count:,} under text {number}" for number, count in made.per_version.items()]
    return f"{', '.join(counts)}. " * (len(counts) > 1) + f"The list’s SHA-256 is {made.list_sha256}."
