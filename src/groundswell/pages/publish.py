"""Published pages: rendered once to files, served without Django or database. Everything from people is escaped here."""

import gzip
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from groundswell.pages.masthead import House
from groundswell.pages.petition.files import count_file, petition_files
from groundswell.pages.shell import document, style

__all__ = ["count_file", "page", "petition_files", "write_files"]
STYLE_NAME, _STYLE = style()
STYLE_FILE = {STYLE_NAME: _STYLE}


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files below `folder`, each whole or not at all, with its compressed twin where that pays."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = path.with_name(path.name + ".gz")
        changed = _put(path, content)
        if path.suffix in (".html", ".css") and (changed or not packed.exists()):
            _put(packed, gzip.compress(content, mtime=0))


def _put(path: Path, content: bytes) -> bool:
    """True where the file changed: most of what is published again is as it was."""
    if path.is_file() and path.read_bytes() == content:
        return False
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
    return True


def page(title: str, body: str, house: House, language: str = "en") -> bytes:
    """A small page of the door's own: a goodbye, an error."""
    return _page(title, f'<main id="main" class="one"><div>{body}</div></main>', house, language)


def _page(title: str, body: str, house: House, language: str) -> bytes:
    return document(title=title, body=body, house=house, language=language)
