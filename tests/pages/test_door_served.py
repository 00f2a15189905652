"""The door as the world meets it: a real server on a real port, with and without the office behind it."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from groundswell.actions.queries import PetitionView
from groundswell.basics.boxes import public_half
from groundswell.basics.clock import day_number
from groundswell.basics.ids import ActionId, DeliveryId
from groundswell.basics.tokens import KEY_BYTES, Link, TokenKeys, seal_delivery, seal_link
from groundswell.campaigns.queries import CampaignView
from groundswell.intake.journal import read
from groundswell.pages import publish
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.masthead import House
from tests.axe import axe
from tests.ports import free_port
from tests.stage import NEEDS_CHROMIUM, browsing

PRIVATE = bytes(range(32))
TOKEN_KEY = bytes(range(KEY_BYTES))
KEYS = TokenKeys({1: TOKEN_KEY}, 1)
FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=xx"}
Encode = Callable[[dict[str, str]], str]
GRANIAN = [sys.executable, "-m", "granian", "--workers", "1", "--log-level", "error"]


def multipart(values: dict[str, str]) -> str:
    parts = (f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in values.items())
    return "".join(parts) + "--xx--\r\n"


class Served:
    """A published petition and the processes that serve it."""

    def __init__(self, home: Path, private: bytes = PRIVATE) -> None:
        self.home, self.port, self.seen, self.private = home, free_port(), 0, private
        self.socket = home / "o.sock"
        house = House("Org & Co", "/privacy", "https://act.example.org")
        publish.write_files(home / "published", publish.petition_files(petition(), campaign(), house))
        DoorConfig(
            home / "published", home / "journal", self.socket, "https://act.example.org", "Org & Co", {1: TOKEN_KEY}, 1,
            public_half(private), 1,
        ).write(home / "door.json")  # fmt: skip
        self.children: list[subprocess.Popen[bytes]] = []
        environment = {**os.environ, "GROUNDSWELL_DOOR": str(home / "door.json")}
        door = ["--interface", "rsgi", "--port", str(self.port), "groundswell.pages.door.main:application"]
        self._start(door, environment)
        self._until(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close())

    def open_office(self) -> None:
        self._start(["--interface", "wsgi", "--uds", str(self.socket), "tests.pages.office_stub:application"], dict(os.environ))
        self._until(lambda: _knock(self.socket))

    def close_office(self) -> None:
        _end(self.children.pop())
        self.socket.unlink(missing_ok=True)

    def close(self) -> None:
        while self.children:
            _end(self.children.pop())

    def ask(self, method: str, path: str, body: str | bytes | None = None, headers: dict[str, str] | None = None):  # type: ignore[no-untyped-def]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            content = body.encode() if isinstance(body, str) else body
            connection.request(method, path, content, headers or (FORM if body is not None else {}))
            answer = connection.getresponse()
            return answer.status, {name.lower(): ", ".join(answer.headers.get_all(name)) for name in answer.headers}, answer.read()
        finally:
            connection.close()

    def kept(self) -> list[tuple[UUID, dict[str, Any]]]:
        files = sorted((self.home / "journal").glob("*.journal"))
        return [(entry.id, entry.content) for path in files for _, entry in read(path, private_keys={1: self.private})]

    def fresh(self) -> list[tuple[UUID, dict[str, Any]]]:
        """What the journal took since this test began."""
        return self.kept()[self.seen :]

    def _start(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.children.append(subprocess.Popen([*GRANIAN, *arguments], env=environment))

    def _until(self, works) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.children[-1].poll() is None
            with suppress(OSError):
                works()
                return
            time.sleep(0.05)
        raise AssertionError("the server did not start")


def petition() -> PetitionView:
    return PetitionView(ActionId(7), "end-it", 1, "en", 3, "End it", "Please **end** it.", 10, 4, "Thanks", "Thanks")


def campaign() -> CampaignView:
    return CampaignView(slug="c", title="C", summary="", target="T")


def _knock(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("door"))
    yield served
    served.close()


@pytest.fixture
def served(running: Served) -> Served:
    running.seen = len(running.kept())
    return running


def link(action: int = 7) -> str:
    return seal_link(KEYS, Link(DeliveryId(5), ActionId(action), day_number(datetime.now(UTC)), "body-1", "Aae"))


@pytest.mark.parametrize(("headers", "encode"), [(FORM, urlencode), (MULTIPART, multipart)])
def test_a_stranger_signs_and_a_double_click_is_the_same_entry(served: Served, headers: dict[str, str], encode: Encode) -> None:
    values = {"name": "Ünal", "email": "u@example.org", "country": "GB", "postcode": "N1", "consent": "yes", "text_version": "2"}
    for _ in range(2):
        status, answered, _ = served.ask("POST", "/a/end-it/sign", encode(values), headers)
        assert status == 303 and re.fullmatch(r"/a/end-it/thanks\?r=[\w-]{12}", answered["location"])
    (first, content), (second, _) = served.fresh()
    assert first == second, "the id is the person's and the action's, not the click's"
    assert content["version"] == 2, "what stood above the button, although the text has moved on to 3"
    assert content["fields"] == {name: values[name] for name in ("name", "email", "postcode", "country", "consent")}
    served.ask("POST", "/a/end-it/sign", encode({**values, "consent": "no", "text_version": "9"}), headers)
    third, content = served.fresh()[2]
    assert third != first and content["version"] == 3, (
        "a no that comes after a yes arrives; a version that is none counts as today's"
    )


def test_a_reader_signs_with_one_click_and_a_foreign_token_says_nothing(served: Served) -> None:
    status, headers, page = served.ask("GET", f"/a/end-it?t={link()}")
    assert status == 200 and headers["cache-control"] == "no-store" and b"Sign with one click" in page
    assert served.fresh() == []
    assert served.ask("POST", "/a/end-it/sign", f"t={link()}")[1]["location"].startswith("/a/end-it/thanks?r=")
    assert [content["token"] for _, content in served.fresh()] == [link()]
    assert b"Sign with one click" not in served.ask("GET", f"/a/end-it?t={link(8)}")[2]
    assert served.ask("POST", "/a/end-it/sign", f"t={link(8)}")[1]["location"] == "/a/end-it"
    assert len(served.fresh()) == 1


def test_a_robot_is_answered_like_anyone_and_dropped(served: Served) -> None:
    form = "email=r%40example.org&consent=yes&website=x"
    assert served.ask("POST", "/a/end-it/sign", form)[1]["location"] == "/a/end-it/thanks"
    assert served.fresh() == []


def test_a_form_with_a_slip_comes_back_with_everything_in_it(served: Served) -> None:
    form = {"name": "%%EMAIL%% <b>", "email": "ada@", "country": "IE", "postcode": "D01", "consent": "no"}
    status, headers, page = served.ask("POST", "/a/end-it/sign", urlencode(form))
    text = page.decode()
    assert status == 422 and headers["cache-control"] == "no-store" and served.fresh() == []
    for kept in ('value="%%EMAIL%% &lt;b&gt;"', 'value="ada@"', 'value="D01"', '<option value="IE" selected>',
                 'value="no" checked', '<a href="#email">', 'id="email" aria-invalid="true"', "<title>Not signed yet"):  # fmt: skip
        assert kept in text, kept
    assert text.count(" checked") == 1 and text.count("aria-invalid") == 1
    assert " checked" not in served.ask("GET", "/a/end-it")[2].decode(), "consent is never ticked for anyone"


def test_more_than_a_form_is_refused_whether_announced_or_not(served: Served) -> None:
    assert served.ask("POST", "/a/end-it/sign", "x" * 70_000)[0] == 413
    chunked = {**FORM, "transfer-encoding": "chunked"}
    assert served.ask("POST", "/a/end-it/sign", b"11170\r\n" + b"x" * 70_000 + b"\r\n0\r\n\r\n", chunked)[0] == 413
    assert served.ask("GET", "/a/end-it")[0] == 200


@pytest.mark.parametrize("path", ["/a/end-it", "/a/end-it/", "/a/end-it/thanks", "/a/end-it/count.json", f"/{publish.STYLE_NAME}"])
def test_head_is_get_without_the_body_and_nothing_is_sent_twice(served: Served, path: str) -> None:
    status, headers, body = served.ask("GET", path)
    assert status == 200 and body
    same, head, nothing = served.ask("HEAD", path)
    assert (same, head["content-length"], head["etag"], nothing) == (200, str(len(body)), headers["etag"], b"")
    again = served.ask("GET", path, headers={"if-none-match": headers["etag"]})
    assert (again[0], again[2], again[1]["etag"]) == (304, b"", headers["etag"])
    assert served.ask("DELETE", path)[0] == 405
    assert headers["content-security-policy"].startswith("default-src 'none'") and headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer" and "set-cookie" not in headers


def test_a_video_comes_piece_by_piece(served: Served) -> None:
    film = bytes(range(256)) * 1000
    (served.home / "published/assets/aaaaaaaaaaaaaaaa.mp4").write_bytes(film)
    whole = served.ask("GET", "/assets/aaaaaaaaaaaaaaaa.mp4")
    assert (whole[0], whole[2], whole[1]["accept-ranges"], whole[1]["content-type"]) == (200, film, "bytes", "video/mp4")
    assert served.ask("HEAD", "/assets/aaaaaaaaaaaaaaaa.mp4")[1]["content-length"] == str(len(film))
    for asked, begin, end in (("bytes=0-1", 0, 2), ("bytes=1000-", 1000, len(film)), ("bytes=-10", len(film) - 10, len(film)),
                              ("bytes=255990-999999", 255990, len(film))):  # fmt: skip
        status, headers, body = served.ask("GET", "/assets/aaaaaaaaaaaaaaaa.mp4", headers={"range": asked})
        assert (status, body, headers["content-length"]) == (206, film[begin:end], str(end - begin)), asked
        assert headers["content-range"] == f"bytes {begin}-{end - 1}/{len(film)}"
    for odd in ("bytes=5-2", f"bytes={len(film)}-"):
        assert served.ask("GET", "/assets/aaaaaaaaaaaaaaaa.mp4", headers={"range": odd})[0] == 416, odd
    for odd in ("bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=" + "9" * 400):
        assert served.ask("GET", "/assets/aaaaaaaaaaaaaaaa.mp4", headers={"range": odd})[0] == 200, odd
    assert served.ask("GET", "/assets/bbbbbbbbbbbbbbbb.mp4")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../door.json", "/assets/%2e%2e/%2e%2e/door.json", "/assets/..%2f..%2fdoor.json", "/assets/%252e%252e/door.json",
        "/a/../../door.json", "/a/end-it/action.json", "/a/%00", "/assets/" + "a" * 5000 + ".css", "/record/..%2f..", "/u/%00",
        "/u/" + "a" * 40, "/a/end-it/sign%0d%0aX:%20y",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_what_is_published(served: Served, path: str) -> None:
    status, _, page = served.ask("GET", path)
    assert status == 404 and b"token" not in page and b"intake" not in page


@pytest.mark.parametrize(
    ("headers", "body"),
    [(FORM, "List-Unsubscribe=One-Click"), (MULTIPART, multipart({"List-Unsubscribe": "One-Click"}))],
)
def test_goodbye_is_one_post_in_either_encoding(served: Served, headers: dict[str, str], body: str) -> None:
    token = seal_delivery(KEYS, "unsubscribe", DeliveryId(5))
    assert b'method="post"' in served.ask("GET", f"/u/{token}")[2] and served.fresh() == []
    status, answered, page = served.ask("POST", f"/u/{token}", body, headers)
    assert status == 200 and "location" not in answered and "set-cookie" not in answered and b"unsubscribed" in page
    assert [(content["kind"], content["token"]) for _, content in served.fresh()] == [("unsubscribe", token)]
    foreign = seal_delivery(KEYS, "bounce", DeliveryId(5))
    assert served.ask("POST", f"/u/{foreign}", body, headers)[0] == 404 and served.ask("PUT", f"/u/{token}")[0] == 405
    assert len(served.fresh()) == 1


def test_without_the_office_the_public_pages_stay_open(served: Served) -> None:
    status, _, page = served.ask("GET", "/office/")
    assert status == 502 and b"Petitions stay open" in page
    assert served.ask("POST", "/office/x", "a=1")[0] == 502
    assert served.ask("GET", "/a/end-it")[0] == 200


def test_an_office_that_breaks_off_is_not_taken_for_one_that_ended(served: Served) -> None:
    answers = [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
               b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"]  # fmt: skip
    with socket.socket(socket.AF_UNIX) as office:
        office.bind(str(served.socket))
        office.listen()

        def answer_all() -> None:
            for raw in answers:
                with office.accept()[0] as visitor:
                    visitor.recv(65536)
                    visitor.sendall(raw)

        thread = threading.Thread(target=answer_all)
        thread.start()
        assert [served.ask("GET", "/office/")[0] for _ in range(2)] == [502, 502]
        assert served.ask("GET", "/office/")[2] == b"abc"
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            served.ask("GET", "/office/")
        thread.join()
    served.socket.unlink()


def test_the_office_is_asked_what_was_asked_and_nothing_else(served: Served) -> None:
    served.open_office()
    try:
        headers = {"host": "act.example.org", "x-forwarded-for": "192.0.2.1", "cookie": "s=1", "content-type": "text/plain"}
        status, answered, body = served.ask("POST", "/office/a%20b/%C3%A9?q=%0d%0a", b"z" * 200_000, headers)
        told = json.loads(body)
        environ = told["environ"]
        assert (status, answered["set-cookie"], told["length"]) == (200, "a=1, b=2", 200_000) and environ[
            "CONTENT_LENGTH"
        ] == "200000"
        assert environ["PATH_INFO"].encode("latin-1").decode() == "/office/a b/é" and environ["QUERY_STRING"] == "q=%0d%0a"
        assert environ["HTTP_HOST"] == "act.example.org" and environ["HTTP_COOKIE"] == "s=1"
        assert "HTTP_X_FORWARDED_FOR" not in environ and "192.0.2.1" not in body.decode()
        sly = json.loads(served.ask("GET", "/office/%20HTTP/1.1%0d%0aX-Sly:%201%0d%0a%0d%0aGET%20/")[2])["environ"]
        assert "HTTP_X_SLY" not in sly, "a line break in a path is not one on the way to the office"
        chunked = {"transfer-encoding": "chunked", "content-type": "text/plain"}
        assert json.loads(served.ask("POST", "/office/", b"3\r\nabc\r\n0\r\n\r\n", chunked)[2])["length"] == 3
        assert len(served.ask("GET", "/office/long")[2]) == 3_000_000
        assert served.ask("POST", "/office/", b"", {"content-length": str(2**40)})[0] == 413
    finally:
        served.close_office()
    assert served.ask("GET", "/office/")[0] == 502


@NEEDS_CHROMIUM
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_slip_a_goodbye_and_a_dead_end_are_good_pages_too(served: Served, scheme: Any) -> None:
    address = f"http://127.0.0.1:{served.port}"
    with browsing() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        def is_good() -> None:
            found = [(fault["id"], fault["nodes"][0]["html"]) for fault in axe(page)]
            assert not found, (page.url, found)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

        for path in (
            "/a/end-it",
            f"/a/end-it?t={link()}",
            "/a/none",
            "/office/",
            f"/u/{seal_delivery(KEYS, 'unsubscribe', DeliveryId(5))}",
        ):
            page.goto(address + path)
            is_good()
        page.get_by_role("button", name="Unsubscribe me").click()
        page.get_by_role("heading", name="Goodbye").wait_for()
        is_good()
        page.goto(f"{address}/a/end-it")
        page.evaluate("document.forms[0].noValidate = true")
        page.get_by_label("E-mail address").fill("ada@")
        page.get_by_label("Country").select_option("IE")
        page.get_by_role("button", name="Sign").click()
        page.get_by_role("alert").wait_for()
        is_good()
        assert page.get_by_label("Country").input_value() == "IE" and page.get_by_label("E-mail address").input_value() == "ada@"
        page.get_by_role("link", name="whether we may write").click()
        assert page.evaluate("document.activeElement.name") == "consent", "the summary leads to the field"
        if images := os.environ.get("GROUNDSWELL_IMAGES"):
            page.screenshot(path=f"{images}/slip-{scheme}.png", full_page=True)
        assert all(url.startswith(address) for url in asked)
