"""From one link, without a password: leave, take a name back, see one's data, be forgotten. And sharers are credited."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from groundswell.actions import doubts, queries
from groundswell.actions import operations as actions
from groundswell.actions.confirming import drop, to_remind
from groundswell.actions.models import LaterYes, Origin, Pending, Signature
from groundswell.actions.own import signatures_of
from groundswell.basics.clock import day_number
from groundswell.basics.ids import DeliveryId
from groundswell.basics.tokens import Link, seal_delivery, seal_link
from groundswell.campaigns import queries as campaign_queries
from groundswell.intake.models import Applied
from groundswell.mailings.queries import house_sender
from groundswell.mailings.thanking import ask_to_confirm
from groundswell.pages import publish, words
from groundswell.pages.door.app import Request
from groundswell.pages.masthead import House
from groundswell.pages.petition.look import Look
from groundswell.pages.words import own
from groundswell.people import operations as people
from groundswell.people.models import Consent, Person, Suppression
from groundswell.people.suppressions import person_with
from groundswell.people.vault import store
from groundswell.post.models import Delivery, Letter
from tests.pages.test_door import FORM, Place
from tests.people.test_people import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    yield Place(home, now)


def mine(place: Place, delivery: DeliveryId) -> str:
    return seal_delivery(place.keys, "unsubscribe", delivery)


def signed(place: Place, email: str, more: str = "") -> str:
    answer = place.ask("POST", "/a/end-it/sign", f"name=Ada+L&email={email}&consent=yes&country=GB{more}")
    assert answer.status == 303
    return dict(answer.all_headers())["location"]


def test_who_passes_it_on_is_credited_for_whom_they_brought(place: Place) -> None:
    location = signed(place, "ada@example.org")
    code = re.search(r"r=([\w-]{12})", location).group(1)  # type: ignore[union-attr]
    thanks = place.ask("GET", "/a/end-it/thanks", query=f"r={code}").body.decode()
    assert f"https://act.example.org/a/end-it?r={code}&amp;source=share-0" in thanks and "%%" not in thanks
    for way in ("https://wa.me/?text=", "https://t.me/share/url", "mailto:?subject=", "sms:?&amp;body="):
        assert way in thanks
    page = place.ask("GET", "/a/end-it", query=f"r={code}&source=share-0").body.decode()
    assert f'name="r" value="{code}"' in page and 'value="share-0"' in page
    signed(place, "bob@example.org", f"&r={code}&source=share-0")
    signed(place, "eve@example.org", "&r=AAAAAAAAAAAA")
    place.apply()
    ada = Signature.objects.get(source="website", id__in=Origin.objects.values("referrer"))
    assert [s.brought for s in signatures_of(ada.person_id)] == [1]
    assert place.count() == 3


def test_each_choice_is_a_post_and_the_page_shows_nobody(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    token = mine(place, delivery)
    page = place.ask("GET", f"/m/{token}").body.decode()
    assert not re.search(r"\bada\b", page.lower()) and page.count("<form") == 8 and 'method="get"' not in page
    for act in ("unsubscribe", "less", "topic", "subscribe", "withdraw", "withdraw-all", "data", "forget"):
        place.ask("GET", f"/m/{token}/{act}")
        place.ask("HEAD", f"/m/{token}/{act}")
    place.apply()
    assert Applied.objects.count() == 0, "opening a link does nothing"
    assert place.ask("GET", "/m/nonsense").status == 404 and place.ask("POST", f"/m/{token}/delete").status == 404
    assert place.ask("PUT", f"/m/{token}").status == 405


def test_a_name_is_taken_back(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    place.ask("POST", "/a/end-it/sign", f"t={place.token(delivery)}")
    place.apply()
    assert place.count() == 1
    assert b"Taken back" in place.ask("POST", f"/m/{mine(place, delivery)}/withdraw").body
    assert place.apply().petitions == {place.petition} and place.count() == 0
    place.now += timedelta(hours=2)
    signed(place, "ada@example.org")
    place.apply()
    assert place.count() == 1, "and may be given again"
    place.ask("POST", f"/m/{mine(place, delivery)}/withdraw-all")
    place.apply()
    assert place.count() == 0


def test_letters_end_and_begin_again(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    token = mine(place, delivery)
    place.ask("POST", f"/m/{token}/unsubscribe")
    place.apply()
    assert Person.objects.get().may_mail is False
    place.ask("POST", f"/m/{token}/subscribe")
    place.apply()
    assert Person.objects.get().may_mail is True and Suppression.objects.get().lifted_at


def test_being_forgotten_asks_once_and_then_does_it(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    token = mine(place, delivery)
    assert b"Really forget you?" in place.ask("POST", f"/m/{token}/forget").body
    place.apply()
    assert store.get([Person.objects.get().pk])
    place.ask("POST", f"/m/{token}/forget", "sure=yes")
    place.apply()
    assert not store.get([Person.objects.get().pk]) and Consent.objects.get().person_id is None


def test_ones_own_data_comes_by_mail_and_opens_for_a_day(place: Place, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = place.delivery("ada@example.org")
    signed(place, "ada@example.org")
    place.ask("POST", f"/m/{mine(place, delivery)}/data")
    applying = place.apply()
    letter = Letter.objects.get(kind="own-data")
    assert letter.pk in applying.letters
    row = DeliveryId(Delivery.objects.get(letter=letter).pk)

    def link(of: DeliveryId, day: int) -> str:
        return seal_link(place.keys, Link(of, place.petition, day, "body-1", "Aae"))

    today = day_number(datetime.now(place.now.tzinfo))
    page = client.get("/m/open", {"t": link(row, today)})
    assert page.status_code == 200 and b"ada@example.org" in page.content and b"Lovelace" in page.content
    assert "no-store" in page["Cache-Control"] and "unsafe" not in page["Content-Security-Policy"]
    taken = json.loads(client.get("/m/open", {"t": link(row, today), "as": "json"}).content)
    assert taken["details"]["email"] == "ada@example.org" and taken["signatures"][0]["petition"] == "end-it" and taken["consents"]
    for bad in (link(row, today - 2), link(delivery, today), "x", ""):
        gone = client.get("/m/open", {"t": bad})
        assert gone.status_code == 410 and b"ada" not in gone.content
    assert client.post("/m/open", {"t": link(row, today)}).status_code in (403, 405)

    def away(*_: object) -> None:
        from django.db.utils import OperationalError

        raise OperationalError

    monkeypatch.setattr("groundswell.pages.views.own_data", away)
    later = client.get("/m/open", {"t": link(row, today)})
    assert later.status_code == 503 and b"Your data is safe" in later.content


def test_where_confirming_is_asked_a_name_counts_once_its_person_pressed(place: Place) -> None:
    view = queries.petition(place.petition)
    from groundswell.campaigns import queries as campaigns

    house = House("Org & Co", "/privacy", "https://act.example.org")
    look = Look(confirm=("DE",))
    publish.write_files(
        place.home / "published",
        publish.petition_files(view, campaigns.campaign(view.campaign_id), house, look=look),
    )
    place.door = type(place.door)(place.config, clock=lambda: place.now)
    assert signed(place, "gb@example.org").startswith("/a/end-it/thanks")
    assert signed(place, "de@example.org", "&country=DE") == "/a/end-it/confirm"
    assert "mailbox" in place.ask("GET", "/a/end-it/confirm").body.decode()
    place.apply()
    assert place.count() == 1 and Pending.objects.count() == 1
    row = DeliveryId(Delivery.objects.get(letter__kind="confirm").pk)
    token = place.token(row)
    page = place.ask("GET", "/a/end-it/confirm", query=f"t={token}").body.decode()
    place.apply()
    assert "Was it you" in page and place.count() == 1, "a scanner confirms nothing"
    assert place.ask("POST", "/a/end-it/confirm", f"t={token}").status == 303
    place.ask("POST", "/a/end-it/confirm", f"t={token}")
    place.apply()
    assert place.count() == 2 and not Pending.objects.exists()
    assert place.ask("POST", "/a/end-it/confirm", "t=nonsense").status == 410
    assert place.ask("GET", "/a/end-it/confirm", query="t=nonsense").status == 410


def may_mail(email: str) -> bool:
    person = person_with(address(email))
    return Person.objects.get(pk=person).may_mail


def test_a_yes_waits_until_its_person_confirmed_and_a_no_does_not(place: Place) -> None:
    place.door._signing.facts("end-it")["confirm"] = ["*"]  # type: ignore[index]
    signed(place, "victim@example.org")
    place.apply()
    assert not may_mail("victim@example.org"), "an enemy who types an address puts nobody on the list"
    token = place.token(DeliveryId(Delivery.objects.get(letter__kind="confirm").pk))
    place.ask("POST", "/a/end-it/confirm", f"t={token}")
    place.apply()
    assert may_mail("victim@example.org")
    (line,) = Consent.objects.select_related("terms")
    assert line.given and line.terms.wording.startswith("Yes, Org & Co may write to me")
    signed(place, "other@example.org")
    place.apply()
    place.now += timedelta(minutes=2)
    place.ask("POST", "/a/end-it/sign", "email=other%40example.org&consent=no&country=GB")
    place.apply()
    token = place.token(DeliveryId(Delivery.objects.filter(letter__kind="confirm").latest("pk").pk))
    place.ask("POST", "/a/end-it/confirm", f"t={token}")
    place.apply()
    assert not may_mail("other@example.org"), "the no came after the yes that waited"


def test_a_held_signature_holds_its_yes_as_well(place: Place) -> None:
    signed(place, "short@mailinator.com")
    place.apply()
    assert not may_mail("short@mailinator.com") and not Consent.objects.exists()
    what = doubts.held_groups()[0].what
    doubts.decide(petition="end-it", what=what, count_them=True, why="known to us", staff_id=None, now=place.now)
    assert may_mail("short@mailinator.com") and place.count() == 1


def asked(place: Place, kind: str) -> str:
    """The token of the last letter of this kind."""
    return place.token(DeliveryId(Delivery.objects.filter(letter__kind=kind).latest("pk").pk))


def again(place: Place, email: str, consent: str) -> str:
    """The form once more, some minutes later, and the worker after it."""
    place.now += timedelta(minutes=2)
    answer = place.ask("POST", "/a/end-it/sign", f"name=Ada+L&email={email}&consent={consent}&country=GB")
    place.apply()
    return dict(answer.all_headers())["location"]


def test_a_yes_that_comes_later_waits_for_its_person_and_is_asked_about_once(place: Place) -> None:
    again(place, "ada%40example.org", "no")
    place.door._signing.facts("end-it")["confirm"] = ["*"]  # type: ignore[index]
    assert again(place, "ada%40example.org", "yes") == again(place, "nobody%40example.org", "yes") == "/a/end-it/confirm"
    again(place, "ada%40example.org", "yes")
    assert place.count() == 1 and Signature.objects.count() == 2, "nobody signs twice by it"
    assert not may_mail("ada@example.org"), "whoever typed the address puts nobody on the list"
    letter = Letter.objects.get(kind="agree")
    assert Delivery.objects.filter(letter=letter).count() == 1 and "signed" not in json.dumps(letter.content)
    token = asked(place, "agree")
    page = place.ask("GET", "/a/end-it/confirm", query=f"t={token}").body.decode()
    place.apply()
    assert "Was it you" in page and not may_mail("ada@example.org"), "a scanner says yes to nothing"
    place.ask("POST", "/a/end-it/confirm", f"t={asked(place, 'thanks')}")
    place.apply()
    assert not may_mail("ada@example.org"), "a letter that asked for something else may have been passed on: it says no yes"
    place.ask("POST", "/a/end-it/confirm", f"t={token}")
    place.apply()
    assert may_mail("ada@example.org") and not LaterYes.objects.exists() and place.count() == 1
    assert Consent.objects.latest("pk").terms.wording.startswith("Yes, Org & Co may write to me")
    again(place, "ada%40example.org", "yes")
    assert not LaterYes.objects.exists(), "who said yes is not asked again"


def test_a_later_yes_is_gone_with_a_no_with_silence_and_with_its_person(place: Place) -> None:
    for name in ("ada", "bea", "cleo"):
        again(place, f"{name}%40example.org", "no")
    place.door._signing.facts("end-it")["confirm"] = ["*"]  # type: ignore[index]
    for name in ("ada", "bea", "cleo"):
        place.ask("POST", "/a/end-it/sign", f"email={name}%40example.org&consent=yes")
    place.now += timedelta(minutes=2)
    again(place, "ada%40example.org", "no")
    assert LaterYes.objects.count() == 2, "the no came after the yes, in one crowd"
    people.forget(person=person_with(address("bea@example.org")), staff_id=None, why="asked", now=place.now)  # type: ignore[arg-type]
    assert LaterYes.objects.count() == 1
    drop(now=place.now + timedelta(days=15))
    assert not LaterYes.objects.exists() and not Consent.objects.filter(given=True).exists()


def test_a_no_on_another_page_is_the_last_word_for_a_yes_that_waits(place: Place) -> None:
    following = actions.open_petition(
        slug="other", campaign_id=queries.petition(place.petition).campaign_id, title="Other", text="x", goal=1,
        thanks_subject="Thanks", thanks_text="Hello\n\n::: ask\nMore\n:::", now=place.now,
    )  # fmt: skip
    house, view = House("Org & Co", "/privacy", "https://act.example.org"), queries.petition(following)
    publish.write_files(place.home / "published", publish.petition_files(view, campaign_queries.campaign(view.campaign_id), house))
    place.door._signing.facts("end-it")["confirm"] = ["*"]  # type: ignore[index]
    for apart in (True, False):
        email = f"ada{apart}%40example.org"
        place.ask("POST", "/a/end-it/sign", f"email={email}&consent=yes")
        if apart:
            place.apply()
        place.ask("POST", "/a/other/sign", f"email={email}&consent=no")
        place.apply()
        place.ask("POST", "/a/end-it/confirm", f"t={asked(place, 'confirm')}")
        place.apply()
        assert not may_mail(f"ada{apart}@example.org"), "in one crowd or in two"
    assert place.count() == 2


def test_a_later_yes_on_a_doubtful_form_waits_for_its_person_or_with_what_is_held(place: Place) -> None:
    again(place, "short%40mailinator.com", "no")
    again(place, "short%40mailinator.com", "yes")
    assert not LaterYes.objects.exists(), "held with the held signature, and nobody is written to"
    what = doubts.held_groups()[0].what
    doubts.decide(petition="end-it", what=what, count_them=True, why="known to us", staff_id=None, now=place.now)
    assert may_mail("short@mailinator.com") and not Letter.objects.filter(kind="agree").exists()
    again(place, "ada%40example.org", "no")
    place.door._signing.guard.doubt = lambda **_: "crowd"  # type: ignore[method-assign]
    assert "/thanks" in again(place, "ada%40example.org", "yes") and LaterYes.objects.count() == 1
    place.ask("POST", "/a/end-it/confirm", f"t={asked(place, 'agree')}")
    place.apply()
    assert may_mail("ada@example.org")


def test_who_was_held_and_comes_again_without_a_doubt_is_asked_whether_it_was_them(place: Place) -> None:
    place.door._signing.facts("end-it")["confirm"] = ["*"]  # type: ignore[index]
    doubt = place.door._signing.guard.doubt
    place.door._signing.guard.doubt = lambda **_: "crowd"  # type: ignore[method-assign]
    again(place, "ada%40example.org", "yes")
    assert not Letter.objects.exists() and doubts.held_groups()
    place.door._signing.guard.doubt = doubt  # type: ignore[method-assign]
    again(place, "ada%40example.org", "yes")
    assert Signature.objects.get().state == "unconfirmed" and not doubts.held_groups()
    place.ask("POST", "/a/end-it/confirm", f"t={asked(place, 'confirm')}")
    place.apply()
    assert place.count() == 1 and may_mail("ada@example.org") and not Letter.objects.filter(kind="agree").exists()


def test_who_does_not_confirm_is_reminded_once_and_then_dropped(place: Place) -> None:
    place.door._signing.facts("end-it")["confirm"] = ["*"]  # type: ignore[index]
    signed(place, "slow@example.org")
    place.apply()
    assert to_remind(now=place.now + timedelta(days=2)) == {}
    due = to_remind(now=place.now + timedelta(days=4))
    sender = house_sender()
    assert list(due) == [place.petition] and sender
    ask_to_confirm(petition_id=place.petition, persons=due[place.petition], sender=sender, reminder=True, now=place.now)
    assert to_remind(now=place.now + timedelta(days=5)) == {}
    assert drop(now=place.now + timedelta(days=13)) == 0 and drop(now=place.now + timedelta(days=15)) == 1
    assert not Signature.objects.exists() and not Pending.objects.exists()
    assert Letter.objects.filter(kind="confirm").count() == 2


def test_an_enemy_who_types_an_address_everywhere_sends_it_three_letters_at_most(place: Place) -> None:
    for number in range(6):
        actions.open_petition(
            slug=f"p{number}", campaign_id=queries.petition(place.petition).campaign_id, title=f"P{number}", text="x", goal=1,
            thanks_subject="Thanks", thanks_text="Hello\n\n::: ask\nMore\n:::", now=place.now,
        )  # fmt: skip
        view = queries.petition_named(f"p{number}")
        assert view
        from groundswell.campaigns import queries as campaigns

        house = House("Org & Co", "/privacy", "https://act.example.org")
        publish.write_files(place.home / "published", publish.petition_files(view, campaigns.campaign(view.campaign_id), house))
        place.ask("POST", f"/a/p{number}/sign", "email=victim%40example.org&consent=no")
        place.apply()
    assert Signature.objects.count() == 6 and Delivery.objects.count() == 3


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "Abmelden"), ("ar", "ar", "إلغاء الاشتراك"), ("sw, fr;q=0.4, es;q=0.7", "es", "Darse de baja"),
        ("", "en", "Unsubscribe"), ("tlh;q=x,;;,*;q=0.1", "en", "Unsubscribe"), ("fr;q=0, de;q=0", "en", "Unsubscribe"),
    ],
)  # fmt: skip
def test_goodbyes_are_said_in_the_readers_language(place: Place, asked: str, language: str, words: str) -> None:
    token = seal_delivery(place.keys, "unsubscribe", place.delivery("ada@example.org"))
    page = asyncio.run(place.door.answer(Request("GET", f"/u/{token}", languages=asked))).body.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page and f"<h1>{words}</h1>" in page
    for path, method in ((f"/m/{token}", "GET"), (f"/m/{token}/forget", "POST"), (f"/m/{token}/withdraw", "POST"), ("/x/y", "GET")):
        answer = asyncio.run(place.door.answer(Request(method, path, content_type=FORM, languages=asked)))
        assert answer.office or f'<html lang="{language}"' in answer.body.decode()


def test_every_language_says_everything() -> None:
    for table in (own._ALL, words._ALL):
        assert {language: set(said) ^ set(table["en"]) for language, said in table.items()} == {
            language: set() for language in table
        }
