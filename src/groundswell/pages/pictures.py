"""Pictures that staff uploaded, made small and plain for a page of ours: no metadata, our own host, a name by their bytes."""

import hashlib
import io
from functools import lru_cache
from typing import Any

from PIL import Image

from groundswell.pages.petition.look import Picture


def picture(image: Any, alt: str, *, shape: str = "max-1200x1200") -> tuple[Picture, dict[str, bytes]]:
    """The picture as a page shows it, and its file.

    Wagtail's own copies keep what a camera wrote beside the picture (place, owner), so the points alone are saved anew.
    """
    made = image.get_rendition(f"{shape}|format-jpeg|jpegquality-90")
    content = _bare(made.file.path)
    path = f"assets/{hashlib.sha256(content).hexdigest()[:16]}.jpg"
    return Picture(path, alt, made.width, made.height), {path: content}


@lru_cache(maxsize=64)
def _bare(path: str) -> bytes:
    """The points of the copy at `path`, which is never written twice: a page is published every few seconds, its picture once."""
    with Image.open(path) as shown:
        points = shown.convert("RGB")
    bare = Image.new("RGB", points.size)
    bare.paste(points)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=78, optimize=True, progressive=True)
    return out.getvalue()
