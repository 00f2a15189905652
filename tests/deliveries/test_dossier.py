"""The dossier: what was delivered, when, how, to which office, with proof; its public part on the record by itself."""

import io
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from groundswell.basics.result import Refused
from groundswell.campaigns.models import RecordEntry
from groundswell.deliveries import queries
from groundswell.deliveries.operations import Delivered, HandedOver, add_proof, hand_over, write_dossier
from groundswell.pages.handed_over import publish_hand_overs
from groundswell.pages.masthead import House
from groundswell.staff.models import LedgerEntry
from tests.deliveries.world import petition, signer

pytestmark = pytest.mark.django_db
BASE = "https://act.example.org"
HOUSE = House("Common Ground", "/privacy", BASE)


@pytest.fixture
def made(now: datetime, home: Path) -> HandedOver:
    asked = petition(now)
    signer(asked, now, 1)
    return hand_over(petition_id=asked, folder=home / "handed-over", staff_id=None, why="w", now=now)


def photo() -> bytes:
    picture = Image.new("RGB", (60, 40), "red")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in out.getvalue()
    return out.getvalue()


def delivered(now: datetime, **changes: object) -> Delivered:
    return Delivered(**{"on": now.date(), "how": "in person", "to_role": "the front desk", "place": "Seattle", **changes})  # type: ignore[arg-type]


def test_it_goes_onto_the_record_by_itself_with_our_page_as_its_source(made: HandedOver, now: datetime) -> None:
    for _ in range(2):  # saved again: the same
        key = write_dossier(hand_over_id=made.id, delivered=delivered(now), base_url=BASE, staff_id=None, now=now)
    entry = RecordEntry.objects.get()
    assert (entry.kind, entry.dated, entry.certainty) == ("pressure", f"{now:%Y-%m-%d}", "only the sender says so")
    assert "1 signature under “One” handed to The Target (the front desk) in person, Seattle" in entry.summary
    assert made.files[0].sha256 != "" and "SHA-256" in entry.summary and key == f"handed-over-{made.id}"


def test_what_is_put_right_is_a_new_entry_that_points_back(made: HandedOver, now: datetime) -> None:
    write_dossier(hand_over_id=made.id, delivered=delivered(now), base_url=BASE, staff_id=None, now=now)
    write_dossier(hand_over_id=made.id, delivered=delivered(now, place="Arlington"), base_url=BASE, staff_id=None, now=now)
    first, second = RecordEntry.objects.order_by("pk")
    assert second.corrects_id == first.pk and "Arlington" in second.summary and "Seattle" in first.summary


def test_an_answer_is_an_entry_of_its_own(made: HandedOver, now: datetime) -> None:
    answered = delivered(now, answer="refusal", answered_on=now.date(), answer_words="We do not take petitions.")
    write_dossier(hand_over_id=made.id, delivered=answered, base_url=BASE, staff_id=None, now=now)
    reply = RecordEntry.objects.get(kind="reply")
    assert reply.actor == "The Target" and reply.wording == "We do not take petitions." and "refused" in reply.subject


@pytest.mark.parametrize("wrong", [
    {"how": "by pigeon"}, {"to_role": " "}, {"to_role": "ceo@example.org"}, {"answer": "maybe"}, {"answer": "reply"},
    {"on": datetime(2030, 1, 1).date()}, {"answer": "reply", "answered_on": datetime(2020, 1, 1).date()},
])  # fmt: skip
def test_what_can_not_be_is_refused_and_nothing_is_kept(made: HandedOver, now: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        write_dossier(hand_over_id=made.id, delivered=delivered(now, **wrong), base_url=BASE, staff_id=None, now=now)
    assert not RecordEntry.objects.exists() and queries.hand_over(made.id).dossier is None  # type: ignore[union-attr]


def test_a_photo_loses_what_the_camera_wrote_and_makes_the_record_say_found(made: HandedOver, now: datetime, home: Path) -> None:
    with pytest.raises(Refused, match="no dossier"):
        proof(made, now, home, photo())
    write_dossier(hand_over_id=made.id, delivered=delivered(now), base_url=BASE, staff_id=None, now=now)
    first = proof(made, now, home, photo())
    assert proof(made, now, home, photo()) == first
    (kept,) = (made.folder / "proof").iterdir()
    content = kept.read_bytes()
    with Image.open(kept) as picture:
        assert not picture.getexif()
    assert b"Secret" not in content and stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert RecordEntry.objects.order_by("-pk")[0].certainty == "found" and RecordEntry.objects.count() == 2
    assert LedgerEntry.objects.filter(act="proof").count() == 1
    for bad in (b"not a picture", b"x" * 21_000_000, b"\x89PNG\r\n\x1a\n" + b"x" * 50):
        with pytest.raises(Refused):
            proof(made, now, home, bad)
    with pytest.raises(Refused, match="PDF"):
        proof(made, now, home, b"%PDF-1.7 x")
    assert proof(made, now, home, b"%PDF-1.7 receipt", public=False)


def test_the_public_page_shows_the_public_part_only(made: HandedOver, now: datetime, home: Path) -> None:
    write_dossier(
        hand_over_id=made.id, delivered=delivered(now, note="inner note", to_role="<b>the desk</b>"), base_url=BASE, staff_id=None, now=now
    )  # fmt: skip
    proof(made, now, home, photo())
    proof(made, now, home, b"%PDF-1.7 receipt", public=False)
    published = home / "published"
    publish_hand_overs(published=published, handed_over=home / "handed-over", house=HOUSE, now=now)
    folder = published / "d" / f"handed-over-{made.id}"
    page = (folder / "index.html").read_text()
    assert "1 signature to The Target" in page and "&lt;b&gt;the desk" in page and 'alert("At the door' not in page
    assert "inner note" not in page and "Ada" not in page and len(list(folder.glob("*.jpg"))) == 1
    assert not list(folder.glob("*.pdf"))


def proof(made: HandedOver, now: datetime, home: Path, content: bytes, *, public: bool = True) -> int:
    return add_proof(
        hand_over_id=made.id, kind="photo", title="At the door", content=content, public=public, folder=home / "handed-over",
        base_url=BASE, staff_id=None, now=now + timedelta(minutes=1),
    )  # fmt: skip
