"""The door's part of a hand-over: a signed link for the target until a day, and public dossiers. Nothing is counted."""

import mimetypes
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from groundswell.basics.tokens import TokenKeys, open_page
from groundswell.pages.door.answers import Answer, Request
from groundswell.pages.door.small import SmallPages

_PATH = re.compile(r"/h/([A-Za-z0-9_-]{40,120})(?:/([a-z0-9][a-z0-9.-]{0,120})?)?")
_HEADERS = (("cache-control", "private, no-store"), ("x-robots-tag", "noindex, nofollow"))


class HandedOver:
    """Opens the folder that a link names, as long as it may."""

    def __init__(self, *, published: Path, small: SmallPages, tokens: TokenKeys, clock: Callable[[], datetime]) -> None:
        self._folder, self._small, self._tokens, self._clock = published / "h", small, tokens, clock

    def answer(self, request: Request) -> Answer:
        """The page, one of its files, or a word that the link has ended. A foreign link says nothing at all."""
        if request.method not in ("GET", "HEAD"):
            return self._small.other_method("GET, HEAD")
        found = _PATH.fullmatch(request.path)
        opened = open_page(self._tokens, found[1]) if found else None
        if found is None or opened is None:
            return self._small.not_here()
        key, until = opened
        folder = self._folder / key.hex()
        if self._clock().timestamp() >= until or not folder.is_dir():
            text = "<p>This link was made for a time, and the time is over. Ask us for another one.</p>"
            return self._small.page(410, "This link has ended", text)
        if found[2] is None and not request.path.endswith("/"):  # the files' addresses are relative to the link
            return Answer(308, headers=[("location", f"/h/{found[1]}/"), *_HEADERS])
        path = folder / (found[2] or "index.html")
        if not path.is_file():
            return self._small.not_here()
        kind = "text/html; charset=utf-8" if not found[2] else mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        headers = list(_HEADERS)
        if found[2]:
            headers.append(("content-disposition", f'attachment; filename="{path.name}"'))
        return Answer(200, b"", kind, headers, file=path)
