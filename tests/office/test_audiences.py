"""Staff say who a letter is for: counted as often as they like, saved when it is right, and in words that can be checked."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from groundswell.actions import operations as actions
from groundswell.campaigns import operations as campaigns
from groundswell.mailings.audiences import operations, queries
from groundswell.office import audience_form as form
from groundswell.people import operations as people
from groundswell.staff.operations import one_time_password
from tests.mailings.crowd import mail
from tests.people.test_people import supporter
from tests.stage import NEEDS_CHROMIUM, browsing

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(client: Client, now: datetime) -> Client:
    campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    actions.open_petition(
        slug="coal", campaign_id=campaign, title="Stop <coal>", text="Stop.", goal=10, thanks_subject="T", thanks_text="T", now=now
    )
    people.tag(persons=[supporter(now, "ada@example.org"), supporter(now, "cem@example.org")], name="volunteer")
    supporter(now, "dan@example.org")
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    return client


def test_charlie_sees_no_audience(client: Client) -> None:
    for place in ("/office/audiences/", "/office/audiences/new/"):
        assert client.get(place).status_code == 302


def test_bob_counts_and_saves_an_audience(bob: Client) -> None:
    page = bob.get("/office/audiences/new/").content.decode()
    assert (
        "Stop &lt;coal&gt;" in page and "volunteer" in page and "<script>" not in page.partition("<form")[2].partition("</form>")[0]
    )
    rows = {"name": "Volunteers", "in-tag": "volunteer", "in-country": "gb, ie", "out-signed": "coal", "do": "count"}
    page = bob.post("/office/audiences/new/", rows).content.decode()
    assert "2 people would get a letter now" in page and "Without those who have signed" in page
    assert queries.audiences() == [], "counting saves nothing"
    assert bob.post("/office/audiences/new/", {**rows, "do": "save"}).status_code == 302
    (saved,) = queries.audiences()
    assert saved.slug == "volunteers" and saved.definition == {
        "include": {"all": [{"tag": "volunteer"}, {"country": ["GB", "IE"]}]}, "exclude": [{"signed": "coal"}],
    }  # fmt: skip
    page = bob.get("/office/audiences/volunteers/").content.decode()
    changed = {"name": "All", "text": '{"include": {"language": ["en"]}}', "do": "save"}
    assert '<option value="volunteer" selected>' in page and 'value="GB, IE"' in page and "2 people would get" in page
    assert bob.post("/office/audiences/volunteers/", changed).status_code == 302
    assert "People who read en." in bob.get("/office/audiences/").content.decode()
    assert bob.get("/office/audiences/volunteers/remove/").status_code == 405, "looking changes nothing"
    assert bob.post("/office/audiences/volunteers/remove/").status_code == 302 and queries.audiences() == []
    assert bob.get("/office/audiences/volunteers/").status_code == 404


@pytest.mark.parametrize(
    "rows",
    [
        {"in-country": "Germany"},
        {"in-acted_within_days": "'; DROP"},
        {"out-signed": "gas"},
        {"text": "{{ 7*7 }}"},
        {"in-language": "%"},
    ],
)
def test_what_is_not_understood_is_said_and_kept(rows: dict[str, str], bob: Client) -> None:
    answer = bob.post("/office/audiences/new/", {"name": "Mine", **rows, "do": "save"})
    assert answer.status_code == 422 and 'value="Mine"' in answer.content.decode() and "Not understood" in answer.content.decode()


EVERYTHING = {
    "in-signed": ["coal"], "in-source": "mail, friend", "in-acted_within_days": "90", "in-tag": ["volunteer"],
    "in-language": "en", "in-joined-from": "2024-01-01", "in-share-of": "subject", "in-share-to": "12.5",
    "in-fact-age-at_least": "18", "in-fact-member-is": "no", "out-audience": ["friends"], "out-mailed_within_hours": "48",
    "out-had_letters-at_least": "3", "out-had_letters-days": "30", "out-fact-since-at_most": "2020-01-01", "out-region": "Québec",
    "out-joined_from": "fair", "out-postcode_area": "ls1", "out-topic": ["climate"], "cap-letters": "2", "cap-days": "7",
}  # fmt: skip


def test_the_form_says_everything_and_is_filled_in_again(bob: Client, now: datetime) -> None:
    people.tag(persons=[supporter(now, "eve@example.org")], name="climate", kind="topic")
    for slug, kind in (("age", "number"), ("member", "yes"), ("since", "date")):
        people.make_field(slug=slug, label=slug.title(), kind=kind)
    operations.save_audience(slug="friends", name="Friends", definition={"include": {"source": "friend"}}, now=now)
    answer = bob.post("/office/audiences/new/", {"name": "Everything", **EVERYTHING, "do": "save"})
    assert answer.status_code == 302
    saved = queries.audience_named("everything")
    assert saved is not None and saved.definition == {
        "include": {"all": [
            {"signed": "coal"}, {"tag": "volunteer"}, {"any": [{"source": "mail"}, {"source": "friend"}]}, {"language": ["en"]},
            {"acted_within_days": 90}, {"share": {"of": "subject", "to": 12.5}}, {"joined": {"from": "2024-01-01"}},
            {"fact": {"name": "age", "at_least": 18}}, {"fact": {"name": "member", "is": False}},
        ]},
        "exclude": [
            {"topic": "climate"}, {"audience": "friends"}, {"joined_from": "fair"}, {"region": ["Québec"]},
            {"postcode_area": ["LS1"]}, {"mailed_within_hours": 48}, {"had_letters": {"at_least": 3, "days": 30}},
            {"fact": {"name": "since", "at_most": "2020-01-01"}},
        ],
        "cap": {"letters": 2, "days": 7},
    }  # fmt: skip
    filled = form.answers(saved.definition, queries.catalogue())
    assert filled is not None and form.definition(filled, queries.catalogue()) == saved.definition
    page = bob.get("/office/audiences/everything/").content.decode()
    assert 'value="12.5"' in page and 'value="Québec"' in page and '<option value="friends" selected>' in page
    assert '<option value="everything"' not in page, "made of itself"


def test_what_the_form_cannot_say_stays_a_text(bob: Client, now: datetime) -> None:
    either = {"include": {"any": [{"tag": "volunteer"}, {"not": {"signed": "coal"}}]}}
    operations.save_audience(slug="either", name="Either", definition=either, now=now)
    page = bob.get("/office/audiences/either/").content.decode()
    assert "&quot;not&quot;" in page and "<textarea" in page
    back = bob.post("/office/audiences/either/", {"name": "Either", "text": json.dumps(either), "do": "form"})
    assert (
        back.status_code == 422 and "The form can&#x27;t say this" in back.content.decode() and "<textarea" in back.content.decode()
    )
    simple = bob.post("/office/audiences/either/", {"text": '{"include": {"tag": "volunteer"}}', "do": "form"}).content.decode()
    assert "<textarea" not in simple and '<option value="volunteer" selected>' in simple
    text = bob.post("/office/audiences/either/", {"in-tag": "volunteer", "do": "text"}).content.decode()
    assert "<textarea" in text and "&quot;tag&quot;: &quot;volunteer&quot;" in text
    saved = queries.audience_named("either")
    assert saved is not None and saved.definition == either, "looking changed nothing"


def test_names_without_our_letters_and_names_that_are_there_already(bob: Client) -> None:
    for name in ("العربية", "中文", "Same", "Same"):
        assert bob.post("/office/audiences/new/", {"name": name, "in-tag": "volunteer", "do": "save"}).status_code == 302
    assert {each.slug for each in queries.audiences()} == {"audience", "audience-2", "same", "same-2"}


def test_bob_gives_a_draft_its_audience(bob: Client, now: datetime) -> None:
    operations.save_audience(slug="mine", name="Mine", definition={"include": {"tag": "volunteer"}}, now=now)
    answer = bob.post("/office/audiences/mine/use/", {"mailing": "gone"}, follow=True)
    assert "no mailing “gone”" in answer.content.decode()
    operations.save_audience(slug="other", name="Other", definition={"include": {"audience": "mine"}}, now=now)
    answer = bob.post("/office/audiences/mine/remove/", follow=True)
    assert "is made of this audience" in answer.content.decode() and queries.audience_named("mine")


@pytest.mark.django_db(transaction=True)
@NEEDS_CHROMIUM
def test_it_counts_while_bob_fills_it_in(bob: Client, live_server: LiveServer, now: datetime) -> None:
    """With a script by itself, on a phone too; without one by the button (on a phone Wagtail's menu needs a script)."""
    from playwright.sync_api import expect

    from tests.axe import axe

    people.tag(persons=[supporter(now, f"walker{n}@example.org") for n in range(2)], name="walker")
    cookie = bob.cookies[settings.SESSION_COOKIE_NAME].value
    with browsing() as browser:
        for width, scripts, scheme in ((390, True, "dark"), (1280, True, "light"), (1280, False, "light")):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=scripts, color_scheme=scheme
            )  # fmt: skip
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.goto(f"{live_server.url}/office/audiences/new/")
            page.get_by_label("Its name").fill("Walkers")
            page.locator("summary", has_text="Marks").first.click()
            page.locator("#in-tag").select_option("walker")
            if scripts:
                faults = axe(page, ".gs")
                assert not faults, [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in faults]
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            else:
                page.get_by_role("button", name="Count").click()
            expect(page.locator("#numbers")).to_contain_text("2 people would get a letter now", timeout=20_000)
            assert page.get_by_label("Its name").input_value() == "Walkers"
    assert queries.audiences() == [], "counting saves nothing"


def test_the_house_cap_is_shown_with_what_it_takes_away(bob: Client, now: datetime, settings: Any) -> None:
    mail(supporter(now, "ada@example.org"), now=now, at=datetime.now(UTC) - timedelta(days=2))
    rows = {"name": "All", "in-language": "en", "do": "count"}
    page = bob.post("/office/audiences/new/", rows).content.decode()
    assert "3 people would get a letter now" in page and "house’s cap as well" not in page
    settings.GROUNDSWELL = settings.GROUNDSWELL.model_copy(update={"cap_letters": 1, "cap_days": 5})
    page = bob.post("/office/audiences/new/", rows).content.decode()
    assert "2 people would get a letter now" in page and "Had one letter in 5 days" in page
    assert "house’s cap as well: nobody who had one letter in the last 5 days. Without it they would be 3." in page
    page = bob.post("/office/audiences/new/", {**rows, "cap-letters": "2", "cap-days": "5"}).content.decode()
    assert "3 people would get a letter now" in page and "house’s cap as well" not in page, "its own cap is the one that counts"


def test_a_choice_is_chosen_and_a_word_that_is_none_any_more_stays(bob: Client, now: datetime) -> None:
    people.make_field(slug="chapter", label="Chapter", kind="choice")
    people.set_fact(person=supporter(now, "old@example.org"), slug="chapter", value="West")
    people.make_field(slug="chapter", label="Chapter", kind="choice", choices=["North", "South"])
    page = bob.get("/office/audiences/new/").content.decode()
    assert page.count('<option value="South">South</option>') == 2 and 'id="in-fact-chapter-is"' in page
    page = bob.post("/office/audiences/new/", {"name": "N", "in-fact-chapter-is": "North", "do": "save"})
    assert queries.audiences()[0].definition == {"include": {"fact": {"name": "chapter", "is": "North"}}}
    operations.save_audience(slug="w", name="West", definition={"include": {"fact": {"name": "chapter", "is": "West"}}}, now=now)
    assert '<option value="West" selected>West</option>' in bob.get("/office/audiences/w/").content.decode()
