"""An action of any kind with its published files, its door, and the worker behind it."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.basics.boxes import public_half
from groundswell.basics.clock import day_number
from groundswell.basics.ids import ActionId, DeliveryId, LetterId, PersonRef
from groundswell.basics.tokens import Link, seal_link
from groundswell.campaigns import operations as campaigns
from groundswell.campaigns import queries as campaign_queries
from groundswell.engine.compile import compile_appeal
from groundswell.intake.operations import apply_journals
from groundswell.mailings import operations as mailings
from groundswell.pages import publish
from groundswell.pages.applying import Applying
from groundswell.pages.door.answers import Answer
from groundswell.pages.door.app import Door, Request
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.following import develop, follow_up
from groundswell.pages.masthead import House
from groundswell.people import operations as people
from groundswell.post import operations as post
from groundswell.post.models import Delivery
from tests.engine.test_letter import ACTION, APPEAL, SENDER, SOURCES
from tests.people.test_people import address

FORM = "application/x-www-form-urlencoded"
OFFICES = [
    {"name": "Rep. Washington", "address": "+1 202 555 0100", "role": "Senate", "places": ["US WA", "US 98"]},
    {"name": "Rep. Anybody", "address": "+1 202 555 0101"},
]
SETTINGS: dict[str, dict[str, Any]] = {
    "letter": {"subject": "End it, please", "text": "Dear <Rep>,\n\nplease end it.\n\nYours,",
               "offices": [{**office, "address": f"office{at}@example.org"} for at, office in enumerate(OFFICES)]},
    "send": {"subject": "End it, please", "text": "Dear <Rep>,\n\nplease end it.\n\nYours,", "ours": True, "per_hour": 60},
    "call": {"script": "Hello, I am …\n\nPlease <b>end</b> it.", "offices": OFFICES},
    "pledge": {"until": "they end it in writing", "commitment": "the-pause"},
    "photo": {"sign": "End it <now>"},
    "event": {"starts": "2026-12-05T14:00:00", "ends": "2026-12-05T16:00:00", "zone": "America/New_York",
              "place": "Town Hall\n1 Example Street; upstairs, left", "capacity": 2},
}  # fmt: skip
AS_IT_STOOD = {"subject": "End it, please", "letter": "Dear <Rep>,\n\nplease end it.\n\nYours,"}
"""The letter that the author wrote, unchanged."""


class World:
    """One action of `kind` (`send`: a letter that we send)."""

    def __init__(self, home: Path, now: datetime, kind: str, **setting: Any) -> None:
        self.now, self.home, self.kind = now, home, "letter" if kind == "send" else kind
        self.campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T <b>", summary="", now=now)
        self.action = actions.open_petition(
            slug="do-it", campaign_id=self.campaign, title="Do <it>", text="Please **do** it. <script>x</script>", goal=10, kind=self.kind,
            setting={**SETTINGS[kind], **setting}, thanks_subject="Thank you", now=now,
            thanks_text='{{ first_name | "Friend" }},\n\n::: ask\nMore\n:::',
        )  # fmt: skip
        mailings.keep_sender(slug="s", **{name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
        self.house = House("Org & Co", "/privacy", "https://act.example.org")
        self.publish()
        folder = settings.GROUNDSWELL.key_folder
        self.keys, ring = folder.tokens, folder.ring("intake")
        config = DoorConfig(
            home / "published", home / "journal", home / "none.sock", "https://act.example.org", "Org & Co",
            dict(folder.ring("tokens").keys), folder.ring("tokens").current, public_half(ring.current_key), ring.current,
        )  # fmt: skip
        self.door = Door(config, clock=lambda: self.now)

    @property
    def base_url(self) -> str:
        return "https://act.example.org"

    @property
    def journal_folder(self) -> Path:
        return self.home / "journal"

    @property
    def key_folder(self) -> Any:
        return settings.GROUNDSWELL.key_folder

    def publish(self) -> None:
        """Count, and write the files as the worker does."""
        actions.recount(petition_id=self.action, now=self.now)
        campaign = campaign_queries.campaign(self.campaign, self.now.date())
        publish.write_files(self.home / "published", publish.petition_files(queries.petition(self.action), campaign, self.house))
        self.later(0)

    def later(self, minutes: float) -> None:
        """Time passes; the door looks at its files again."""
        self.now += timedelta(minutes=minutes)
        if hasattr(self, "door"):
            self.door._shelf._sheets.clear()

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = FORM, query: str = "") -> Answer:
        return asyncio.run(self.door.answer(Request(method, f"/a/do-it{path}", query, kind, False, body)))

    def do(self, path: str = "/sign", **fields: str) -> Answer:
        """Post the form as a person without a letter would; a minute passes."""
        values = {
            "name": "Ada Lovelace",
            "email": "ada@example.org",
            "country": "US",
            "postcode": "98101",
            "consent": "no",
            **fields,
        }
        answer = self.ask("POST", path, urlencode(values).encode())
        self.later(1)
        return answer

    def do_by_letter(self, token: str, path: str = "/sign", **fields: str) -> Answer:
        answer = self.ask("POST", path, urlencode({"t": token, **fields}).encode())
        self.later(1)
        return answer

    def page(self, rest: str = "", query: str = "") -> str:
        self.later(0)
        return self.ask("GET", rest, query=query).body.decode()

    def apply(self) -> Applying:
        applying = Applying(self.keys, self.now)
        keys = dict(self.key_folder.ring("intake").keys)
        apply_journals(folder=self.journal_folder, private_keys=keys, apply=applying, now=self.now)
        self.publish()
        return applying

    def follow(self) -> list[LetterId]:
        develop(self, self.now)
        return follow_up(self, self.now)

    def reader(self, email: str = "bea@example.org", name: str = "Bea Ng") -> tuple[PersonRef, str]:
        """Somebody who got a letter about this action, and their link's token."""
        given, _, family = name.partition(" ")
        person = people.enrol(email=address(email), given_name=given, family_name=family, country="US", now=self.now).person
        letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
        assert letter is not None
        letter_id = post.lodge(key="m", letter=letter, kind="mailing", action=self.action, now=self.now)
        post.address(letter_id=letter_id, persons=[(person, "")], now=self.now)
        return person, self.token(DeliveryId(Delivery.objects.get(person_id=person, letter_id=letter_id).pk))

    def confirm(self, person: PersonRef) -> None:
        """They press the button in the letter that asks whether it was them."""
        row = Delivery.objects.filter(person_id=person, letter__kind="confirm").latest("pk")
        self.ask("POST", "/confirm", f"t={self.token(DeliveryId(row.pk))}".encode())
        self.later(1)
        self.apply()

    def token(self, delivery: DeliveryId) -> str:
        return seal_link(self.keys, Link(delivery, ActionId(self.action), day_number(self.now), "body-1", "Bbe"))

    def view(self) -> queries.PetitionView:
        return queries.petition(self.action)
