"""Providers' reports: proven or refused, kept before they are acknowledged, and then like any mail that comes back."""

import base64
import json
import logging
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from groundswell.basics.result import Refused
from groundswell.inbox import house, providers, sns
from groundswell.inbox.models import Incoming, State
from groundswell.inbox.operations.apply import apply_due
from groundswell.inbox.operations.take import take
from groundswell.inbox.spool import opened, waiting
from groundswell.people import queries as people
from groundswell.people import suppressions
from groundswell.staff import notices
from tests.inbox.certificates import Amazon
from tests.inbox.payloads import ADA, AMAZON, MAKERS, SETTING, Post
from tests.inbox.world import World, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    changed = settings.GROUNDSWELL.model_copy(
        update={"data": home, "keys": settings.GROUNDSWELL.key_folder.folder, "webhooks": SETTING}
    )
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    monkeypatch.setattr(sns, "fetch", lambda url: {AMAZON.url: AMAZON.pem}[url])
    return World(now, home / "inbound").send_to(ADA, "bob@example.org")


def path_of(name: str, what: str = "tracking") -> str:
    return f"/back/{providers.path_secret()}/{name}/{what}/"


def send(name: str, post: Post, *, password: str | None = None, path: str = "") -> int:
    headers = dict(post.headers)
    if post.basic:
        word = providers.password() if password is None else password
        headers["Authorization"] = "Basic " + base64.b64encode(f"groundswell:{word}".encode()).decode()
    client = Client(enforce_csrf_checks=True)
    return client.post(path or path_of(name), data=post.body, content_type=post.kind, headers=headers).status_code


def made(world: World, name: str) -> Post:
    return MAKERS[name](world.message_id(ADA), providers.address(name, "tracking"))


def apply(world: World) -> None:
    take(folder=world.folder, now=world.now)
    apply_due(now=world.now)


@pytest.mark.parametrize("name", MAKERS)
def test_a_proven_report_is_kept_then_acted_on_once(name: str, world: World) -> None:
    post = made(world, name)
    assert send(name, post) == 200 and send(name, post) == 200, "the provider may repeat itself"
    files = list(waiting(world.folder))
    assert len({key for _, key in files}) == 1 and all(b"ada@" not in path.read_bytes() for path, _ in files)
    apply(world)
    row = Incoming.objects.get()
    assert (row.form, row.way, row.state, row.kind, row.because) == (
        "event",
        "webhook",
        State.APPLIED,
        "bounce",
        "address is dead",
    ), row.outcome
    assert row.proven and row.delivery_id == world.rows[ADA], "its own Message-ID names the letter"
    assert not people.may_mail(world.people[ADA]) and people.may_mail(world.people["bob@example.org"])
    assert world.state(ADA) == "bounced" and "ada@" not in row.words + row.outcome


@pytest.mark.parametrize("name", MAKERS)
def test_an_unproven_report_is_refused(name: str, world: World, caplog: pytest.LogCaptureFixture) -> None:
    post = made(world, name)
    tampered = Post(post.body.replace(b"ada", b"bob"), post.kind, post.headers, post.basic)
    assert tampered.body != post.body and send(name, tampered, password="wrong") == 403
    if name != "unisender_go":  # its signature is in the body
        assert send(name, Post(post.body, post.kind, {}, False)) in (400, 401, 403)
    if name == "mailgun":
        wrong = Post(post.body.replace(b"c0ffee", b"c0ffef"), post.kind, post.headers, basic=True)
        assert send(name, wrong) == 403, "the password does not replace the signature"
    assert send(name, post, path=f"/back/{'0' * 32}/{name}/tracking/") == 404
    assert list(waiting(world.folder)) == [] and "@" not in caplog.text


@pytest.mark.parametrize("name", MAKERS)
def test_reading_the_address_changes_nothing(name: str, world: World) -> None:
    answer = Client().get(path_of(name))
    assert answer.status_code in (200, 405) and list(waiting(world.folder)) == []


def test_only_what_is_switched_on_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "GROUNDSWELL", settings.GROUNDSWELL.model_copy(update={"webhooks": "postmark"}))
    assert send("mailjet", made(world, "mailjet")) == 404 and send("postmark", made(world, "postmark")) == 200
    assert send("brevo", made(world, "brevo"), path=path_of("brevo", "inbound")) == 404
    monkeypatch.setattr(settings, "GROUNDSWELL", settings.GROUNDSWELL.model_copy(update={"webhooks": ""}))
    assert send("postmark", made(world, "postmark")) == 404


@pytest.mark.parametrize("name", ["resend", "sendgrid", "mailtrap"])
def test_a_provider_without_its_key_needs_the_password(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "GROUNDSWELL", settings.GROUNDSWELL.model_copy(update={"webhooks": name}))
    post = made(world, name)
    assert send(name, post) in (403, 404) and "groundswell:" in providers.address(name, "tracking")
    if name != "mailtrap":
        assert send(name, Post(post.body, post.kind, {}, True)) == 200


@pytest.mark.parametrize(
    ("text", "words"), [("nobody", "don't know"), ("mailgun", "key is missing"), ("postmark=x", "does not sign")]
)
def test_a_wrong_setting_is_named(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        providers.parse(text)


def test_an_old_report_that_was_overheard_is_not_taken_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    post = made(world, "resend")
    monkeypatch.setattr("groundswell.inbox.svix.time.time", lambda: float(post.headers["svix-timestamp"]) + 301)
    assert send("resend", post) == 403


def test_a_full_disk_is_no_200(world: World) -> None:
    world.folder.write_text("a file where the folder should be")
    assert send("postmark", made(world, "postmark")) == 503


def test_nonsense_is_400_and_not_repeated_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="groundswell"):
        assert send("postmark", Post(b'{"ada@example.org', basic=True)) == 400
    assert "ada@" not in caplog.text and "postmark" in caplog.text


def test_a_complaint_and_a_goodbye_at_the_provider_are_heard(world: World) -> None:
    complaint = json.loads(made(world, "postmark").body) | {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}
    assert send("postmark", Post(json.dumps(complaint).encode(), basic=True)) == 200
    goodbye = {"event": "unsub", "time": 1795512600, "email": "bob@example.org", "MessageID": 1, "Payload": ""}
    assert send("mailjet", Post(json.dumps(goodbye).encode(), basic=True)) == 200
    opened_mail = {"event": "open", "time": 1795512600, "email": "bob@example.org", "MessageID": 1, "Payload": ""}
    assert send("mailjet", Post(json.dumps(opened_mail).encode(), basic=True)) == 200, "taken, and not our business"
    apply(world)
    assert Incoming.objects.count() == 2
    assert suppressions.reasons_of(world.people[ADA]) == {"complaint"} and world.state(ADA) == "complained"
    assert suppressions.reasons_of(world.people["bob@example.org"]) == {"unsubscribed"}


def test_a_full_mailbox_at_the_provider_is_only_counted(world: World) -> None:
    for name, change in (("postmark", {"Type": "SoftBounce", "Details": "smtp;552 5.2.2 mailbox full", "ID": 3}), ("mailjet", {"comment": "554 5.7.1 message rejected as spam", "error": "content blocked", "hard_bounce": False})):  # fmt: skip
        body = json.loads(made(world, name).body) | change
        assert send(name, Post(json.dumps(body).encode(), basic=True)) == 200
    apply(world)
    assert {row.because for row in Incoming.objects.all()} == {"mailbox: full or inactive", "content or reputation"}
    assert people.may_mail(world.people[ADA])


def test_mail_that_a_provider_takes_in_is_mail(world: World) -> None:
    raw = answer("answers@news.example.org", ADA, world.message_id(ADA), "STOP")
    event = {
        "FromFull": {"Email": ADA},
        "RawEmail": raw,
        "OriginalRecipient": "answers@news.example.org",
        "MessageID": "m1",
        "Headers": [],
    }
    assert send("postmark", Post(json.dumps(event).encode(), basic=True), path=path_of("postmark", "inbound")) == 200
    (path, _), *_ = waiting(world.folder)
    piece = opened(house.private_keys(), path.read_bytes())
    assert (piece.form, piece.envelope_to) == ("mail", "answers@news.example.org") and b"STOP" in piece.content
    apply(world)
    assert not people.may_mail(world.people[ADA])


def test_amazon_asks_and_a_person_answers(world: World) -> None:
    asked = {"Type": "SubscriptionConfirmation", "MessageId": "1", "TopicArn": TOPIC, "Token": "t", "Message": "You have chosen …",
             "Timestamp": "2026-11-24T09:30:00.000Z",
             "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"}  # fmt: skip
    assert amazon(AMAZON.signed(asked)) == 200
    assert "https://sns.us-east-1.amazonaws.com/" in notices.unread()[0].words
    assert amazon(AMAZON.signed(asked | {"SubscribeURL": "https://evil.example/", "TopicArn": "other"})) == 200
    assert notices.count_unread() == 1, "an address elsewhere is never shown to staff"
    assert amazon(AMAZON.signed(asked) | {"SubscribeURL": "https://sns.us-west-2.amazonaws.com/x"}) == 403


TOPIC = "arn:aws:sns:us-east-1:1234:SES"


def amazon(message: dict[str, str], *, password: str | None = None) -> int:
    headers = {"x-amz-sns-message-type": message["Type"], "x-amz-sns-message-id": message["MessageId"]}
    return send("amazon_ses", Post(json.dumps(message).encode(), "text/plain", headers, basic=True), password=password)


def notice(world: World) -> dict[str, str]:
    signed: dict[str, str] = json.loads(made(world, "amazon_ses").body)
    return signed


def bare(message: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in message.items() if not name.startswith("Sign")}


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_of_amazons_signatures_are_checked(world: World, version: str) -> None:
    message = AMAZON.signed(bare(notice(world)) | {"Subject": "Amazon SES Email Event Notification"}, version)
    assert amazon(message) == 200
    for name in ("Message", "MessageId", "Subject", "Timestamp", "TopicArn"):
        changed = message | {name: message[name].replace("ada", "bob") if name == "Message" else message[name] + "x"}
        assert amazon(changed) == 403, name
    for change in (
        {"SignatureVersion": "3"},
        {"SignatureVersion": "1" if version == "2" else "2"},
        {"Signature": "%%"},
        {"Signature": ""},
    ):
        assert amazon(message | change) == 403, change
    assert len(list(waiting(world.folder))) == 1


@pytest.mark.parametrize(
    "url",
    [
        AMAZON.url.replace("https", "http"), AMAZON.url.replace("amazonaws.com", "amazonaws.com.evil.example"),
        AMAZON.url.replace("sns.", "evil-sns."), AMAZON.url.replace("sns.us", "bucket.s3.us"), AMAZON.url + "?x=1",
        AMAZON.url.replace("https://", "https://evil.example@"), AMAZON.url.replace(".com/", ".com:8443/"),
        AMAZON.url.replace("SimpleNotificationService", "../x"), "file:///etc/passwd", "https://[", "",
    ],
)  # fmt: skip
def test_a_certificate_from_elsewhere_is_not_even_fetched(world: World, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sns, "fetch", lambda url: asked.append(url) or AMAZON.pem)
    assert amazon(notice(world) | {"SigningCertURL": url}) == 403 and asked == []


def test_anothers_certificate_and_an_expired_one_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in (
        Amazon(name="evil.example", url=AMAZON.url.replace("0123", "aaaa")),
        Amazon(days=-1, url=AMAZON.url.replace("0123", "bbbb")),
    ):
        monkeypatch.setattr(sns, "fetch", lambda _, other=other: other.pem)
        assert amazon(other.signed(bare(notice(world)))) == 403
    monkeypatch.setattr(sns, "fetch", lambda _: b"no certificate")
    assert amazon(Amazon(url=AMAZON.url.replace("0123", "cccc")).signed(bare(notice(world)))) == 503, "Amazon tries again"
    assert list(waiting(world.folder)) == []


def test_the_certificate_is_fetched_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sns, "_kept", {})
    monkeypatch.setattr(sns, "fetch", lambda url: asked.append(url) or AMAZON.pem)
    assert amazon(notice(world)) == amazon(notice(world)) == 200 and asked == [AMAZON.url]


def test_where_the_topic_is_named_its_signature_is_enough(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may own a topic that Amazon signs for: without its name, our password has to come along."""
    assert amazon(notice(world), password="wrong") == 403
    changed = settings.GROUNDSWELL.model_copy(update={"webhooks": f"amazon_ses={TOPIC}"})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    assert amazon(notice(world)) == 200 and "groundswell:" not in providers.address("amazon_ses", "tracking")
    assert amazon(AMAZON.signed(bare(notice(world)) | {"TopicArn": "arn:aws:sns:us-east-1:666:SES"})) == 403


def test_the_address_holds_a_secret_and_a_password_only_where_there_is_no_signature(world: World) -> None:
    assert re.fullmatch(
        r"http://groundswell:[0-9a-f]{32}@[^/]+/back/[0-9a-f]{32}/postmark/tracking/", providers.address("postmark", "tracking")
    )
    assert re.fullmatch(r"http://[^@]+/back/[0-9a-f]{32}/sendgrid/tracking/", providers.address("sendgrid", "tracking"))
