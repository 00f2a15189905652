"""The target's page: a link that ends, that nobody can guess, and that counts nobody."""

import asyncio
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from groundswell.basics.boxes import public_half
from groundswell.basics.result import Refused
from groundswell.basics.tokens import TokenKeys, seal_page
from groundswell.deliveries import queries
from groundswell.deliveries.operations import HandedOver, address, close_target_page, hand_over, open_target_page
from groundswell.deliveries.order import Order
from groundswell.pages.door.answers import Answer, Request
from groundswell.pages.door.app import Door
from groundswell.pages.handed_over import publish_hand_overs
from groundswell.staff.models import LedgerEntry
from tests.deliveries.test_dossier import HOUSE
from tests.deliveries.world import petition, signer

pytestmark = pytest.mark.django_db


class Place:
    """A hand-over, its published page, and a door of its own clock."""

    def __init__(self, home: Path, now: datetime) -> None:
        self.home, self.now = home, now
        asked = petition(now)
        signer(asked, now, 1)
        self.made: HandedOver = hand_over(
            petition_id=asked, folder=home / "handed-over", staff_id=None, why="w", now=now, order=Order(formats=("csv", "pdf"))
        )
        self.page = open_target_page(hand_over_id=self.made.id, days=14, staff_id=None, why="for their lawyers", now=now)
        self.publish()
        (self.view,) = queries.hand_over(self.made.id).pages  # type: ignore[union-attr]
        self.keys: TokenKeys = settings.GROUNDSWELL.key_folder.tokens
        self.path = address(self.keys, "", self.view.key, self.view.expires_at)
        self.door = Door(_config(home), clock=lambda: self.now)

    def publish(self) -> None:
        publish_hand_overs(published=self.home / "published", handed_over=self.home / "handed-over", house=HOUSE, now=self.now)

    def get(self, path: str, method: str = "GET") -> Answer:
        return asyncio.run(self.door.answer(Request(method, path)))


def _config(home: Path) -> object:
    from groundswell.pages.door.config import DoorConfig

    ring = settings.GROUNDSWELL.key_folder.ring("tokens")
    (home / "journal").mkdir()
    return DoorConfig(
        published=home / "published", journal=home / "journal", office_socket=home / "none", base_url="", organisation="Org",
        token_keys=dict(ring.keys), token_current=ring.current,
        intake_public=public_half(X25519PrivateKey.generate().private_bytes_raw()), intake_key_id=1,
        **({"entry_key": b"k" * 32} if "entry_key" in DoorConfig.__dataclass_fields__ else {}),
    )  # fmt: skip


@pytest.fixture
def place(now: datetime, home: Path) -> Place:
    return Place(home, now)


def test_the_target_finds_the_numbers_and_every_file(place: Place) -> None:
    moved = place.get(place.path)
    assert moved.status == 308 and dict(moved.headers)["location"] == f"{place.path}/"
    index = place.get(f"{place.path}/")
    assert index.status == 200 and index.file is not None
    page = index.file.read_text()
    assert "1</strong> signature" in page and "first <em>text</em>" in page and "Ada" not in page
    for file in place.made.files:
        assert f'href="{file.name}"' in page and file.sha256 in page
        answer = place.get(f"{place.path}/{file.name}")
        assert answer.file is not None and answer.file.read_bytes() == (place.made.folder / file.name).read_bytes()
        headers = dict(answer.headers)
        assert headers["cache-control"] == "private, no-store" and "noindex" in headers["x-robots-tag"]


def test_opening_it_changes_nothing_and_a_post_is_no_way(place: Place) -> None:
    before = LedgerEntry.objects.count()
    for method in ("GET", "HEAD"):
        assert place.get(f"{place.path}/", method).status == 200
    assert place.get(f"{place.path}/", "POST").status == 405
    assert LedgerEntry.objects.count() == before


def test_it_ends_by_itself_and_its_files_go(place: Place) -> None:
    place.now += timedelta(days=14)
    assert place.get(f"{place.path}/").status == 410
    place.publish()
    assert list((place.home / "published" / "h").iterdir()) == []


def test_it_ends_when_staff_close_it(place: Place) -> None:
    assert close_target_page(page_id=place.page, staff_id=None, now=place.now)
    assert not close_target_page(page_id=place.page, staff_id=None, now=place.now)
    place.publish()
    assert place.get(f"{place.path}/").status == 410
    assert {entry.act for entry in LedgerEntry.objects.all()} >= {"link for target", "link closed"}


def test_foreign_and_changed_links_say_nothing(place: Place) -> None:
    until = int(place.view.expires_at.timestamp())
    foreign = TokenKeys({1: secrets.token_bytes(64)}, 1)
    key = bytes.fromhex(place.view.key)
    changed = place.path[:-3] + ("AAA" if not place.path.endswith("AAA") else "BBB")
    for path in (
        f"/h/{seal_page(foreign, key, until)}/", f"{changed}/", f"/h/{place.view.key}/", f"/h/{place.view.key}/p.csv", "/h/", "/h/x/..",
        f"{place.path}/../../../keys/vault.json", f"{place.path}/%2e%2e/x", f"{place.path}/.index", f"{place.path}/none.pdf",
    ):  # fmt: skip
        assert place.get(path).status == 404, path
    assert place.get(f"/h/{seal_page(place.keys, secrets.token_bytes(16), until)}/").status == 410


def test_a_link_needs_its_occasion_and_a_limit(place: Place) -> None:
    for days, why in ((0, "w"), (91, "w"), (5, " ")):
        with pytest.raises(Refused):
            open_target_page(hand_over_id=place.made.id, days=days, staff_id=None, why=why, now=place.now)
    with pytest.raises(Refused):
        open_target_page(hand_over_id=0, days=5, staff_id=None, why="w", now=place.now)
