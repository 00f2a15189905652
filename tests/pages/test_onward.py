"""After signing: the next action keeps its one button, and a sharer sees what came of their link."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.actions.models import Signature
from groundswell.basics.tokens import seal_delivery
from groundswell.campaigns import queries as campaigns
from groundswell.pages import publish
from groundswell.pages.door.app import is_ours
from groundswell.pages.masthead import House
from groundswell.pages.petition.look import Look
from groundswell.post.models import Delivery
from tests.pages.test_door import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    made = Place(home, now)
    first = queries.petition(made.petition)
    following = actions.open_petition(
        slug="and-this", campaign_id=first.campaign_id, title="And this", text="Too.", goal=10, thanks_subject="T", thanks_text="T",
        now=now,
    )  # fmt: skip
    house = House("Org & Co", "/privacy", "https://act.example.org")
    about = campaigns.campaign(first.campaign_id, now.date())
    onward = Look(next_title="One more", next_url="/a/and-this")
    for files in (publish.petition_files(first, about, house, look=onward),
                  publish.petition_files(queries.petition(following), about, house)):  # fmt: skip
        publish.write_files(home / "published", files)
    yield made


def test_a_reader_signs_the_next_one_with_one_click_too(place: Place) -> None:
    delivery = place.delivery("ada@example.org")
    answer = place.ask("POST", "/a/end-it/sign", f"t={place.token(delivery)}")
    path, _, query = dict(answer.all_headers())["location"].partition("?")
    thanks = place.ask("GET", path, query=query)
    assert dict(thanks.all_headers())["cache-control"] == "no-store"
    token = query.partition("&t=")[2]
    assert f'href="/a/and-this?t={token}"' in thanks.body.decode()
    assert "Sign with one click" in place.ask("GET", "/a/and-this", query=f"t={token}").body.decode()
    assert place.ask("POST", "/a/and-this/sign", f"t={token}").status == 303
    place.apply()
    assert set(Signature.objects.values_list("petition__slug", "position")) == {("end-it", "body-1"), ("and-this", "next")}


def test_a_thank_you_that_makes_no_letter_costs_nobody_their_name(place: Place) -> None:
    """`and-this` is thanked for with a word that is no letter: it has no ask."""
    assert place.ask("POST", "/a/and-this/sign", "email=eve%40example.org&consent=no").status == 303
    place.apply()
    assert Signature.objects.get().state == "confirmed" and not Delivery.objects.exists()


def test_a_stranger_and_a_foreign_token_go_on_to_the_form(place: Place) -> None:
    answer = place.ask("POST", "/a/end-it/sign", "email=eve%40example.org&consent=no")
    assert "t=" not in dict(answer.all_headers())["location"]
    for foreign in ("", "x", place.token(place.delivery("bob@example.org"))):
        page = place.ask("GET", "/a/end-it/thanks", query=f"r=AAAAAAAAAAAA&t={foreign}").body.decode()
        assert 'href="/a/and-this"' in page and "%%" not in page


def test_a_sharer_sees_what_came_of_their_link_from_the_thank_you_letter_only(place: Place) -> None:
    code = dict(place.ask("POST", "/a/end-it/sign", "email=ada%40example.org&consent=no").all_headers())["location"][-12:]
    place.apply()
    for friend in ("bob", "eve"):
        place.ask("POST", "/a/end-it/sign", f"email={friend}%40example.org&consent=no&r={code}")
    place.apply()
    ada = Signature.objects.order_by("person_id")[0]
    thanks = Delivery.objects.get(person_id=ada.person_id, letter__kind="thanks")
    path = f"/m/{seal_delivery(place.keys, 'mine', thanks.pk)}/shares"
    assert not is_ours(path), "the door hands it on to the office's process"
    page = Client().get(path)
    assert page.status_code == 200 and b"<strong>2</strong> people have signed because of you" in page.content
    assert code in page.content.decode() and b"example.org" not in page.content
    assert page["referrer-policy"] == "no-referrer" and "no-store" in page["cache-control"]
    other = seal_delivery(place.keys, "mine", place.delivery("zoe@example.org"))
    assert Client().get(f"/m/{other}/shares").status_code == 404, "any other letter may have been passed on"
    assert Client().get("/m/abc/shares").status_code == 404 and Client().post(path).status_code == 405
    assert f"{path}" in place.ask("GET", path.removesuffix("/shares")).body.decode()
