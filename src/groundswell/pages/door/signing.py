"""Signing at the door: the form read, judged, sealed into the journal, and only then acknowledged."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from html import escape
from typing import Any
from uuid import UUID

from groundswell.actions.rules import LONGEST_REASON, share_code, shows
from groundswell.basics.addresses import Address, parse, suggest
from groundswell.basics.clock import day_number
from groundswell.basics.result import Problem
from groundswell.basics.tokens import Link, TokenKeys, open_link, seal_link
from groundswell.intake.journal import Entry, JournalWriter
from groundswell.pages.door import acting, forms, looks
from groundswell.pages.door.answers import Answer, Request, see_other, seen_before, tagged
from groundswell.pages.door.guard import Guard
from groundswell.pages.door.photos import Upload
from groundswell.pages.door.shelf import Sheet, Shelf
from groundswell.pages.door.small import SmallPages
from groundswell.people.phones import is_number

TOKEN_DAYS = 60
ASKED = ("name", "email", "postcode", "country", "phone", "consent")
_PLACE = re.compile(r"%%(NAME|EMAIL|POSTCODE|PHONE|SOURCE|REASON|R|STAMP|PARTNER|SUBJECT|LETTER|NOTE)%%")
_CODE = re.compile(r"[\w-]{12}", re.ASCII)
_REMADE = 10.0
"""Seconds after which the page that nearly everybody gets is made anew, for the time it was handed out at."""


class Signing:
    """Petition pages and the signatures that come from them."""

    def __init__(
        self, *, shelf: Shelf, small: SmallPages, journal: JournalWriter, tokens: TokenKeys, entry_key: bytes,
        clock: Callable[[], datetime], processes: int,
    ) -> None:  # fmt: skip
        self._shelf, self._small, self._journal, self._tokens = shelf, small, journal, tokens
        self._entry_key, self._clock = entry_key, clock
        self.guard = Guard(entry_key, journal.folder / "guard", clock=clock, processes=processes)

    def page(self, request: Request, slug: str, *, embedded: bool = False) -> Answer:
        """The petition: one button for who came by a letter, the form for everyone else; in a frame, only ever the form."""
        token = forms.query_value(request.query, "t")
        if token and not embedded:
            link = self.link(slug, token)
            known = self._shelf.sheet(f"a/{slug}/recognised.html")
            if link is not None and known is not None:
                hint = escape(masked(link.hint, (self.facts(slug) or {}).get("words")))
                filled = known.content.decode().replace("%%HINT%%", hint).replace("%%TOKEN%%", escape(token))
                filled = _filled(filled.replace("%%ERRORS%%", ""), acting.placed(self.facts(slug) or {}, {}))
                return Answer(200, filled.encode(), headers=[("cache-control", "no-store")])
        sheet, facts = self._shelf.sheet(f"a/{slug}/{'embed' if embedded else 'index'}.html"), self.facts(slug)
        if sheet is None or facts is None:
            return self._small.not_here()
        source, code = forms.query_value(request.query, "source")[:80] or "website", forms.query_value(request.query, "r")
        if embedded:
            page = self._form_page(sheet, facts, {"source": source})
            return Answer(200, looks.dressed(page.body, slug, request.query), headers=page.headers, framed=True)
        if source != "website" or code or self.guard.raised(facts["id"]):
            return self._form_page(sheet, facts, {"source": source, "r": code if _CODE.fullmatch(code) else ""})
        # What nearly everybody is shown is made once for each text and count, and every few seconds for its stamp.
        at = self._clock().timestamp()
        made: tuple[float, Answer] | None = sheet.made.get("page")
        if made is None or not 0 <= at - made[0] < _REMADE:
            made = sheet.made["page"] = (at, tagged(self._form_page(sheet, facts, {"source": source})))
        return seen_before(request, made[1])

    def look(self, request: Request, slug: str) -> Answer:
        """The embedded form's colours and letters as the other site asked for them: the same words, the same sheet."""
        facts, wanted = self.facts(slug), looks.asked(request.query)
        if facts is None or not wanted.query:
            return self._small.not_here(request.languages)
        content, cached = looks.sheet(wanted, facts.get("deep", "#8a1c3b")), ("cache-control", "public, max-age=86400")
        return seen_before(request, tagged(Answer(200, content, "text/css; charset=utf-8", [cached])))

    def thanks(self, request: Request, slug: str) -> Answer:
        """After signing: the sharer's own code stands in every way to pass it on."""
        facts, code = self.facts(slug), forms.query_value(request.query, "r")
        if not _CODE.fullmatch(code):
            code = ""
        which = base64.urlsafe_b64decode(code)[0] % max(1, facts["shares"]) if facts and code else 0
        sheet = self._shelf.sheet(f"a/{slug}/thanks-{which}.html")
        if sheet is None:
            return self._small.not_here()
        token = forms.query_value(request.query, "t")
        onward = f"?t={token}" if facts and facts.get("next") and token and self.link(facts["next"], token) else ""
        content = sheet.content.replace(b"%%SHARE%%", code.encode()).replace(b"%%NEXT%%", escape(onward).encode())
        if onward:
            return Answer(200, content, headers=[("cache-control", "no-store")])
        return seen_before(request, tagged(Answer(200, content, headers=[("cache-control", "no-cache")])))

    async def sign(self, request: Request, slug: str, photo: Upload | None = None) -> Answer:
        """A posted form: 303 once it is on the disk, 422 with everything kept where something is missing."""
        facts = self.facts(slug)
        if facts is None:
            return self._small.not_here()
        values = forms.fields(request.content_type, request.body)
        if values.get("website"):
            return see_other(f"/a/{slug}/thanks")  # a field that no person sees was filled in: a robot, told nothing
        if facts.get("closed"):
            return see_other(f"/a/{slug}")
        now = self._clock()
        deed = acting.read(facts, values, by_letter=bool(values.get("t")))
        missing = [*deed.problems, *(photo.problems if photo else ())]
        content: dict[str, Any] = {
            "kind": "sign", "action": facts["id"], "version": _version(values, facts), "at": now.isoformat(),
            "language": facts["language"], "source": values.get("source", "website")[:80] or "website",
            "shows": shows(anonymous=values.get("anonymous") == "yes"), "reason": values.get("reason", "")[:LONGEST_REASON],
        }  # fmt: skip
        onward = ""
        if values.get("t"):
            link = self.link(slug, values["t"])
            if link is None:
                return see_other(f"/a/{slug}")
            if missing:
                return self._ask_again(slug, facts, missing, values, link)
            # An id per minute, not per letter: whoever took their name back can sign again through the same link.
            content["token"], identity, domain = values["t"], f"delivery {link.delivery}|{content['at'][:16]}", ""
            onward = self._onward(facts, link)
            if deed.content.get("own") and (facts.get("act") or {}).get("confirm"):
                # A letter may have been passed on: words of their own go out in somebody's name only once they said so themselves.
                content["confirm"] = True
        else:
            email = parse(values.get("email", ""))
            problems = [*missing, *_problems(email, values, facts["words"])]
            if problems or isinstance(email, Problem):
                return self._try_again(slug, facts, problems, values)
            # Another answer to "may we write to you?" is another entry, and so is one of a later minute: a "no" that comes
            # after a "yes" must arrive, and so must a name given again. It is one signature all the same, by its person.
            identity, domain = f"{email.canonical}|{values['consent']}|{content['at'][:16]}", email.domain
            content["fields"] = {name: values[name] for name in ASKED if values.get(name)}
            content["organisation"], content["wording"] = facts["organisation"], facts["wording"]
            identity += _agreed(content, facts, values)
        self._mark(content, request, values, domain)
        if deed.content:
            content["deed"] = deed.content
        if photo:
            content["photo"] = photo
        return await self._take(facts, slug, content, identity + deed.identity, onward)

    async def _take(self, facts: Mapping[str, Any], slug: str, content: dict[str, Any], identity: str, onward: str) -> Answer:
        """Into the journal (a photo to the disk before it), then the answer."""
        try:
            if "photo" in content:
                content["photo"] = await content["photo"].keep()
            entry = Entry(self.entry_id(content["action"], identity + ("|held" if "held" in content else "")), content)
            await self._journal.accept(entry)
        except OSError:
            return self._small.full(facts["language"])
        return see_other(f"/a/{slug}/confirm" if "confirm" in content else f"/a/{slug}/thanks?r={share_code(entry.id)}{onward}")

    def facts(self, slug: str) -> dict[str, Any] | None:
        """What the door knows of an action; None where there is none."""
        sheet = self._shelf.sheet(f"a/{slug}/action.json")
        return sheet.facts() if sheet else None

    def link(self, slug: str, token: str) -> Link | None:
        """The link of a letter, where it is for this action and not older than its days."""
        facts, link = self.facts(slug), open_link(self._tokens, token)
        if facts is None or link is None or link.action != facts["id"]:
            return None
        return link if day_number(self._clock()) - link.day <= TOKEN_DAYS else None

    def _onward(self, facts: Mapping[str, Any], link: Link) -> str:
        """The next action keeps its one button: the letter's reader is the same, and the link ends on the same day."""
        following = self.facts(facts["next"]) if facts.get("next") else None
        if following is None:
            return ""
        return f"&t={seal_link(self._tokens, Link(link.delivery, following['id'], link.day, 'next', link.hint))}"

    def _mark(self, content: dict[str, Any], request: Request, values: Mapping[str, str], domain: str) -> None:
        """Note beside the signature what the worker and the staff need: who brought them, and why they doubt."""
        if _CODE.fullmatch(values.get("r", "")):
            content["referrer"] = values["r"]
        if request.network:
            content["network"] = request.network.hex()
        doubt = self.guard.doubt(
            action=content["action"], network=request.network, values=values, domain=domain, by_letter="token" in content
        )
        if doubt:
            content["held"] = doubt

    def entry_id(self, action: int, identity: str) -> UUID:
        """The same person pressing twice, or reloading, makes the same id, and an id is applied once.

        It is keyed: a bare hash of an address in a stolen table could be tried against a list of guesses. A signature that
        is held has another id than one that is not, so that who tries again with a proof of work is counted.
        """
        said = f"{action}|{identity}".encode()
        return UUID(bytes=blake2b(said, key=self._entry_key, digest_size=16).digest())

    def _ask_again(
        self, slug: str, facts: Mapping[str, Any], problems: list[tuple[str, str]], values: dict[str, str], link: Link
    ) -> Answer:
        """Somebody who came by a letter left something out."""
        sheet = self._shelf.sheet(f"a/{slug}/recognised.html")
        page = sheet.content.decode() if sheet else ""
        page = page.replace("%%HINT%%", escape(masked(link.hint, facts["words"]))).replace("%%TOKEN%%", escape(values["t"]))
        page = acting.kept(acting.with_problems(page, facts, problems), facts, values)
        return Answer(422, _filled(page, acting.placed(facts, values)).encode(), headers=[("cache-control", "no-store")])

    def _form_page(self, sheet: Sheet, facts: Mapping[str, Any], values: dict[str, str]) -> Answer:
        work = self.guard.work(facts["words"]["working"]) if self.guard.raised(facts["id"]) else ""
        places = acting.placed(facts, {**values, "stamp": self.guard.stamp()})
        page = _filled(sheet.content.decode(), places, _partner(facts, values)).replace("%%WORK%%", work)
        return Answer(200, page.encode(), headers=[("cache-control", "no-store" if work else "no-cache")])

    def _try_again(self, slug: str, facts: Mapping[str, Any], problems: list[tuple[str, str]], values: dict[str, str]) -> Answer:
        sheet = self._shelf.sheet(f"a/{slug}/form-error.html")
        page = acting.kept(acting.with_problems(sheet.content.decode() if sheet else "", facts, problems), facts, values)
        # Only values that the page itself offers find their place; anything else a browser sent changes nothing.
        country, consent = escape(values.get("country", "")), escape(values.get("consent", ""))
        page = page.replace(f'<option value="{country}">', f'<option value="{country}" selected>', 1)
        page = page.replace(f'name="consent" value="{consent}"', f'name="consent" value="{consent}" checked', 1)
        line = _partner(facts, values)
        for name in ("anonymous", "public", "partner"):
            if values.get(name) == "yes":
                page, line = (
                    each.replace(f'name="{name}" value="yes"', f'name="{name}" value="yes" checked', 1) for each in (page, line)
                )
        work = self.guard.work(facts["words"]["working"]) if self.guard.raised(facts["id"]) else ""
        sure = f'<input type="hidden" name="sure" value="{escape(values.get("email", ""))}">'
        if not _CODE.fullmatch(values.get("r", "")):
            values = {**values, "r": ""}
        # In one pass, so that what a person typed is never taken for a place.
        places = acting.placed(facts, {**values, "stamp": self.guard.stamp()})
        head, _, tail = page.partition("%%WORK%%")
        page = f"{_filled(head, places, line)}{work}{sure}{_filled(tail, places)}"
        return Answer(422, page.encode(), headers=[("cache-control", "no-store")])


def masked(hint: str, said: Mapping[str, str] | None = None) -> str:
    """`A… at e…` from a token's hint (name, address, domain): enough to know oneself, useless to anyone else.

    In the words of the page, where they are given: “at” is English.
    """
    if len(hint) < 3:
        return (said or {}).get("reader", "the reader of this letter")
    address = f"{hint[1]}…{(said or {}).get('hint_at', ' at ')}{hint[2]}…"
    return f"{hint[0]}… ({address})" if hint[0].strip() else address


def _problems(email: Address | Problem, values: dict[str, str], said: Mapping[str, str]) -> list[tuple[str, str]]:
    problems = []
    if isinstance(email, Problem):
        problems.append(("email", said["slip_no_email" if email.code == "address-missing" else "slip_email"]))
    elif (meant := suggest(email)) and values.get("sure") != values.get("email"):
        problems.append(("email", said["meant"].format(address=meant)))
    if values.get("phone") and not is_number(values["phone"]):
        problems.append(("phone", said["slip_phone"]))
    if values.get("consent") not in ("yes", "no"):
        problems.append(("consent", said["slip_consent"]))
    return problems


def _agreed(content: dict[str, Any], facts: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """Note what a stranger must confirm and what they agreed to beside; what that adds to their identity is returned."""
    act = facts.get("act") or {}
    if act.get("confirm") or "*" in facts["confirm"] or values.get("country") in facts["confirm"]:
        content["confirm"] = True
    if values.get("public") == "yes" and content["reason"]:
        content["public"] = True
    partner = (facts.get("partners") or {}).get(content["source"])
    if not partner or values.get("partner") != "yes":
        return ""
    content["partner"] = {"organisation": partner["organisation"], "wording": partner["wording"]}
    return f"|{content['source']}"


def _version(values: Mapping[str, str], facts: Mapping[str, Any]) -> int:
    """The version of the text that stood above the button that was pressed; the newest where the form names none."""
    shown, newest = values.get("text_version", ""), int(facts["version"])
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 9 and 1 <= int(shown) <= newest else newest


def _partner(facts: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The question of the partner by whom this visitor came (markup, made when the page was published), if any."""
    partner = (facts.get("partners") or {}).get(values.get("source", ""))
    return str(partner["line"]) if partner else ""


def _filled(page: str, values: Mapping[str, str], partner: str = "") -> str:
    """The page with the values in their places, in one pass: a value that looks like a place stays a value."""

    def fill(place: re.Match[str]) -> str:
        name = place.group(1).lower()
        return partner if name == "partner" else escape(values.get(name, ""))

    return _PLACE.sub(fill, page)
