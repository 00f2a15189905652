"""Double opt-in: the link of the letter that asks whether it was you, and the one button that says yes (a POST)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from groundswell.intake.journal import Entry, JournalWriter
from groundswell.pages.door import forms
from groundswell.pages.door.answers import Answer, Request, see_other
from groundswell.pages.door.shelf import Shelf
from groundswell.pages.door.signing import Signing
from groundswell.pages.door.small import SmallPages


class Confirming:
    """`/a/SLUG/confirm`: without a token the page that says "look into your mailbox", with one the button."""

    def __init__(
        self, *, shelf: Shelf, small: SmallPages, journal: JournalWriter, signing: Signing, clock: Callable[[], datetime]
    ) -> None:
        self._shelf, self._small, self._journal, self._signing, self._clock = shelf, small, journal, signing, clock

    async def answer(self, request: Request, slug: str) -> Answer:
        """GET shows, POST confirms."""
        facts = self._signing.facts(slug)
        if facts is None:
            return self._small.not_here()
        if request.method == "POST":
            token = forms.fields(request.content_type, request.body).get("t", "")
            link = self._signing.link(slug, token)
            if link is None:
                return self._gone(slug, facts)
            content = {"kind": "confirm", "action": facts["id"], "token": token, "at": self._clock().isoformat()}
            entry = Entry(self._signing.entry_id(facts["id"], f"confirm {link.delivery}"), content)
            try:
                await self._journal.accept(entry)
            except OSError:
                return self._small.full(facts["language"])
            return see_other(f"/a/{slug}/thanks")
        if request.method not in ("GET", "HEAD"):
            return self._small.other_method("GET, HEAD, POST")
        token = forms.query_value(request.query, "t")
        if not token:
            sheet = self._shelf.sheet(f"a/{slug}/confirm.html")
            return Answer(200, sheet.content, headers=[("cache-control", "no-cache")]) if sheet else self._small.not_here()
        if self._signing.link(slug, token) is None:
            return self._gone(slug, facts)
        said = facts["words"]
        form = (
            f'<form method="post" action="/a/{escape(slug)}/confirm"><input type="hidden" name="t" value="{escape(token)}">'
            f"<button>{escape(said['confirm_yes'])}</button></form><p>{escape(said['confirm_no'])}</p>"
        )
        return self._small.page(200, said["confirm_ask"], form, language=facts["language"])

    def _gone(self, slug: str, facts: Mapping[str, Any]) -> Answer:
        said = facts["words"]
        text = f'<p>{escape(said["gone_lead"])} <a href="/a/{escape(slug)}">{escape(said["gone_do"])}</a></p>'
        return self._small.page(410, said["gone"], text, language=facts["language"])
