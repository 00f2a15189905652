"""The public door: published files, signatures into the journal, goodbyes. No Django, no database, no vault key.

GET changes nothing (mail scanners open every link); what changes something is a POST, and it is acknowledged only when
the journal has it on disk.
"""

import hashlib
import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from groundswell.basics.addresses import Address, parse
from groundswell.basics.clock import day_number
from groundswell.basics.result import Problem
from groundswell.basics.tokens import Link, open_delivery, open_link
from groundswell.intake.journal import Entry, JournalWriter
from groundswell.pages.door import forms
from groundswell.pages.door.answers import Answer, Request, seen_before
from groundswell.pages.door.config import DoorConfig

LARGEST_FORM = 64 * 1024
TOKEN_DAYS = 60
_SLUG = re.compile(r"/a/([a-z0-9-]{1,80})(/sign|/thanks|/count\.json)?/?")
_RECORD = re.compile(r"/record/([a-z0-9-]{1,80})(/record\.json)?/?")
_ASSET = re.compile(r"/assets/[0-9a-z]{8,64}\.(css|js)")
_OURS = ("/a/", "/u/", "/record/", "/assets/")
_PLACE = re.compile(r"%%(NAME|EMAIL|POSTCODE|SOURCE)%%")


def is_ours(path: str) -> bool:
    """True for what the door answers itself, also while the office is down."""
    return path == "/" or path.startswith(_OURS)


class Door:
    """Answers public requests. Holds no state but the open journal."""

    def __init__(self, config: DoorConfig, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.config = config
        self._tokens = config.tokens
        self._clock = clock
        self._journal = JournalWriter(config.journal, public_key=config.intake_public, key_id=config.intake_key_id)

    async def answer(self, request: Request) -> Answer:
        """The answer to one request."""
        path = request.path
        if found := _SLUG.fullmatch(path):
            return await self._action(request, found.group(1), found.group(2) or "")
        if path.startswith("/u/"):
            return await self._unsubscribe(request, path[3:].strip("/"))
        if not is_ours(path):
            return Answer(0, office=True)
        if request.method not in ("GET", "HEAD"):
            return self._other_method("GET, HEAD")
        if found := _RECORD.fullmatch(path):
            name = "record.json" if found.group(2) else "index.html"
            return self._file(request, f"record/{found.group(1)}/{name}")
        if _ASSET.fullmatch(path):
            return self._file(request, path[1:], cache="public, max-age=31536000, immutable")
        return self._file(request, "index.html") if path == "/" else self._not_here()

    async def _action(self, request: Request, slug: str, rest: str) -> Answer:
        folder = f"a/{slug}"
        if rest == "/sign":
            if request.method != "POST":
                return Answer(303, headers=[("location", f"/a/{slug}")])
            return await self._sign(request, slug)
        if request.method not in ("GET", "HEAD"):
            return self._other_method("GET, HEAD")
        if rest == "/count.json":
            return self._file(request, f"{folder}/count.json", cache="public, max-age=5")
        if rest == "/thanks":
            return self._file(request, f"{folder}/thanks.html")
        token = parse_qs(request.query).get("t", [""])[0]
        if token:
            link = self._link(slug, token)
            if link is not None:
                known = self._read(f"{folder}/recognised.html").decode()
                filled = known.replace("%%HINT%%", escape(masked(link.hint))).replace("%%TOKEN%%", escape(token))
                return Answer(200, filled.encode(), headers=[("cache-control", "no-store")])
        page = self._read(f"{folder}/index.html")
        if not page:
            return self._not_here()
        source = parse_qs(request.query).get("source", ["website"])[0]
        answer = Answer(200, _filled(page.decode(), {"source": source}).encode(), headers=[("cache-control", "no-cache")])
        return seen_before(request, answer)

    async def _sign(self, request: Request, slug: str) -> Answer:
        facts = self._facts(slug)
        if facts is None:
            return self._not_here()
        values = forms.fields(request.content_type, request.body)
        done = Answer(303, headers=[("location", f"/a/{slug}/thanks")])
        if values.get("website"):
            return done  # a field that no person sees was filled in: a robot, told nothing
        content: dict[str, Any] = {
            "kind": "sign", "action": facts["id"], "version": _version(values, facts), "at": self._clock().isoformat(),
            "language": facts["language"], "source": values.get("source", "website")[:80] or "website",
        }  # fmt: skip
        if values.get("t"):
            link = self._link(slug, values["t"])
            if link is None:
                return Answer(303, headers=[("location", f"/a/{slug}")])
            content["token"], identity = values["t"], f"delivery {link.delivery}"
        else:
            email = parse(values.get("email", ""))
            problems = _problems(email, values)
            if problems or isinstance(email, Problem):
                return self._try_again(slug, problems, values)
            # Another answer to "may we write to you?" is another entry, and so is one of a later hour: a "no" that comes
            # after a "yes" must arrive. It is one signature all the same, by its person.
            identity = f"{email.canonical}|{values['consent']}|{self._clock():%Y-%m-%dT%H}"
            content["fields"] = {name: values.get(name, "") for name in ("name", "email", "postcode", "country", "consent")}
            content["organisation"], content["wording"] = facts["organisation"], facts["wording"]
        # The same person pressing twice, or reloading, makes the same id, and an id is applied once.
        # The id is keyed: a bare hash of an address in a stolen table could be tried against a list of guesses.
        keyed = self._tokens.seal(b"entry", f"{facts['id']}|{identity}".encode())
        entry_id = UUID(bytes=hashlib.sha256(keyed).digest()[:16])
        return done if await self._journalled(Entry(entry_id, content)) else self._full()

    async def _unsubscribe(self, request: Request, token: str) -> Answer:
        if open_delivery(self._tokens, "unsubscribe", token) is None:
            return self._not_here()
        if request.method not in ("GET", "HEAD", "POST"):
            return self._other_method("GET, HEAD, POST")
        if request.method != "POST":
            form = f'<form method="post" action="/u/{escape(token)}"><button>Unsubscribe me</button></form>'
            return self._small(200, "Unsubscribe", "<p>One press, and no more letters come from us.</p>" + form)
        content = {"kind": "unsubscribe", "token": token, "at": self._clock().isoformat()}
        if not await self._journalled(Entry(uuid4(), content)):
            return self._full()
        return self._small(200, "Goodbye", "<p>You are unsubscribed. No more letters come from us.</p>")

    async def _journalled(self, entry: Entry) -> bool:
        try:
            await self._journal.accept(entry)
        except OSError:
            return False
        return True

    def _link(self, slug: str, token: str) -> Link | None:
        facts, link = self._facts(slug), open_link(self._tokens, token)
        if facts is None or link is None or link.action != facts["id"]:
            return None
        return link if day_number(self._clock()) - link.day <= TOKEN_DAYS else None

    def _facts(self, slug: str) -> dict[str, Any] | None:
        raw = self._read(f"a/{slug}/action.json")
        return json.loads(raw) if raw else None

    def _read(self, name: str) -> bytes:
        path = (self.config.published / name).resolve()
        if not path.is_relative_to(self.config.published.resolve()) or not path.is_file():
            return b""
        return path.read_bytes()

    def _file(self, request: Request, name: str, *, cache: str = "no-cache") -> Answer:
        packed = self._read(f"{name}.gz") if request.accepts_gzip else b""
        content = packed or self._read(name)
        if not content:
            return self._not_here()
        kind = mimetypes.guess_type(Path(name).name)[0] or "application/octet-stream"
        kind = f"{kind}; charset=utf-8" if kind.startswith(("text/", "application/json")) else kind
        headers = [("cache-control", cache), ("vary", "accept-encoding")]
        answer = Answer(200, content, kind, headers + ([("content-encoding", "gzip")] if packed else []))
        return seen_before(request, answer)

    def _try_again(self, slug: str, problems: list[tuple[str, str]], values: dict[str, str]) -> Answer:
        page = self._read(f"a/{slug}/form-error.html").decode()
        lines = "".join(f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text in problems)
        box = f'<div class="errors" role="alert"><p><strong>Not signed yet:</strong></p><ul>{lines}</ul></div>'
        page = page.replace("<title>", "<title>Not signed yet: ", 1).replace("%%ERRORS%%", box)
        for name, _ in problems:
            page = page.replace(f' id="{name}"', f' id="{name}" aria-invalid="true"', 1)
        # Only values that the page itself offers find their place; anything else a browser sent changes nothing.
        country, consent = escape(values.get("country", "")), escape(values.get("consent", ""))
        page = page.replace(f'<option value="{country}">', f'<option value="{country}" selected>', 1)
        page = page.replace(f'name="consent" value="{consent}"', f'name="consent" value="{consent}" checked', 1)
        return Answer(422, _filled(page, values).encode(), headers=[("cache-control", "no-store")])

    def _small(self, status: int, title: str, body: str) -> Answer:
        style = next(iter(sorted((self.config.published / "assets").glob("*.css"))), None)
        sheet = f'<link rel="stylesheet" href="/assets/{style.name}">' if style else ""
        page = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{sheet}</head><body>'
            f'<header class="top"><strong>{escape(self.config.organisation)}</strong></header>'
            f'<main id="main" class="one"><div><h1>{title}</h1>{body}</div></main></body></html>\n'
        )
        return Answer(status, page.encode(), headers=[("cache-control", "no-store")])

    def _not_here(self) -> Answer:
        return self._small(404, "Nothing here", "<p>This address leads nowhere, or no longer.</p>")

    def _other_method(self, allowed: str) -> Answer:
        answer = self._small(405, "Not like this", "<p>This address is there to be read.</p>")
        answer.headers.append(("allow", allowed))
        return answer

    def _full(self) -> Answer:
        text = "<p>We could not keep what you sent. Please go back and try again in a minute: nothing of it is lost.</p>"
        return self._small(503, "Not just now", text)

    def away(self) -> Answer:
        """The office does not answer."""
        return self._small(502, "Back soon", "<p>This part of the site is being restarted. Petitions stay open.</p>")

    def too_large(self) -> Answer:
        """A form of more than 64 KB."""
        return self._small(413, "Too much", "<p>The form is larger than anything we ask for.</p>")


def masked(hint: str) -> str:
    """`A… at e…` from a token's hint (name, address, domain): enough to know oneself, useless to anyone else."""
    if len(hint) < 3:
        return "the reader of this letter"
    return f"{hint[0]}… ({hint[1]}… at {hint[2]}…)" if hint[0].strip() else f"{hint[1]}… at {hint[2]}…"


def _problems(email: Address | Problem, values: dict[str, str]) -> list[tuple[str, str]]:
    problems = []
    if isinstance(email, Problem):
        problems.append(("email", str(email)))
    if values.get("consent") not in ("yes", "no"):
        problems.append(("consent", "Please say whether we may write to you: yes or no."))
    return problems


def _version(values: Mapping[str, str], facts: Mapping[str, Any]) -> int:
    """The version of the text that stood above the button that was pressed; the newest where the form names none."""
    shown, newest = values.get("text_version", ""), int(facts["version"])
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 9 and 1 <= int(shown) <= newest else newest


def _filled(page: str, values: Mapping[str, str]) -> str:
    """The page with the values in their places, in one pass: a value that looks like a place stays a value."""
    return _PLACE.sub(lambda place: escape(values.get(place.group(1).lower(), "")), page)
