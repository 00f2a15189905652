"""The work in the background and by hand: spool, mailboxes, tidying, and a person's look at what was kept."""

import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.basics.result import Refused
from groundswell.inbox import house, queries, working
from groundswell.inbox.fetching import Unreachable
from groundswell.inbox.models import FullReport, Incoming, State
from groundswell.inbox.operations import look, tidy
from groundswell.inbox.spool import opened, waiting
from groundswell.people import operations as people
from groundswell.site.group import mx_config
from groundswell.staff import notices
from groundswell.staff.queries import latest
from tests.inbox.world import FULL, World, dead, dsn

COMMAND = [sys.executable, "-c", "import sys; from groundswell.cli import main; sys.exit(main())"]
ADA = "ada@example.org"


@pytest.fixture
def world(db: None, now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    changed = settings.GROUNDSWELL.model_copy(
        update={"data": home, "keys": settings.GROUNDSWELL.key_folder.folder, "inbound_maildir": home / "Maildir"}
    )
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    return World(now, home / "inbound").send_to(ADA)


def test_one_look_brings_the_maildir_in_and_applies_it(world: World, home: Path) -> None:
    (home / "Maildir" / "new").mkdir(parents=True)
    (home / "Maildir" / "new" / "1.host").write_text(f"From: {ADA}\nTo: {world.goodbye_address(ADA)}\nSubject: bye\n\nbye\n")
    assert working.Applier().look() == 1
    row = Incoming.objects.get()
    assert (row.way, row.kind, row.state) == ("maildir", "unsubscribe", State.APPLIED)


def test_a_mailbox_that_is_away_is_told_once_a_day(world: World, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = settings.GROUNDSWELL.model_copy(update={"inbound_mailboxes": "imaps://u:secret@mail.example.org"})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)

    def away(*_: object) -> int:
        raise Unreachable("mail.example.org: TimeoutError")

    monkeypatch.setattr(working.fetching, "fetch", away)
    assert working.visit_mailboxes(now=now) == 0 and working.visit_mailboxes(now=now) == 0
    (told,) = notices.unread()
    assert told.times == 2 and "mail.example.org" in told.words and "secret" not in told.words
    monkeypatch.setattr(working.fetching, "fetch", lambda *_: 3)
    assert working.Errands().look() == 3


def test_the_threads_end_when_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()

    def fails() -> int:
        looked.set()
        raise RuntimeError("ada@example.org")

    ended = threading.Event()
    thread = threading.Thread(target=working._keep, args=(fails, 0.01, ended))
    thread.start()
    assert looked.wait(10)
    ended.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_kept_mail_is_opened_with_a_reason_and_then_settled(world: World, now: datetime) -> None:
    row = world.comes_in(f"From: MAILER-DAEMON@x.example\nSubject: odd\n\nSomething about {ADA}\n", world.bounce_address(ADA))
    (kept,) = queries.kept()
    assert kept.id == row.pk and kept.can_open and "@" not in kept.why + kept.words
    with pytest.raises(Refused, match="reason"):
        look.open_mail(incoming_id=row.pk, why="", staff_id=None, now=now)
    mail = look.open_mail(incoming_id=row.pk, why="what is it?", staff_id=None, now=now)
    assert mail is not None and mail.subject == "odd" and ADA in mail.text and ADA not in repr(mail)
    assert "open a mail" in latest()[0] and "what is it?" in latest()[0]
    assert look.settle(incoming_id=row.pk, why="nothing to do", staff_id=None, now=now)
    assert queries.kept() == [] and not look.settle(incoming_id=row.pk, why="again", staff_id=None, now=now)
    assert look.open_mail(incoming_id=row.pk, why="again", staff_id=None, now=now) is None
    assert queries.of_mail(row.pk) is None


def test_what_was_set_aside_can_be_tried_again(world: World, now: datetime) -> None:
    row = dead(world, ADA)
    Incoming.objects.filter(pk=row.pk).update(state=State.SET_ASIDE, sealed=b"x")
    (kept,) = queries.kept()
    assert kept.set_aside
    with pytest.raises(Refused, match="can't be opened"):
        look.open_mail(incoming_id=row.pk, why="see", staff_id=None, now=now)
    assert look.try_again(incoming_id=row.pk, staff_id=None, now=now) and not look.try_again(
        incoming_id=row.pk, staff_id=None, now=now
    )
    assert Incoming.objects.get().state == State.TAKEN


def test_nothing_is_kept_for_ever(world: World, now: datetime) -> None:
    world.comes_in("From: MAILER-DAEMON@x.example\nSubject: odd\n\nhm\n", world.bounce_address(ADA))
    assert tidy.tidy(now=now + timedelta(days=89)) == 0
    assert tidy.tidy(now=now + timedelta(days=91)) == 1
    assert Incoming.objects.get().sealed is None
    dead(world, ADA)
    assert tidy.tidy(now=now + timedelta(days=500)) == 1
    assert Incoming.objects.get().suppressed == 1, "what explains a suppression stays"


def test_who_is_forgotten_is_forgotten_here_too(world: World, now: datetime) -> None:
    world.send_to("bob@example.org")
    for address in (ADA, "bob@example.org"):
        world.comes_in(dsn(world.bounce_address(address), address, "", "?!"), world.bounce_address(address))
        world.comes_in(dsn(world.bounce_address(address), address, FULL[0], FULL[1].format(address)), world.bounce_address(address))
    assert len(queries.kept()) == 2 and FullReport.objects.count() == 2
    people.forget(person=world.people[ADA], staff_id=None, why="asked", now=now)
    assert tidy.tidy(now=now) == 1
    (left,) = queries.kept()
    assert Incoming.objects.get(pk=left.id).person_id == world.people["bob@example.org"] and FullReport.objects.count() == 1


def test_what_a_suppression_came_from_is_explained(world: World) -> None:
    row = dead(world, ADA)
    words = queries.source_words(f"mail {row.pk}: the address is dead")
    assert words.startswith(f"mail {row.pk}") and "User unknown" in words and "@" not in words
    assert queries.source_words("import of a list") == "import of a list" and queries.source_words("mail x") == "mail x"
    assert queries.outcomes(world.now) == {"bounces": 1}


def test_the_receiver_is_given_no_key_that_opens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = mx_config(
        settings.GROUNDSWELL.model_copy(update={"mx_listen": "[::1]:2525", "inbound_addresses": "A@x.example, b@x.example"})
    )
    assert (made.host, made.port, made.addresses) == ("::1", 2525, ["a@x.example", "b@x.example"])
    assert settings.GROUNDSWELL.key_folder.ring("intake").current_key.hex() not in str(made)


def run(home: Path, *arguments: str, content: bytes = b"") -> tuple[int, str]:
    environment = {**os.environ, "GROUNDSWELL_DATA": str(home), "GROUNDSWELL_KEYS": str(settings.GROUNDSWELL.key_folder.folder)}
    done = subprocess.run([*COMMAND, *arguments], input=content, capture_output=True, env=environment, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_mail_servers_pipe_is_told_when_to_try_again(home: Path) -> None:
    code, out = run(home, "inbound", "take", "-", "--to", "b+x@bounce.example.org", "--from", "", content=b"Subject: x\n\nhi\n")
    assert (code, out) == (0, "")
    ((path, _),) = waiting(home / "inbound")
    piece = opened(house.private_keys(), path.read_bytes())
    assert (piece.way, piece.envelope_to, piece.content) == ("command", "b+x@bounce.example.org", b"Subject: x\n\nhi\n")
    (home / "mail.eml").write_bytes(b"Subject: y\n\n")
    assert run(home, "inbound", "take", str(home / "mail.eml"))[0] == 0 and len(list(waiting(home / "inbound"))) == 2
    assert run(home, "inbound", "take", str(home / "nowhere.eml"))[0] == 75
    broken = home / "broken"
    broken.mkdir()
    (broken / "inbound").write_text("in the way")
    code, out = run(broken, "inbound", "take", "-", content=b"x")
    assert code == 75 and "try again later" in out


def test_the_webhooks_addresses_are_printed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_WEBHOOKS", "postmark sendgrid=MFkw")
    code, out = run(home, "inbound", "webhooks")
    assert code == 0 and "/postmark/tracking/" in out and "/postmark/inbound/" in out and "MFkw" not in out
    monkeypatch.setenv("GROUNDSWELL_WEBHOOKS", "nobody")
    assert run(home, "inbound", "webhooks")[0] == 2
    monkeypatch.setenv("GROUNDSWELL_WEBHOOKS", "")
    assert "None is switched on" in run(home, "inbound", "webhooks")[1]


@pytest.mark.slow
def test_the_commands_say_how_it_goes(home: Path) -> None:
    environment = {**os.environ, "GROUNDSWELL_DATA": str(home)}
    environment.pop("GROUNDSWELL_KEYS", None)

    def here(*arguments: str, content: str = "") -> tuple[int, str]:
        done = subprocess.run([*COMMAND, *arguments], input=content, capture_output=True, env=environment, check=False, text=True)
        return done.returncode, done.stdout

    assert here("init")[0] == 0
    assert here("inbound", "take", "-", content="From: MAILER-DAEMON@x.example\nSubject: odd\n\nhm\n")[0] == 0
    assert json.loads(here("inbound", "status", "--json")[1])["in the spool"] == 1
    assert json.loads(here("inbound", "apply", "--json")[1]) == {"applied": 1}
    assert json.loads(here("inbound", "status", "--json")[1])["kept for a person"] == 1
    assert json.loads(here("inbound", "shares", "--json")[1]) == {"letters": [], "days": []}
    code, out = here("inbound", "shares")
    assert code == 0 and "0.30 %" in out
