"""Whatever is posted to a letter, a call, a pledge, a photo or an event: an answer, nothing reflected, nothing offered by nobody."""

import asyncio
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundswell.actions.acting.kinds import setting_of
from groundswell.actions.queries import PetitionView
from groundswell.basics.boxes import public_half
from groundswell.intake.journal import read
from groundswell.pages import publish
from groundswell.pages.door.app import Door, Request
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.masthead import House
from groundswell.pages.words import words
from groundswell.pages.words.acting import acting
from tests.actions.world import SETTINGS
from tests.pages.test_any_input import FORM, LINK, MARK, NOW
from tests.pages.test_door_served import PRIVATE, TOKEN_KEY, campaign, petition

KINDS = sorted(SETTINGS)
NAMES = [
    "outcome",
    "whom",
    "note",
    "subject",
    "letter",
    "reveal",
    "show",
    "photo",
    "name",
    "email",
    "consent",
    "t",
    "country",
    "give-up",
]
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from([MARK, LINK, "reached", "0", "1", "²", "-1", "99", "yes", "no", "%%LETTER%%", "a@example.org"]),
)
MULTIPART = "multipart/form-data; boundary=x"


def view(kind: str, language: str = "en") -> PetitionView:
    real = "letter" if kind == "send" else kind
    made = replace(petition(), slug=kind, kind=real, setting=setting_of(real, SETTINGS[kind]), home=kind)
    return replace(made, language=language)


@pytest.fixture(scope="module")
def door() -> Door:
    home = Path(tempfile.mkdtemp(prefix="gs-action-"))
    house = House("Org & Co", "/privacy", "https://act.example.org")
    for kind in KINDS:
        publish.write_files(home / "published", publish.petition_files(view(kind), campaign(), house))
    config = DoorConfig(home / "published", home / "journal", home / "o", "https://act.example.org", "Org & Co", {1: TOKEN_KEY}, 1,
                        public_half(PRIVATE), 1)  # fmt: skip
    return Door(config, clock=lambda: NOW)


def post(door: Door, path: str, body: bytes, kind: str = FORM) -> tuple[int, str]:
    answer = asyncio.run(door.answer(Request("POST", path, "", kind, False, body)))
    assert all("\n" not in value and "\r" not in value for _, value in answer.all_headers())
    return answer.status, answer.body.decode()


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), way=st.sampled_from(["sign", "photo", "give-up"]),
       fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=9))  # fmt: skip
@example(kind="call", way="sign", fields={"t": LINK, "note": MARK, "whom": MARK, "outcome": MARK})
@example(kind="send", way="sign", fields={"t": LINK, "letter": MARK, "subject": MARK})
@example(kind="send", way="sign", fields={"email": "a@example.org", "consent": "no", "letter": MARK + "%%NAME%%", "subject": MARK})
@example(kind="call", way="give-up", fields={"t": LINK})
@example(kind="event", way="give-up", fields={"t": LINK})
@example(kind="photo", way="photo", fields={"t": LINK, "photo": MARK, "show": "yes"})
def test_every_post_answers_and_reflects_nothing(door: Door, kind: str, way: str, fields: dict[str, str]) -> None:
    body = urlencode({k: v.encode("utf-8", "replace") for k, v in fields.items()}).encode()
    status, page = post(door, f"/a/{kind}/{way}", body)
    assert status in (200, 303, 404, 422), (kind, way, fields)
    assert MARK not in page and "<script>" not in page
    left = page.replace("%%NAME%%", "").replace("%%LETTER%%", "")
    assert "%%" not in left or any("%%" in value for value in fields.values())


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(KINDS), way=st.sampled_from(["sign", "photo"]), body=st.binary(max_size=400),
       told=st.sampled_from([FORM, MULTIPART, ""]))  # fmt: skip
@example(
    kind="photo",
    way="photo",
    body=b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n\xff\xd8\xff',
    told=MULTIPART,
)
def test_any_bytes_are_a_form_or_none(door: Door, kind: str, way: str, body: bytes, told: str) -> None:
    assert post(door, f"/a/{kind}/{way}", body, told)[0] < 500


def test_only_what_the_page_offers_comes_into_the_journal(door: Door) -> None:
    fields = {
        "email": "z@example.org",
        "consent": "no",
        "name": "Z",
        "outcome": "reached",
        "whom": "1",
        "note": "n" * 5000,
        "admin": "1",
    }
    assert post(door, "/a/call/sign", urlencode(fields).encode())[0] == 303
    assert post(door, "/a/call/sign", urlencode({**fields, "whom": "7"}).encode())[0] == 422
    assert post(door, "/a/pledge/sign", urlencode({**fields, "outcome": "kept", "subject": "x"}).encode())[0] == 303
    assert post(door, "/a/send/photo", urlencode(fields).encode())[0] == 404, "only a photo's page takes photos"
    folder = door.config.journal
    entries = [entry.content for path in sorted(folder.glob("*.journal")) for _, entry in read(path, private_keys={1: PRIVATE})]
    mine = [entry["deed"] for entry in entries if entry.get("fields", {}).get("email") == "z@example.org"]
    assert [(deed["kind"], deed["outcome"], deed["whom"]) for deed in mine] == [
        ("call", "reached", "Rep. Anybody"),
        ("pledge", "pledged", ""),
    ]
    assert len(mine[0]["texts"]["note"]) == 600 and mine[1]["texts"] == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ar", "de", "en", "es", "fr"])
def test_a_page_of_every_kind_speaks_its_language_whole(kind: str, language: str) -> None:
    house = House("Org & Co", "/privacy", "https://act.example.org")
    made = view(kind, language)
    files = publish.petition_files(made, campaign(), house)
    page = files[f"a/{kind}/index.html"].decode()
    assert f'lang="{language}"' in page and " style=" not in page and " onclick" not in page and len(page) < 30_000
    english, own = acting("en", made.manner), words(language, made.manner)
    if language != "en":
        same = [key for key, text in english.items() if own[key] == text]
        assert same == [], "a word that is not translated"
    facts = json.loads(files[f"a/{kind}/action.json"])
    assert facts["kind"] == made.kind and facts["act"]["needs"].keys() <= {
        *facts["act"]["texts"],
        *facts["act"]["ticks"],
        "outcome",
        "whom",
        "name",
    }


def test_a_photo_page_is_light(door: Door) -> None:
    photos = publish.petition_files(view("photo"), campaign(), House("O", "/p", "https://act.example.org"))
    assert sum(len(content) for name, content in photos.items() if name.endswith((".css", ".js", "index.html"))) < 60_000
