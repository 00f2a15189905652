"""Pictures that a letter carries in itself: made small, without what a camera wrote into them, named by the author."""

import io
import warnings
from datetime import datetime

from django.utils.text import slugify
from PIL import Image, ImageOps

from groundswell.basics.ids import MailingId
from groundswell.basics.result import Refused
from groundswell.engine.compile.pictures import LARGEST
from groundswell.engine.message import Picture
from groundswell.mailings.models import LetterPicture, Mailing

WIDEST = 1200
"""Points: twice the width of a letter, for fine screens."""
UPLOADED = 20_000_000
"""Bytes at most of what is uploaded; what the letter carries is far smaller."""


def keep_picture(*, mailing_id: MailingId, name: str, content: bytes, now: datetime) -> str:
    """A picture for this mailing, or another one of the same name; returns the name, which its appeal writes as `cid:name`.

    `Refused` where it is no picture, or too large however it is made.
    """
    name = slugify(name)[:50]
    if not name:
        raise Refused.because("picture-name", "The picture has no name.", "Give it a short one.")
    if Mailing.objects.filter(pk=mailing_id).exclude(letter_id=None).exists():
        raise Refused.because("mailing-started", "This mailing has begun.", "Its letter keeps the pictures it has.")
    kind, data = _made_small(content)
    facts = {"content_type": kind, "data": data, "changed_at": now}
    LetterPicture.objects.update_or_create(mailing_id=mailing_id, name=name, defaults=facts)
    return name


def drop_picture(*, mailing_id: MailingId, name: str) -> bool:
    """The draft carries it no more. False where there was none."""
    return bool(LetterPicture.objects.filter(mailing_id=mailing_id, name=name).delete()[0])


def pictures_of(mailing_id: int) -> dict[str, Picture]:
    """Every picture of a mailing, by its name, as a letter takes it."""
    rows = LetterPicture.objects.filter(mailing_id=mailing_id).values_list("name", "content_type", "data")
    return {name: Picture(name, kind, bytes(data)) for name, kind, data in rows}


def _made_small(content: bytes) -> tuple[str, bytes]:
    if len(content) > UPLOADED:
        raise Refused.because("picture-too-large", "The picture has over 20 MB.", "Make it smaller first.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
                points = ImageOps.exif_transpose(opened).convert("RGBA" if opened.mode in ("RGBA", "LA", "P") else "RGB")
    except Exception:  # noqa: BLE001 (a broken picture makes the library raise nearly anything)
        raise Refused.because("picture-kind", "That is no picture that mail shows.", "Choose a PNG, JPEG, GIF or WebP.") from None
    points.thumbnail((WIDEST, WIDEST * 3))
    # Only the points go on: what stood beside them (place, owner, camera) does not.
    bare = Image.new(points.mode, points.size)
    bare.paste(points)
    clear = bare.mode == "RGBA" and any(bare.getchannel("A").histogram()[:255])
    if clear:
        made = _saved(bare, "PNG")
        if len(made) <= LARGEST:
            return "image/png", made
    for quality in (85, 70, 50):
        made = _saved(bare.convert("RGB"), "JPEG", quality)
        if len(made) <= LARGEST:
            return "image/jpeg", made
    raise Refused.because("picture-too-large", "The picture stays over 500 KB.", "Choose a simpler one.")


def _saved(image: Image.Image, kind: str, quality: int = 85) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **({"quality": quality, "progressive": True} if kind == "JPEG" else {}), optimize=True)
    return out.getvalue()
