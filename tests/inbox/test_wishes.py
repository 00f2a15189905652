"""Less mail, or one topic only: asked with one press from the letter itself, and kept from the next hand-over on."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.actions import queries as actions
from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.basics.tokens import seal_delivery
from groundswell.engine.compile import compile_appeal
from groundswell.pages.door.app import Request
from groundswell.pages.words.goodbye import goodbye_words
from groundswell.people import operations as people
from groundswell.post import operations as post
from groundswell.post import queries, wishes
from groundswell.post.deliver import deliver
from groundswell.post.models import Delivery, State
from groundswell.post.recipients import Addressing, PostOffice
from groundswell.post.wish_rules import LESS_DAYS, OTHER_TOPIC, TOO_SOON
from tests.engine.test_letter import ACTION, APPEAL, SENDER, SOURCES
from tests.pages.test_door import Place
from tests.post.test_post import Relay, office

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    yield Place(home, now)


def lodged(place: Place, key: str, persons: list[PersonRef], topic: int | None = None) -> LetterId:
    letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
    assert letter is not None
    letter_id = post.lodge(key=key, letter=letter, kind="mailing", action=place.petition, topic=topic, now=place.now)
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=place.now)
    return letter_id


def handed_over(place: Place, letter_id: LetterId) -> int:
    return deliver(letter_id=letter_id, office=office(place.home), transport=Relay(), clock=lambda: place.now)


def person(delivery: DeliveryId) -> PersonRef:
    return PersonRef(Delivery.objects.get(pk=delivery).person_id)


def token(place: Place, delivery: DeliveryId) -> str:
    return seal_delivery(place.keys, "unsubscribe", delivery)


def test_less_mail_is_kept_in_the_next_mailing_and_ends_with_the_month(place: Place) -> None:
    first = place.delivery(ADA)
    assert handed_over(place, LetterId(Delivery.objects.get(pk=first).letter_id)) == 1
    assert b"Less it is" in place.ask("POST", f"/m/{token(place, first)}/less").body
    running = lodged(place, "running", [person(first)])
    place.apply()
    place.now += timedelta(days=2)
    assert handed_over(place, running) == 0
    assert queries.withheld(running) == {TOO_SOON: 1}
    place.now += timedelta(days=LESS_DAYS)
    assert handed_over(place, lodged(place, "next month", [person(first)])) == 1


def test_only_this_topic_lets_that_campaigns_letters_through(place: Place) -> None:
    first = place.delivery(ADA)
    place.ask("POST", f"/m/{token(place, first)}/topic")
    place.apply()
    campaign = actions.petition(place.petition).campaign_id
    other, same = lodged(place, "other", [person(first)], campaign + 1), lodged(place, "same", [person(first)], campaign)
    assert handed_over(place, other) == 0 and queries.withheld(other) == {OTHER_TOPIC: 1}
    assert handed_over(place, same) == 1


def test_a_wish_never_writes_to_who_left_and_write_to_me_takes_it_back(place: Place) -> None:
    first = place.delivery(ADA)
    who, mine = person(first), token(place, first)
    for act in ("unsubscribe", "less", "topic"):
        place.ask("POST", f"/m/{mine}/{act}")
    place.apply()
    assert handed_over(place, lodged(place, "m2", [who])) == 0, "a wish raises no consent"
    wished = wishes.wished(who)
    assert wished is not None and wished.days == 30 and wished.topic
    place.ask("POST", f"/m/{mine}/subscribe")
    place.apply()
    assert wishes.wished(who) is None and handed_over(place, lodged(place, "m3", [who])) == 1


def test_looking_changes_nothing_and_a_forged_link_does_nothing(place: Place) -> None:
    mine = token(place, place.delivery(ADA))
    for method in ("GET", "HEAD"):
        for path in (f"/u/{mine}", f"/m/{mine}/less", f"/m/{mine}/topic"):
            place.ask(method, path)
    assert place.ask("POST", f"/m/{mine[:-1]}{'a' if mine[-1] != 'a' else 'b'}/less").status == 404
    place.apply()
    assert wishes.everybody() == []


def test_one_click_of_the_mail_program_still_leaves_altogether(place: Place, now: datetime) -> None:
    first = place.delivery(ADA)
    place.ask("POST", f"/u/{token(place, first)}", "List-Unsubscribe=One-Click")
    place.apply()
    assert State(Delivery.objects.get(pk=first).state) == State.WITHHELD


def test_the_goodbye_page_offers_three_ways_without_script_in_each_language(place: Place) -> None:
    mine = token(place, place.delivery(ADA))
    for language in ("en", "de", "fr", "es", "ar"):
        page = place.ask("GET", f"/u/{mine}", query=f"l={language}").body.decode()
        words = goodbye_words(language)
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page and "<script" not in page
        assert page.count('<form method="post"') == 3 and "{days}" not in page
        for act in ("all", "less", "topic"):
            assert f"<h2>{words[act]}</h2>" in page.replace("&#x27;", "'")
        assert set(words) == set(goodbye_words("en")), language
        said = place.ask("POST", f"/m/{mine}/less", query=f"l={language}").body.decode()
        assert words["less_done"] in said and f"/m/{mine}?l={language}" in said


def test_a_forgotten_persons_wish_is_forgotten(place: Place) -> None:
    from groundswell.inbox.operations.tidy import tidy

    who = person(place.delivery(ADA))
    wishes.less_mail(person=who, now=place.now)
    people.forget(person=who, staff_id=None, why="asked", now=place.now)
    tidy(now=place.now)
    assert wishes.everybody() == []


def test_a_wish_goes_with_its_person_into_a_merge_and_back(now: datetime) -> None:
    follower = wishes.Following()
    wishes.less_mail(person=PersonRef(1), now=now)
    moved = follower.move(gone=1, kept=2, anew=None)
    assert moved and wishes.everybody() == [2]
    follower.back(gone=1, kept=2, moved=moved, anew=None)
    assert wishes.everybody() == [1]
    wishes.only_topic(person=PersonRef(2), topic=7, now=now)
    assert not follower.move(gone=1, kept=2, anew=None) and sorted(wishes.everybody()) == [1, 2]


def test_a_letters_way_out_speaks_the_letters_language(place: Place) -> None:
    ours = PostOffice(place.keys, "https://act.example.org", "b.example.org", place.home, lambda domain: ())
    english = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
    assert english is not None
    row = place.delivery(ADA)
    for language, asked, words in (("de-AT", "en", "Abmelden"), ("ar", "", "إلغاء الاشتراك"), ("tlh", "es", "Darse de baja")):
        letter = replace(english, language=language)
        address = Addressing(ours, letter, 100).recipient(row, ADA, "Ada", {}).unsubscribe_url
        path, _, query = address.removeprefix("https://act.example.org").partition("?")
        page = asyncio.run(place.door.answer(Request("GET", path, query, languages=asked))).body.decode()
        assert words in page, "the letter's language where we speak it, else the browser's"
        assert page.count(f"?{query}") >= 3 or language == "tlh", "and so do the pages behind it"
