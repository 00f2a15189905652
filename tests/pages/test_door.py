"""The public door: open without a database, deaf to robots, and giving away nobody."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.actions.models import Signature
from groundswell.basics.boxes import public_half
from groundswell.basics.clock import day_number
from groundswell.basics.ids import ActionId, DeliveryId, PersonRef
from groundswell.basics.tokens import Link, seal_delivery, seal_link
from groundswell.campaigns import operations as campaigns
from groundswell.campaigns import queries as campaign_queries
from groundswell.engine.compile import compile_appeal
from groundswell.intake.models import Applied
from groundswell.intake.operations import apply_journals
from groundswell.mailings import operations as mailings
from groundswell.pages import publish
from groundswell.pages.applying import Applying
from groundswell.pages.door.app import Door, Request, masked
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.door.forms import fields
from groundswell.pages.masthead import House
from groundswell.pages.words import words
from groundswell.people import queries as people
from groundswell.post import operations as post
from groundswell.post.models import Delivery, Letter
from tests.engine.test_letter import ACTION, APPEAL, SENDER, SOURCES
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


class Place:
    """A petition, its published files, its door, and the worker behind it."""

    def __init__(self, home: Path, now: datetime) -> None:
        self.now, self.home = now, home
        campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T <b>", summary="", now=now)
        self.petition = actions.open_petition(
            slug="end-it", campaign_id=campaign, title="End <it>", text="Please **end** it. <script>x</script>", goal=10,
            thanks_subject="Thank you", thanks_text='{{ first_name | "Friend" }},\n\n::: ask\nMore\n:::', now=now,
        )  # fmt: skip
        mailings.keep_sender(slug="s", **{name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
        view = queries.petition(self.petition)
        house = House("Org & Co", "/privacy", "https://act.example.org")
        files = publish.petition_files(view, campaign_queries.campaign(campaign, now.date()), house)
        publish.write_files(home / "published", files)
        folder = settings.GROUNDSWELL.key_folder
        ring = folder.ring("intake")
        self.keys = folder.tokens
        config = DoorConfig(
            home / "published", home / "journal", home / "none.sock", "https://act.example.org", "Org & Co",
            dict(folder.ring("tokens").keys), folder.ring("tokens").current, public_half(ring.current_key), ring.current,
        )  # fmt: skip
        config.write(home / "door.json")
        assert (home / "door.json").stat().st_mode & 0o777 == 0o600
        self.config = DoorConfig.read(home / "door.json")
        assert self.config == config
        self.door = Door(self.config, clock=lambda: self.now)

    def ask(self, method: str, path: str, body: str = "", kind: str = FORM, query: str = ""):  # type: ignore[no-untyped-def]
        return asyncio.run(self.door.answer(Request(method, path, query, kind, False, body.encode())))

    def apply(self) -> Applying:
        applying = Applying(self.keys, self.now)
        keys = dict(settings.GROUNDSWELL.key_folder.ring("intake").keys)
        self.applied = apply_journals(folder=self.home / "journal", private_keys=keys, apply=applying, now=self.now)
        return applying

    def delivery(self, email: str) -> DeliveryId:
        person = supporter(self.now, email)
        letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
        assert letter is not None
        letter_id = post.lodge(key="m", letter=letter, kind="mailing", action=self.petition, now=self.now)
        post.address(letter_id=letter_id, persons=[(person, "")], now=self.now)
        return DeliveryId(Delivery.objects.get(person_id=person).pk)

    def token(self, delivery: DeliveryId, action: int | None = None) -> str:
        link = Link(delivery, ActionId(action or self.petition), day_number(self.now), "body-1", "Aae")
        return seal_link(self.keys, link)

    def count(self) -> int:
        return actions.recount(petition_id=self.petition, now=self.now)


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    yield Place(home, now)


def test_a_stranger_signs_once_however_often_they_press(place: Place) -> None:
    form = "name=Ada+Lovelace&email=ada%40example.org&country=GB&postcode=SW1A1AA&consent=yes&source=poster"
    for _ in range(3):
        answer = place.ask("POST", "/a/end-it/sign", form)
        assert answer.status == 303 and re.fullmatch(r"/a/end-it/thanks\?r=[\w-]{12}", dict(answer.all_headers())["location"])
    again = place.ask("POST", "/a/end-it/sign", form.replace("ada%40", "ADA%40"))
    assert again.status == 303 and place.count() == 0, "nothing is in the database before the worker came"
    applying = place.apply()
    assert place.applied == 4 and place.count() == 1 and Applied.objects.count() == 1
    assert len(applying.letters) == 1 and Letter.objects.get().kind == "thanks"
    assert people.counts() == {"people": 1, "supporters": 1}
    assert place.apply().petitions == set() and place.applied == 0
    assert "ada" not in "".join(path.name for path in place.home.rglob("*"))
    assert all(b"ada@example" not in path.read_bytes() for path in place.home.rglob("*.journal"))


def test_no_to_letters_is_a_signature_all_the_same(place: Place) -> None:
    place.ask("POST", "/a/end-it/sign", "name=&email=b%40example.org&consent=no")
    place.apply()
    assert place.count() == 1 and people.counts()["supporters"] == 0


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("email=nonsense&consent=yes&name=%3Cb%3E", "not an e-mail address"),
        ("email=ada%40example.org", "whether we may write to you"),
        ("", "fill in your e-mail address"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(place: Place, form: str, words: str) -> None:
    answer = place.ask("POST", "/a/end-it/sign", form)
    page = answer.body.decode()
    assert answer.status == 422 and words in page and "%%" not in page and "<b>" not in page
    place.apply()
    assert place.count() == 0


def test_a_robot_is_thanked_and_forgotten(place: Place) -> None:
    assert place.ask("POST", "/a/end-it/sign", "website=x&email=r%40example.org&consent=yes").status == 303
    place.apply()
    assert place.count() == 0


def test_a_reader_signs_in_one_click_and_the_page_names_nobody(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    token = place.token(delivery)
    page = place.ask("GET", "/a/end-it", query=f"t={token}").body.decode()
    assert "Sign with one click" in page and "A… (a… at e…)" in page and "ada@" not in page
    assert place.apply().petitions == set() and place.count() == 0, "opening the link signs nothing"
    assert place.ask("POST", "/a/end-it/sign", f"t={token}").status == 303
    place.ask("POST", "/a/end-it/sign", f"t={token}")
    place.apply()
    assert place.count() == 1 and queries.per_position(place.petition) == {"body-1": 1}


def test_old_foreign_and_broken_tokens_give_the_empty_form(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    token = place.token(delivery)
    for bad in (token[:-2], "x", place.token(delivery, action=99), seal_delivery(place.keys, "bounce", delivery)):
        page = place.ask("GET", "/a/end-it", query=f"t={bad}").body.decode()
        assert "Sign with one click" not in page and 'name="email"' in page
        assert place.ask("POST", "/a/end-it/sign", f"t={bad}").status == 303
    place.now += timedelta(days=61)
    assert "Sign with one click" not in place.ask("GET", "/a/end-it", query=f"t={token}").body.decode()
    place.apply()
    assert place.count() == 0


def test_goodbye_is_one_post_and_never_a_get(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    token = seal_delivery(place.keys, "unsubscribe", delivery)
    assert b"<button>" in place.ask("GET", f"/u/{token}").body
    place.apply()
    assert people.counts()["supporters"] == 1
    body = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    answer = place.ask("POST", f"/u/{token}", body, "multipart/form-data; boundary=x")
    assert answer.status == 200 and "location" not in dict(answer.all_headers())
    place.apply()
    assert people.counts()["supporters"] == 0
    assert place.ask("POST", f"/u/{token[:-1]}a").status == 404


def test_text_of_people_and_staff_is_never_markup(place: Place) -> None:
    page = place.ask("GET", "/a/end-it", query="source=%22%3E%3Cscript%3E").body.decode()
    assert page.count("<script") == 1 and "End &lt;it&gt;" in page and "T &lt;b&gt;" in page
    headers = dict(place.ask("GET", "/a/end-it").all_headers())
    assert "default-src 'none'" in headers["content-security-policy"] and "set-cookie" not in headers


@pytest.mark.parametrize("path", ["/a/none", "/a/none/sign", "/record/none", "/assets/../action.json", "/assets/%2e%2e/x", "/u/"])
def test_what_is_not_there_is_not_there(place: Place, path: str) -> None:
    assert place.ask("POST" if path.endswith("sign") else "GET", path).status in (404, 0)


def test_files_come_packed_where_the_reader_takes_it(place: Place) -> None:
    name = f"/{publish.STYLE_NAME}"
    answer = asyncio.run(place.door.answer(Request("GET", name, accepts_gzip=True)))
    assert ("content-encoding", "gzip") in answer.headers and len(answer.body) < len(place.ask("GET", name).body)
    assert re.search(rb'"count": 0', place.ask("GET", "/a/end-it/count.json").body)
    assert b"Thank you" in place.ask("GET", "/a/end-it/thanks").body
    assert place.ask("GET", "/a/end-it/sign").status == 303
    assert place.ask("GET", "/office/").office and place.ask("GET", "/").status == 404


def test_when_the_disk_is_full_nothing_is_acknowledged(place: Place) -> None:
    (place.home / "journal").write_text("a file where the folder should be")
    assert place.ask("POST", "/a/end-it/sign", "email=a%40example.org&consent=no").status == 503
    token = seal_delivery(place.keys, "unsubscribe", DeliveryId(1))
    assert place.ask("POST", f"/u/{token}").status == 503
    assert place.door.away().status == 502 and place.door.too_large().status == 413


def test_a_signature_for_a_row_that_is_gone_is_kept_out(place: Place) -> None:
    place.ask("POST", "/a/end-it/sign", f"t={place.token(DeliveryId(10**6))}")
    place.ask("POST", f"/u/{seal_delivery(place.keys, 'unsubscribe', DeliveryId(10**6))}")
    place.apply()
    assert place.count() == 0
    assert set(Applied.objects.values_list("outcome", flat=True)) == {"token without a row"}


def test_a_withdrawn_name_is_not_counted(place: Place) -> None:
    person = supporter(place.now, "w@example.org")
    place.ask("POST", "/a/end-it/sign", "email=w%40example.org&consent=no")
    place.apply()
    assert queries.has_signed(place.petition, person)
    assert actions.withdraw(petition_id=place.petition, person=person) and not actions.withdraw(
        petition_id=place.petition, person=person
    )
    assert place.count() == 0 and people.index_of_address(address("w@example.org"))


def test_forms_of_any_bytes_are_read_or_left() -> None:
    assert fields(FORM, b"a=1&a=2&b=%00x") == {"a": "2", "b": "x"}
    assert fields(FORM, b"&".join(b"a%d=1" % n for n in range(99))) == {}
    assert fields("multipart/form-data", b"x") == {}
    assert fields(FORM, b"\xff\xfe=%FF")
    assert masked("") == "the reader of this letter" and masked(" ae") == "a… at e…"
    assert masked("", words("de")) == "wer diesen Brief liest" and masked("Aae", words("de")) == "A… (a…@e…)"


def test_who_took_their_name_back_signs_again_through_the_same_letter(place: Place) -> None:
    delivery = place.delivery("again@example.org")
    form = f"t={place.token(delivery)}"
    place.ask("POST", "/a/end-it/sign", form)
    place.ask("POST", "/a/end-it/sign", form)
    place.apply()
    person = PersonRef(Delivery.objects.get(pk=delivery).person_id)
    assert place.count() == 1 and actions.withdraw(petition_id=place.petition, person=person) and place.count() == 0
    place.now += timedelta(minutes=2)
    place.ask("POST", "/a/end-it/sign", form)
    place.apply()
    assert place.count() == 1 and queries.has_signed(place.petition, person)
    assert sorted(Signature.objects.values_list("state", flat=True)) == ["confirmed", "withdrawn"]


def test_what_signers_agree_to_show_is_kept_and_their_words_are_sealed(place: Place) -> None:
    place.ask("POST", "/a/end-it/sign", "email=a%40example.org&consent=no&name=Ada&anonymous=yes&reason=My+own+street")
    place.ask("POST", "/a/end-it/sign", "email=b%40example.org&consent=no&name=Bob")
    place.ask("POST", "/a/end-it/sign", f"t={place.token(place.delivery('c@example.org'))}&anonymous=yes")
    page = place.ask("POST", "/a/end-it/sign", "email=nonsense&anonymous=yes&reason=%3Cb%3Ewords").body.decode()
    assert "&lt;b&gt;words" in page and 'value="yes" checked' in page
    place.apply()
    assert sorted(Signature.objects.values_list("shows", flat=True)) == ["name+place", "place", "place"]
    (sealed,) = Signature.objects.exclude(reason=None).values_list("reason", flat=True)
    assert b"street" not in bytes(sealed) and len(bytes(sealed)) > 28
