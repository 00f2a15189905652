"""From one signed link, without a password: leave, get less, take a name back, get the own data, be forgotten. Each is a
POST.

Everything is written into the journal, so it works while the database is away; only reading the own data waits for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from urllib.parse import parse_qs
from uuid import uuid4

from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import TokenKeys, open_delivery
from groundswell.intake.journal import Entry, JournalWriter
from groundswell.pages.door import forms
from groundswell.pages.door.answers import Answer, Request
from groundswell.pages.door.small import SmallPages
from groundswell.pages.words import NAMES, direction
from groundswell.pages.words.goodbye import goodbye_words
from groundswell.pages.words.own import preferred

_DAYS = "30"
"""What “less mail” means, as the worker does it (`post.wishes.LESS_DAYS`); the door knows no post office."""
_ACTS = frozenset({"unsubscribe", "subscribe", "less", "topic", "withdraw", "withdraw-all", "data", "forget"})


_VARY = ("vary", "accept-language")


class Own:
    """`/u/TOKEN` (leave, one click, RFC 8058) and `/m/TOKEN` (everything else that is one's own)."""

    def __init__(self, *, small: SmallPages, journal: JournalWriter, tokens: TokenKeys, clock: Callable[[], datetime]) -> None:
        self._small, self._journal, self._tokens, self._clock = small, journal, tokens, clock

    async def unsubscribe(self, request: Request, token: str) -> Answer:
        """The link in every letter: one press, and no more letters come; or fewer, or on one topic only."""
        if self._delivery(token) is None:
            return self._small.not_here(request.languages)
        if request.method not in ("GET", "HEAD", "POST"):
            return self._small.other_method("GET, HEAD, POST")
        if request.method == "POST":
            return await self._do("unsubscribe", token, request)
        said, language = _said(request)
        mine, kept = f"/m/{escape(token)}", _kept(request)

        def choice(name: str, action: str, label: str, look: str = "") -> str:
            form = f'<form method="post" action="{action}{kept}"><button{look}>{escape(said[label])}</button></form>'
            return f"<section><h2>{escape(said[name])}</h2><p>{escape(said[f'{name}_lead'])}</p>{form}</section>"

        quiet = ' class="quiet"'
        body = (
            f"<p>{escape(said['leave_lead'])}</p>"
            '<div class="choices">'
            + choice("all", f"/u/{escape(token)}", "unsubscribe_do")
            + choice("less", f"{mine}/less", "less_do", quiet)
            + choice("topic", f"{mine}/topic", "topic_do", quiet)
            + f'</div><p class="other"><a href="{mine}{kept}">{escape(said["something_else"])}</a></p>'
            + _languages(f"/u/{escape(token)}", said, language)
        )
        return self._small.page(200, said["unsubscribe"], body, _VARY, language=language)

    async def mine(self, request: Request, rest: str) -> Answer:
        """The page of choices, and each of them."""
        token, _, act = rest.partition("/")
        if self._delivery(token) is None or (act and act not in _ACTS):
            return self._small.not_here(request.languages)
        if request.method == "POST" and act:
            if act == "forget" and forms.fields(request.content_type, request.body).get("sure") != "yes":
                return self._sure(token, request)
            return await self._do(act, token, request)
        if request.method not in ("GET", "HEAD"):
            return self._small.other_method("GET, HEAD")
        return self._choices(token, request)

    def _choices(self, token: str, request: Request) -> Answer:
        said, language = _said(request)
        kept = _kept(request)

        def choice(name: str, *buttons: tuple[str, str]) -> str:
            forms_ = "".join(
                f'<form method="post" action="/m/{escape(token)}/{act}{kept}">'
                f'<button class="quiet">{escape(said[label])}</button></form>'
                for act, label in buttons
            )
            return f"<section><h2>{escape(said[name])}</h2><p>{escape(said[f'{name}_lead'])}</p>{forms_}</section>"

        body = (
            f'<p>{escape(said["mine_lead"])}</p><div class="choices">'
            + choice("letters", ("subscribe", "subscribe_do"), ("less", "less_do"), ("topic", "topic_do"),
                     ("unsubscribe", "no_more_do"))
            + choice("name", ("withdraw", "withdraw_do"), ("withdraw-all", "withdraw_all_do"))
            + f"<section><h2>{escape(said['link'])}</h2><p>{escape(said['link_lead'])}</p>"
            + f'<p><a href="/m/{escape(token)}/shares">{escape(said["link_do"])}</a></p></section>'
            + choice("data", ("data", "data_do"))
            + choice("forget", ("forget", "forget_do"))
            + "</div>" + _languages(f"/m/{escape(token)}", said, language)
        )  # fmt: skip
        return self._small.page(200, said["mine"], body, _VARY, language=language)

    def _sure(self, token: str, request: Request) -> Answer:
        said, language = _said(request)
        form = (
            f'<form method="post" action="/m/{escape(token)}/forget{_kept(request)}"><input type="hidden" name="sure" value="yes">'
            f"<button>{escape(said['sure_do'])}</button></form>"
            f'<p class="other"><a href="/m/{escape(token)}{_kept(request)}">{escape(said["sure_no"])}</a></p>'
        )
        return self._small.page(200, said["sure"], f"<p>{escape(said['sure_lead'])}</p>{form}", language=language)

    async def _do(self, act: str, token: str, request: Request) -> Answer:
        content = {"kind": act, "token": token, "at": self._clock().isoformat()}
        try:
            await self._journal.accept(Entry(uuid4(), content))
        except OSError:
            return self._small.full(request.languages)
        said, language = _said(request)
        link = f'<p class="other"><a href="/m/{escape(token)}{_kept(request)}">{escape(said["back"])}</a></p>'
        back = link if act != "unsubscribe" else ""
        lead = f"<p>{escape(said[f'{act}_done_lead'])}</p>"
        return self._small.page(200, said[f"{act}_done"], lead + back, language=language)

    def _delivery(self, token: str) -> DeliveryId | None:
        found = open_delivery(self._tokens, "unsubscribe", token)
        return found if found is not None else open_delivery(self._tokens, "mine", token)


def _asked(request: Request) -> str:
    """The language chosen by hand, or empty."""
    asked = parse_qs(request.query[:200]).get("l", [""])[0]
    return asked if asked in NAMES else ""


def _kept(request: Request) -> str:
    """What an address of these pages ends in, so that the language chosen by hand stays."""
    return f"?l={_asked(request)}" if _asked(request) else ""


def _said(request: Request) -> tuple[Mapping[str, str], str]:
    language = _asked(request) or preferred(request.languages)
    return {name: words.replace("{days}", _DAYS) for name, words in goodbye_words(language).items()}, language


def _languages(here: str, said: Mapping[str, str], language: str) -> str:
    """The same page in the other languages, for who reads in a borrowed browser."""
    links = " ".join(
        f'<a href="{here}?l={code}" lang="{code}" hreflang="{code}" dir="{direction(code)}">{escape(name)}</a>'
        for code, name in NAMES.items()
        if code != language
    )
    return f'<nav class="other" aria-label="{escape(said["languages"])}"><p>{links}</p></nav>'
