"""Videos without what a camera writes beside the picture: where it was taken, when, and with what. Pure but for the file.

Nothing is moved: what must go is overwritten where it stands, so every offset in the file stays right. The picture and the sound
are not touched; what an encoder writes into the stream itself stays there.
"""

from collections.abc import Sequence
from pathlib import Path

from groundswell.basics.result import Refused
from groundswell.pages.bare import mp4, webm
from groundswell.pages.bare.patches import Patch, Unreadable

_CHUNK = 1 << 20
_READERS = {".mp4": mp4.patches, ".webm": webm.patches}


def bare(path: Path, *, suffix: str) -> int:
    """Overwrite in `path` whatever says where, when and with what it was filmed; returns how many places that were.

    `Refused` where the file can't be read through: then nothing was changed, and it must not be shown.
    """
    found = _read(path, suffix)
    with path.open("r+b") as file:
        for patch in found:
            file.seek(patch.at)
            file.write(patch.content)
            left = patch.zeros
            while left > 0:
                file.write(bytes(min(left, _CHUNK)))
                left -= _CHUNK
    return len(found)


def readable(path: Path, *, suffix: str) -> None:
    """`Refused`, with what would mend it, where `bare` could not read this file."""
    _read(path, suffix)


def _read(path: Path, suffix: str) -> Sequence[Patch]:
    try:
        with path.open("rb") as file:
            return _READERS[suffix](file, path.stat().st_size)
    except (Unreadable, OSError, KeyError) as error:
        why = str(error) if isinstance(error, Unreadable) else "it can't be opened"
        raise Refused.because(
            "film-unreadable", f"This video can't be cleared of what the camera wrote beside it: {why}.",
            "Save it anew with a video program, as MP4 or WebM, and upload that.",
        ) from None  # fmt: skip
