"""The public door: published files, signatures into the journal, goodbyes. No Django, no database, no vault key.

GET changes nothing (mail scanners open every link); what changes something is a POST, and it is acknowledged only when
the journal has it on disk.
"""

import mimetypes
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePosixPath

from groundswell.intake.journal import JournalWriter
from groundswell.pages.door import films
from groundswell.pages.door.answers import Answer, Request, see_other, seen_before, tagged
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.door.confirming import Confirming
from groundswell.pages.door.giving_up import GivingUp
from groundswell.pages.door.guard import Networks
from groundswell.pages.door.handed_over import HandedOver
from groundswell.pages.door.own import Own
from groundswell.pages.door.photos import LARGEST_REQUEST, Photos
from groundswell.pages.door.shelf import Shelf
from groundswell.pages.door.signing import Signing, masked
from groundswell.pages.door.small import SmallPages

__all__ = ["LARGEST_FORM", "Door", "Request", "is_ours", "largest", "masked"]
LARGEST_FORM = 64 * 1024
_SLUG = re.compile(
    r"/a/([a-z0-9-]{1,80})(/sign|/photo|/give-up|/thanks|/confirm|/embed|/embed\.js|/embed\.css|/count\.json|/event\.ics)?/?"
)
_RECORD = re.compile(
    r"/record/[a-z0-9-]{1,80}(?P<rest>(?:/e/[a-z0-9-]{1,120}|/by/[a-z0-9-]{1,80}(?:/kind/[a-z]{1,20})?|/kind/[a-z]{1,20})?)/?"
)
_RECORD_FILE = re.compile(r"/record/[a-z0-9-]{1,80}/(record\.json|record\.schema\.json|record\.csv|feed\.atom|chart\.svg)")
_KINDS = {
    ".atom": "application/atom+xml",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".json": "application/json",
    ".vtt": "text/vtt",
    ".ics": "text/calendar",
}
_ASSET = re.compile(r"/assets/[0-9a-z]{8,64}\.(css|js|png|jpg|svg|woff2|vtt)")
_PHOTO = re.compile(r"/a/([a-z0-9-]{1,80})/(photos/[a-z2-7]{26}[0-9]{1,3}\.jpg)")
_SENDS_PHOTO = re.compile(r"/a/[a-z0-9-]{1,80}/photo")
_DOSSIER = re.compile(r"/d/([a-z0-9-]{1,120})(?:/([0-9a-f]{16}\.jpg))?/?")
_OURS = ("/a/", "/u/", "/h/", "/d/", "/record/", "/assets/")
OWN_DATA = "/m/open"
"""Reading one's own data needs the vault, which the door lacks: this address goes on to the office's process."""
_SHARES = re.compile(r"/m/[A-Za-z2-7]{1,80}/shares")
"""What came of one's own link is counted in the database: so does this one."""
_FOREVER = "public, max-age=31536000, immutable"


def is_ours(path: str) -> bool:
    """True for what the door answers itself, also while the office is down."""
    if path.startswith("/m/"):
        return path != OWN_DATA and _SHARES.fullmatch(path) is None
    return path == "/" or path.startswith(_OURS)


def largest(path: str) -> int:
    """Bytes that a request to this address of ours may bring."""
    return LARGEST_REQUEST if path.endswith("/photo") and _SENDS_PHOTO.fullmatch(path) else LARGEST_FORM


class Door:
    """Answers public requests. Holds no state but the open journal and copies of published files."""

    def __init__(self, config: DoorConfig, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.config = config
        self._tokens = config.tokens
        self._clock = clock
        self._journal = JournalWriter(
            config.journal, public_key=config.intake_public, key_id=config.intake_key_id, rotate_seconds=600
        )
        self._shelf = Shelf(config.published)
        self.small = SmallPages(config.published, config.organisation)
        self._signing = Signing(
            shelf=self._shelf, small=self.small, journal=self._journal, tokens=self._tokens, entry_key=config.entry_key,
            clock=clock, processes=config.processes,
        )  # fmt: skip
        self._own = Own(small=self.small, journal=self._journal, tokens=self._tokens, clock=clock)
        self._confirming = Confirming(
            shelf=self._shelf, small=self.small, journal=self._journal, signing=self._signing, clock=clock
        )
        self._giving_up = GivingUp(small=self.small, journal=self._journal, signing=self._signing, clock=clock)
        self._photos = Photos(config.journal, config.intake_public, config.intake_key_id)
        self.networks = Networks(config.journal)

        self._handed_over = HandedOver(published=config.published, small=self.small, tokens=self._tokens, clock=clock)

    async def answer(self, request: Request) -> Answer:
        """The answer to one request."""
        path = request.path
        if found := _SLUG.fullmatch(path):
            return await self._action(request, found.group(1), found.group(2) or "")
        if path.startswith("/u/"):
            return await self._own.unsubscribe(request, path[3:].strip("/"))
        if path.startswith("/m/") and is_ours(path):
            return await self._own.mine(request, path[3:].strip("/"))
        if path.startswith("/h/"):
            return self._handed_over.answer(request)
        if not is_ours(path):
            return Answer(0, office=True)
        if request.method not in ("GET", "HEAD"):
            return self.small.other_method("GET, HEAD")
        if found := _RECORD.fullmatch(path):
            # A page below the record is a file of its own; the record itself is its folder's.
            return self._file(request, path.strip("/") + (".html" if found.group("rest") else "/index.html"))
        if _RECORD_FILE.fullmatch(path):
            return self._file(request, path[1:])
        if found := _PHOTO.fullmatch(path):
            # Not for ever: whoever is in it may take it back.
            return self._file(request, path[1:], cache="public, max-age=300")
        if found := _DOSSIER.fullmatch(path):
            return self._file(request, f"d/{found.group(1)}/{found.group(2) or 'index.html'}")
        if films.PATH.fullmatch(path):
            return films.film(self.config.published, request) or self.small.not_here(request.languages)
        if _ASSET.fullmatch(path):
            return self._file(request, path[1:], cache=_FOREVER)
        return self._file(request, "index.html") if path == "/" else self.small.not_here(request.languages)

    async def _action(self, request: Request, slug: str, rest: str) -> Answer:
        if rest == "/sign":
            if request.method != "POST":
                return see_other(f"/a/{slug}")
            return await self._signing.sign(request, slug)
        if rest == "/give-up":
            return await self._giving_up.answer(request, slug)
        if rest == "/photo":
            return await self._photo(request, slug)
        if rest == "/confirm":
            return await self._confirming.answer(request, slug)
        if request.method not in ("GET", "HEAD"):
            return self.small.other_method("GET, HEAD")
        if rest == "/count.json":
            # Of two doors that looked at different moments, the second would let a count go back.
            return self._file(request, f"a/{slug}/count.json", cache="public, max-age=5", at_once=True)
        if rest == "/event.ics":
            return self._file(request, f"a/{slug}/event.ics")
        if rest == "/embed.js":
            return self._file(request, f"a/{slug}/embed.js", cache="public, max-age=300", framed=True)
        if rest == "/embed.css":
            return self._signing.look(request, slug)
        if rest == "/embed":
            return self._signing.page(request, slug, embedded=True)
        if rest == "/thanks":
            return self._signing.thanks(request, slug)
        return self._signing.page(request, slug)

    async def _photo(self, request: Request, slug: str) -> Answer:
        facts = self._signing.facts(slug)
        if facts is None or not (facts.get("act") or {}).get("photo"):
            return self.small.not_here()
        if request.method != "POST":
            return see_other(f"/a/{slug}")
        return await self._signing.sign(request, slug, self._photos.upload(request.content_type, request.body, facts))

    def _file(self, request: Request, name: str, *, cache: str = "no-cache", framed: bool = False, at_once: bool = False) -> Answer:
        sheet = self._shelf.sheet(name, at_once=at_once)
        if sheet is None or not sheet.content:
            return self.small.not_here()
        packed = request.accepts_gzip and bool(sheet.packed)
        answer: Answer | None = sheet.made.get(packed)
        if answer is None:
            kind = _KINDS.get(PurePosixPath(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
            kind = f"{kind}; charset=utf-8" if kind.startswith(("text/", "application/json")) else kind
            headers = [("cache-control", cache), ("vary", "accept-encoding"), *([("content-encoding", "gzip")] if packed else [])]
            answer = tagged(Answer(200, sheet.packed if packed else sheet.content, kind, headers, framed=framed))
            sheet.made[packed] = answer
        return seen_before(request, answer)

    def away(self) -> Answer:
        """The office does not answer."""
        return self.small.away()

    def too_large(self) -> Answer:
        """A form of more than 64 KB."""
        return self.small.too_large()

    def close(self) -> None:
        """End the journal in order, so that the worker may delete it once it is applied."""
        self._journal.close()
