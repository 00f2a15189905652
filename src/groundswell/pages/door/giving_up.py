"""Somebody who came by a letter takes back what they did: a seat at an event, for who waits for one."""

from collections.abc import Callable
from datetime import datetime
from html import escape

from groundswell.intake.journal import Entry, JournalWriter
from groundswell.pages.door import forms
from groundswell.pages.door.answers import Answer, Request, see_other
from groundswell.pages.door.signing import Signing
from groundswell.pages.door.small import SmallPages


class GivingUp:
    """`/a/SLUG/give-up`: a POST with the letter's token; anything else leads to the page."""

    def __init__(self, *, small: SmallPages, journal: JournalWriter, signing: Signing, clock: Callable[[], datetime]) -> None:
        self._small, self._journal, self._signing, self._clock = small, journal, signing, clock

    async def answer(self, request: Request, slug: str) -> Answer:
        """Into the journal, then a page that says so."""
        facts = self._signing.facts(slug)
        token = forms.fields(request.content_type, request.body).get("t", "") if request.method == "POST" else ""
        link = self._signing.link(slug, token) if token else None
        if facts is None or link is None or "given_up" not in facts["words"]:
            return see_other(f"/a/{slug}")
        now = self._clock().isoformat()
        entry = Entry(
            self._signing.entry_id(facts["id"], f"give up {link.delivery}|{now[:16]}"),
            {"kind": "give-up", "action": facts["id"], "token": token, "at": now},
        )
        try:
            await self._journal.accept(entry)
        except OSError:
            return self._small.full(facts["language"])
        again = f'<p><a href="/a/{escape(slug)}">{escape(facts["words"]["given_up_lead"])}</a></p>'
        return self._small.page(200, facts["words"]["given_up"], again, language=facts["language"])
