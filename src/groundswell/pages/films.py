"""Videos of our own: uploaded by staff, put beside the pages without what a camera wrote into them, played from our own host."""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

from groundswell.basics.result import Refused
from groundswell.pages.bare import bare, readable

_LOG = logging.getLogger(__name__)
_MANNER = "bare 1"
"""How films are cleared: another way of doing it gives them other names, so that they are made anew."""
FILMS = (".mp4", ".webm")
CAPTIONS = ".vtt"


def published_name(document: Any) -> str:
    """Where an uploaded file lies once it is published; another file has another name."""
    suffix, told = PurePosixPath(document.filename).suffix.lower(), document.get_file_hash()
    if suffix in FILMS:
        told = hashlib.sha256(f"{told} {_MANNER}".encode()).hexdigest()
    return f"assets/{told[:16]}{suffix}"


def unreadable(document: Any) -> str:
    """Why this film can't be shown, and what would mend it; empty where it can."""
    try:
        readable(Path(document.file.path), suffix=PurePosixPath(document.filename).suffix.lower())
    except Refused as refused:
        return str(refused)
    return ""


def markup(value: Mapping[str, Any], language: str) -> str:
    """The player, with captions for who can't hear it. Nothing of the film is loaded before somebody presses play."""
    film, captions = published_name(value["file"]), published_name(value["captions"])
    kind = "video/webm" if film.endswith(".webm") else "video/mp4"
    return (
        f'<figure><video controls preload="none" width="1280" height="720" aria-label="{escape(value["title"])}">'
        f'<source src="/{film}" type="{kind}">'
        f'<track kind="captions" src="/{captions}" srclang="{escape(language)}" label="{escape(language)}" default></video>'
        f"<figcaption>{escape(value['title'])}</figcaption></figure>"
    )


def films_of(body: Any) -> Iterator[tuple[str, Path]]:
    """Published name and uploaded file of every video (and its captions) in a page's blocks."""
    for block in body:
        if block.block_type == "video" and block.value.get("file"):
            for document in (block.value["file"], block.value["captions"]):
                yield published_name(document), Path(document.file.path)


def place(folder: Path, films: Iterator[tuple[str, Path]]) -> list[Path]:
    """Put them below `folder`, where they are not yet; returns what is new.

    A film is a copy without what its camera wrote beside the picture (`bare`); one that can't be read through stays out, and the
    log says so. Captions are the same bytes on the disk.
    """
    placed = []
    for name, source in films:
        path = folder / name
        if path.is_file() or not source.is_file():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
        fresh.unlink(missing_ok=True)
        try:
            _put(source, fresh)
        except Refused as refused:
            fresh.unlink(missing_ok=True)
            _LOG.error("%s is not shown: %s", name, refused)
            continue
        fresh.replace(path)
        placed.append(path)
    return placed


def _put(source: Path, fresh: Path) -> None:
    if source.suffix.lower() in FILMS:
        shutil.copyfile(source, fresh)
        bare(fresh, suffix=source.suffix.lower())
        return
    try:
        os.link(source, fresh)
    except OSError:
        shutil.copy2(source, fresh)
