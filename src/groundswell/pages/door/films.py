"""Videos, from the disk and piece by piece: phones ask for a few bytes first, and go on from where they were."""

import re
from pathlib import Path

from groundswell.pages.door.answers import Answer, Request

PATH = re.compile(r"/assets/[0-9a-f]{16}\.(mp4|webm)")
_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_FOREVER = ("cache-control", "public, max-age=31536000, immutable")


def film(published: Path, request: Request) -> Answer | None:
    """The file, or the part of it that is asked for (RFC 9110 14.2); None where there is none."""
    path = published / request.path[1:]
    if not path.is_file():
        return None
    size, kind = path.stat().st_size, f"video/{path.suffix[1:]}"
    headers = [_FOREVER, ("accept-ranges", "bytes")]
    found = _ONE.fullmatch(request.span.strip())
    if found is None or not any(found.groups()):
        return Answer(200, b"", kind, [*headers, ("content-length", str(size))], file=path)  # several ranges: all of it
    first, last = found.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if begin >= min(end, size):
        return Answer(416, b"", kind, [("content-range", f"bytes */{size}")])
    told = [("content-range", f"bytes {begin}-{end - 1}/{size}"), ("content-length", str(end - begin))]
    return Answer(206, b"", kind, [*headers, *told], file=path, span=(begin, end))
