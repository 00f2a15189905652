"""Whatever is posted to a public address: an answer, never a crash, and nothing of it comes back as markup."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundswell.basics.boxes import public_half
from groundswell.basics.clock import day_number
from groundswell.basics.ids import ActionId, DeliveryId
from groundswell.basics.tokens import Link, seal_delivery, seal_link
from groundswell.pages import publish
from groundswell.pages.door.answers import Answer, Request
from groundswell.pages.door.app import Door
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.masthead import House
from groundswell.pages.petition.look import ASKABLE, Look
from tests.pages.test_door_served import KEYS, PRIVATE, TOKEN_KEY, campaign, petition

FORM = "application/x-www-form-urlencoded"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MARK = "<script>\"'&x</script>"
UNSUBSCRIBE = seal_delivery(KEYS, "unsubscribe", DeliveryId(5))
LINK = seal_link(KEYS, Link(DeliveryId(5), ActionId(7), day_number(NOW), "body-1", "<b>"))
NAMES = ["name", "email", "country", "postcode", "phone", "reason", "public", "anonymous", "partner", "consent", "source", "r",
         "stamp", "altcha", "text_version", "t", "sure", "website", "x"]  # fmt: skip
ADDRESSES = ["/a/end-it/sign", "/a/end-it/confirm", f"/u/{UNSUBSCRIBE}", *(f"/m/{UNSUBSCRIBE}/{act}" for act in (
    "unsubscribe", "subscribe", "withdraw", "withdraw-all", "data", "forget", "nothing")), "/a/none/sign", "/m/x/forget", "/u/"]  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=60), st.sampled_from([MARK, LINK, "😀" * 5000, "' OR 1=1;--", "%%NAME%%", "%%WORK%%", "ada@example.org", "yes", "\x00\r\nX: y", "{{7*7}}", "partner-watch"])
)  # fmt: skip


@pytest.fixture(scope="module")
def door() -> Door:
    home = Path(tempfile.mkdtemp(prefix="gs-input-"))
    house = House("Org & Co", "/privacy", "https://act.example.org")
    watch = ("partner-watch", "Watch", "Yes, Watch may write to me too.", "https://watch.example.org/privacy")
    look = Look(fields=ASKABLE, partners=(watch,), next_url="/a/end-it", share_texts=("One", "Two"))
    publish.write_files(home / "published", publish.petition_files(petition(), campaign(), house, look=look))
    config = DoorConfig(home / "published", home / "journal", home / "o", "https://act.example.org", "Org & Co", {1: TOKEN_KEY}, 1,
                        public_half(PRIVATE), 1)  # fmt: skip
    return Door(config, clock=lambda: NOW)


def ask(door: Door, method: str, path: str, body: bytes = b"", kind: str = FORM, query: str = "") -> Answer:
    return asyncio.run(door.answer(Request(method, path, query, kind, False, body)))


@settings(max_examples=400, deadline=None)
@given(path=st.sampled_from(ADDRESSES), fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8))
@example(path="/a/end-it/sign", fields={"name": MARK, "email": MARK, "consent": MARK, "country": MARK, "source": MARK, "r": MARK})
@example(path="/a/end-it/sign", fields={"email": "ada@gmial.com", "name": MARK, "sure": MARK, "consent": "no"})
@example(path="/a/end-it/confirm", fields={"t": LINK})
def test_every_public_post_answers_and_reflects_nothing(door: Door, path: str, fields: dict[str, str]) -> None:
    answer = ask(door, "POST", path, urlencode({k: v.encode("utf-8", "replace") for k, v in fields.items()}).encode())
    assert answer.status in (200, 303, 404, 405, 410, 413, 422), (path, fields)
    page = answer.body.decode()
    for value in fields.values():
        if "<" in value or '"' in value:
            assert value not in page or value.strip() in ("<", '"'), (path, value)
    assert MARK not in page and "<script>" not in page and "%%" not in page.replace("%%NAME%%", "").replace("%%WORK%%", "")
    assert all("\n" not in value and "\r" not in value for _, value in answer.all_headers())


@settings(max_examples=300, deadline=None)
@given(
    path=st.sampled_from(ADDRESSES),
    body=st.binary(max_size=400),
    kind=st.sampled_from([FORM, "multipart/form-data; boundary=x", "", "é"]),
)
def test_any_bytes_are_a_form_or_none(door: Door, path: str, body: bytes, kind: str) -> None:
    assert ask(door, "POST", path, body, kind).status < 500


@settings(max_examples=300, deadline=None)
@given(query=st.text(max_size=80), where=st.sampled_from(["/a/end-it", "/a/end-it/thanks", "/a/end-it/confirm"]))
def test_any_query_gets_a_page_without_it_as_markup(door: Door, query: str, where: str) -> None:
    marked = f"source={quote_from_bytes(MARK.encode())}&r={quote_from_bytes(MARK.encode())}&{query}".encode(
        "utf-8", "replace"
    ).decode()
    answer = ask(door, "GET", where, query=marked)
    assert answer.status in (200, 410) and MARK not in answer.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/a/end-it",
        "/a/end-it/thanks",
        "/a/end-it/confirm",
        "/a/end-it/count.json",
        f"/u/{UNSUBSCRIBE}",
        f"/m/{UNSUBSCRIBE}",
        "/a/none",
        f"/{publish.STYLE_NAME}",
    ],
)
def test_headers_are_graded(door: Door, path: str) -> None:
    headers = dict(ask(door, "GET", path).all_headers())
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["base-uri"] == "'none'" and policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'" and policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"] and "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin" and headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"] and "set-cookie" not in headers and "server" not in headers
    assert headers["cache-control"]


def test_no_page_of_ours_holds_style_or_script_in_itself(door: Door) -> None:
    for path in ("/a/end-it", "/a/end-it/thanks", f"/m/{UNSUBSCRIBE}", "/a/none"):
        page = ask(door, "GET", path).body.decode()
        assert " style=" not in page and "<style" not in page and " onclick" not in page and "javascript:" not in page
        assert page.count("<script") == page.count('<script src="/assets/')


def test_a_thousand_goals_are_raised_as_they_are_reached() -> None:
    from groundswell.actions.goals import next_goal

    assert [next_goal(count, 1000) for count in (0, 899, 900, 999, 1000)] == [1000, 1000, 2500, 2500, 2500]
    goals, goal = [], 100
    for count in range(0, 200_000, 37):
        goal = next_goal(count, goal)
        goals.append(goal)
        assert goal > count
    assert sorted(set(goals)) == [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000]
    assert next_goal(3, 777) == 777, "a goal that staff set stays until it is near"


def test_the_form_stands_on_another_site_and_the_one_click_button_never_does(door: Door) -> None:
    answer = ask(door, "GET", "/a/end-it/embed", query=f"source=partner-x&t={LINK}")
    page, headers = answer.body.decode(), dict(answer.all_headers())
    assert "frame-ancestors *" in headers["content-security-policy"] and headers["cross-origin-resource-policy"] == "cross-origin"
    assert (
        'target="_top"' in page
        and 'value="partner-x"' in page
        and "Sign with one click" not in page
        and "set-cookie" not in headers
    )
    script = ask(door, "GET", "/a/end-it/embed.js")
    assert b"/a/end-it/embed" in script.body and dict(script.all_headers())["content-type"].startswith(
        ("text/javascript", "application/javascript")
    )
    assert "frame-ancestors 'none'" in dict(ask(door, "GET", "/a/end-it").all_headers())["content-security-policy"]
    assert ask(door, "GET", "/a/none/embed").status == 404
