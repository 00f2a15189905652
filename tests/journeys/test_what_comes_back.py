"""What comes back after the demo's letter: a full mailbox, a dead one, a complaint, a holiday, an answer, goodbyes of every
kind, each over real SMTP to the addresses in the letters that arrived. Afterwards exactly the right people are written to,
and the office says why."""

import json
import os
import re
import smtplib
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from groundswell.basics.keyring import KeyFolder
from groundswell.basics.tokens import open_delivery
from groundswell.inbox.mailbox import Mailbox
from groundswell.site.embedded import EmbeddedPostgres
from tests.inbox.world import FULL, answer, complaint, dsn, holiday
from tests.ports import free_port
from tests.stage import NEEDS_CHROMIUM, Demo, browsing, until

pytestmark = [pytest.mark.slow, pytest.mark.journey]
STATES = {3: "accepted", 6: "withheld", 7: "bounced", 8: "complained"}
ANSWERS = "answers@news.example.org"


@dataclass(frozen=True)
class Letter:
    """A letter as it lies in a reader's mailbox."""

    to: str
    bounce: str
    goodbye: str
    one_click: str
    message_id: str


def letters(demo: Demo, count: int) -> list[Letter]:
    mailbox = Mailbox(demo.folder / "mailbox")
    found: list[Letter] = []
    for name in mailbox.names():
        letter = mailbox.read(name)
        headers = {key.lower(): value for key, value in letter.headers} if letter else {}
        unsubscribe = headers.get("list-unsubscribe", "")
        mail, web = re.search(r"<mailto:([^>?]+)", unsubscribe), re.search(r"<(http[^>]+)>", unsubscribe)
        if letter and mail and web:
            to = re.search(r"[^\s<>]+@[^\s<>]+", letter.to)
            assert to
            found.append(Letter(to.group(), headers["return-path"].strip("<>"), mail.group(1), web.group(1), headers["message-id"]))
        if len(found) == count:
            return found
    raise AssertionError(f"only {len(found)} letters")


def exims(letter: Letter) -> str:
    """As Exim writes it: no status fields, a header of its own, prose."""
    return f"""Return-path: <>
X-Failed-Recipients: {letter.to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx1.provider.example>
To: {letter.bounce}
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tAbCd-0001Xy-2Z@mx1.provider.example>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {letter.to}
    host mail.provider.example [192.0.2.5]
    SMTP error from remote mail server after RCPT TO:<{letter.to}>:
    550 5.1.1 <{letter.to}>: Recipient address rejected: User unknown
"""


def apples(letter: Letter) -> str:
    """One tap in Apple Mail: it calls itself automatic."""
    return f"""From: {letter.to}
To: {letter.goodbye}
Subject: Unsubscribe
Auto-Submitted: auto-replied
X-Apple-Unsubscribe: true
Message-Id: <0B9D4E5A-1111-4B6B-9C7E-ABCDEF012345@icloud.example>
Content-Type: text/plain

Apple Mail sent this email to unsubscribe from the message.
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    mx = free_port()
    made = Demo(
        tmp_path_factory.mktemp("returns") / "var", GROUNDSWELL_MX_LISTEN=f"127.0.0.1:{mx}", GROUNDSWELL_WEBHOOKS="postmark"
    )
    made.mx = mx  # type: ignore[attr-defined]
    with made.staying():
        yield made


def smtp(demo: Demo, to: str, mail: str, sender: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", demo.mx, timeout=20) as client:  # type: ignore[attr-defined]
        client.sendmail(sender, [to], mail.replace("\n", "\r\n").encode(), mail_options=["BODY=8BITMIME"])


class Books:
    """What the database says of the reader of a letter."""

    def __init__(self, demo: Demo) -> None:
        self._url = EmbeddedPostgres(demo.folder / "postgres").url
        self._tokens = KeyFolder(demo.folder / "keys").tokens

    def row(self, letter: Letter) -> int:
        delivery = open_delivery(self._tokens, "bounce", letter.bounce.removeprefix("b+").partition("@")[0])
        assert delivery is not None
        return delivery

    def of(self, letter: Letter) -> tuple[str, bool]:
        sql = "SELECT d.state, p.may_mail FROM post_delivery d JOIN people_person p ON p.id = d.person_id WHERE d.id = %s"
        state, may = self.one(sql, self.row(letter))
        return STATES.get(state, str(state)), may

    def one(self, sql: str, *values: object) -> tuple[object, ...]:
        with psycopg.connect(self._url) as connection:
            found = connection.execute(sql, values).fetchone()  # type: ignore[arg-type]
        assert found is not None
        return found


@pytest.fixture(scope="module")
def after(demo: Demo) -> dict[str, Letter]:
    """Everybody has answered in their way, and all of it was worked through."""
    names = (
        "full",
        "dead",
        "complaining",
        "on holiday",
        "answering",
        "mailto",
        "apple",
        "one-click",
        "stop",
        "at the provider",
        "quiet",
        "odd",
    )
    cast = dict(zip(names, letters(demo, len(names)), strict=True))
    books = Books(demo)
    assert {books.of(each) for each in cast.values()} == {("accepted", True)}
    a = cast["full"]
    smtp(demo, a.bounce, dsn(a.bounce, a.to, FULL[0], FULL[1].format(a.to)))
    smtp(demo, cast["dead"].bounce, exims(cast["dead"]))
    a = cast["complaining"]
    smtp(demo, a.bounce, complaint(a.bounce, a.to), "fbl@provider.example")
    a = cast["on holiday"]
    smtp(demo, a.bounce, holiday(a.bounce, a.to), "")
    a = cast["answering"]
    smtp(demo, a.bounce, answer(a.bounce, a.to, a.message_id, "Thank you for writing. Is there a meeting near me?"), a.to)
    a = cast["mailto"]
    smtp(demo, a.goodbye, f"From: {a.to}\nTo: {a.goodbye}\nSubject: unsubscribe\n\nunsubscribe\n", a.to)
    smtp(demo, cast["apple"].goodbye, apples(cast["apple"]), cast["apple"].to)
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(urllib.request.Request(cast["one-click"].one_click, data=body), timeout=20) as reply:
        assert reply.status == 200
    a = cast["stop"]
    smtp(demo, a.bounce, answer(a.bounce, a.to, a.message_id, "STOP"), a.to)
    a = cast["odd"]
    smtp(demo, a.bounce, f"From: MAILER-DAEMON@odd.example\nTo: {a.bounce}\nSubject: ???\n\nSomething happened to {a.to}.\n")
    a = cast["at the provider"]
    assert webhook(demo, a) == 200
    wanted = "SELECT count(*) FROM inbox_incoming WHERE state <> 1 AND applied_at IS NOT NULL"
    until(lambda: books.one(wanted)[0] == 10 and books.of(cast["one-click"])[1] is False, "not all of it was worked through")
    return cast


def webhook(demo: Demo, letter: Letter) -> int:
    """A provider's report, through the public door to the office behind it."""
    code, out = demo.run("inbound", "webhooks")
    address = re.search(r"events:\s+(\S+)", out)
    assert code == 0 and address, out
    parts = urllib.parse.urlsplit(address.group(1))
    event = {"RecordType": "Bounce", "ID": 901542551, "Type": "HardBounce", "Email": letter.to, "BouncedAt": "2026-11-24T09:30:00Z",
             "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist", "Content": letter.message_id}  # fmt: skip
    url = f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(url, event, "")
    assert refused.value.code == 403
    refused.value.close()
    return post(url, event, f"{parts.username}:{parts.password}")


def post(url: str, event: dict[str, object], password: str) -> int:
    headers = {"Content-Type": "application/json", "User-Agent": "Postmark"}
    if password:
        headers["Authorization"] = "Basic " + b64encode(password.encode()).decode()
    with urllib.request.urlopen(urllib.request.Request(url, data=json.dumps(event).encode(), headers=headers), timeout=20) as reply:
        return int(reply.status)


def test_exactly_the_right_people_are_written_to_and_the_rows_say_so(demo: Demo, after: dict[str, Letter]) -> None:
    books = Books(demo)
    assert {name: books.of(letter) for name, letter in after.items()} == {
        "full": ("bounced", True), "dead": ("bounced", False), "complaining": ("complained", False), "on holiday": ("accepted", True),
        "answering": ("accepted", True), "mailto": ("accepted", False), "apple": ("accepted", False), "one-click": ("accepted", False),
        "stop": ("accepted", False), "at the provider": ("bounced", False), "quiet": ("accepted", True), "odd": ("accepted", True),
    }  # fmt: skip
    assert books.one("SELECT count(*) FROM post_delivery WHERE state IN (7, 8)")[0] == 4, "and nobody else"
    assert list((demo.folder / "inbound").glob("*.mail")) == []


def test_the_answer_lies_in_the_senders_mailbox(demo: Demo, after: dict[str, Letter]) -> None:
    mailbox = Mailbox(demo.folder / "mailbox")

    def forwarded() -> list[str]:
        return [name for name in mailbox.names()[:5] if (letter := mailbox.read(name)) and ANSWERS in letter.to]

    until(lambda: bool(forwarded()), "the answer was not forwarded")
    (name,) = forwarded()
    letter = mailbox.read(name)
    assert letter is not None and "Is there a meeting near me?" in letter.text
    headers = dict(letter.headers)
    assert after["answering"].to in headers["Reply-To"] and headers["Subject"] == "Re: A letter" and "DKIM-Signature" in headers


def test_nothing_of_it_is_in_clear_outside_the_mailbox(demo: Demo, after: dict[str, Letter]) -> None:
    postgres = EmbeddedPostgres(demo.folder / "postgres")
    import subprocess

    dump = subprocess.run(
        [str(postgres.bin / "pg_dump"), "-U", "postgres", "-h", str(postgres.socket_folder), "groundswell"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    logs = "".join(path.read_text(errors="replace") for path in demo.folder.glob("*.log"))
    for letter in after.values():
        assert letter.to not in dump and letter.to.partition("@")[0] not in dump and letter.to not in logs
    assert "Is there a meeting" not in dump


def test_a_stranger_is_refused_by_the_receiver(demo: Demo) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp(demo, "info@bounce.example.org", "Subject: x\n\nx\n", "spam@example.com")


def test_too_many_complaints_stop_the_letter(demo: Demo, after: dict[str, Letter]) -> None:
    books = Books(demo)
    for letter in letters(demo, 30)[-6:]:
        smtp(demo, letter.bounce, complaint(letter.bounce, letter.to), "fbl@provider.example")
    until(lambda: books.one("SELECT paused FROM post_letter WHERE kind = 'mailing'")[0] is True, "the letter was not stopped")


@NEEDS_CHROMIUM
def test_the_office_says_why(demo: Demo, after: dict[str, Letter]) -> None:
    from playwright.sync_api import Page

    from tests.axe import axe

    images = os.environ.get("GROUNDSWELL_IMAGES")

    def good(page: Page, name: str, width: int, scheme: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways at {width}"
        violations = axe(page)
        assert not violations, (name, width, scheme, [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in violations])
        if images:
            page.set_viewport_size({"width": width, "height": 2600 if name == "returns" else 900})
            page.screenshot(path=f"{images}/{name}-{width}-{scheme}.png")
            page.set_viewport_size({"width": width, "height": 900})

    with browsing() as browser:
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
                page.goto(f"{demo.address}/office/returns/")
                page.locator("input[name=username]").fill("staff")
                page.locator("input[name=password]").fill(demo.password)
                page.get_by_role("button", name="Sign in").click()
                page.get_by_role("heading", name="What came back").wait_for(timeout=30000)
                page.get_by_role("heading", name="Stopped letters").wait_for()
                good(page, "returns", width, scheme)
                page.get_by_label("E-mail address").fill(after["dead"].to)
                page.get_by_role("button", name="Look it up").click()
                page.get_by_role("heading", name="This address is not written to").wait_for()
                text = page.locator(".gs").inner_text()
                assert "the address is dead" in text and "User unknown" in text and after["dead"].to not in page.content()
                good(page, "returns-why", width, scheme)
                page.get_by_role("link", name="Back to what came back").click()
                page.get_by_role("link", name=re.compile("^Mail ")).first.click()
                page.get_by_role("heading", name="Open it").wait_for()
                good(page, "returns-mail", width, scheme)
                page.get_by_label("Why do you open it?").fill("to see who it is about")
                page.get_by_role("button", name="Open the mail").click()
                page.get_by_text(f"Something happened to {after['odd'].to}").first.wait_for()
                good(page, "returns-open", width, scheme)
                page.goto(f"{demo.address}/office/")
                page.get_by_role("heading", name="Please note").wait_for()
                if images:
                    page.screenshot(path=f"{images}/office-notices-{width}-{scheme}.png")
        for name, words in (
            ("complaining", "complained about our mail"),
            ("apple", "said goodbye"),
            ("at the provider", "does not take mail"),
        ):
            page.goto(f"{demo.address}/office/returns/")
            page.get_by_label("E-mail address").fill(after[name].to)
            page.get_by_role("button", name="Look it up").click()
            page.get_by_text(re.compile(words, re.IGNORECASE)).first.wait_for()
        page.get_by_label("Why may we write again?").first.fill("The provider says it was a mistake")
        page.get_by_role("button", name="Lift it").first.click()
        page.get_by_text("Lifted, and written into the ledger").wait_for()
    assert Books(demo).of(after["at the provider"]) == ("bounced", True)
    assert Books(demo).one("SELECT count(*) FROM staff_ledgerentry WHERE act = 'open a mail'")[0] == 4
