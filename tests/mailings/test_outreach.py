"""A letter to the target that we send: the writer's words and name, their address in Reply-To, ours in From, and nothing in the books."""

import email
import email.policy
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.actions.acting import sending
from groundswell.basics.result import Refused
from groundswell.engine.sign import Signer
from groundswell.engine.transports.files import MaildirTransport
from groundswell.mailings import outreach
from groundswell.people import operations as people
from groundswell.post.deliver import PostOffice, deliver
from groundswell.post.models import Delivery, Letter, State
from tests.actions.world import AS_IT_STOOD, World
from tests.engine.test_letter import SENDER

pytestmark = pytest.mark.django_db
LETTER = "Dear Member,\r\n\r\nplease end it <now> — ”it“ can’t wait. {{ first_name }}\r\n\r\nYours,"


def sent(world: World, home: Path) -> list[email.message.EmailMessage]:
    office = PostOffice(
        settings.GROUNDSWELL.key_folder.tokens, world.base_url, "bounce.example.org", home / "logs", lambda _: tuple[Signer, ...]()
    )
    for letter_id in world.follow():
        deliver(letter_id=letter_id, office=office, transport=MaildirTransport(home / "mail"), clock=lambda: world.now)
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in (home / "mail" / "new").glob("*.eml")
    ]
    return [mail for mail in mails if mail["to"] == "senator@senate.example"]  # type: ignore[misc]


def test_the_letter_that_arrives_is_the_writers(home: Path, now: datetime) -> None:
    world = World(home, now, "send")
    sending.name_recipient(
        petition_id=world.action, name="Senator", role="", address="senator@senate.example", places=[], staff_id=None, now=now
    )
    writer, token = world.reader("zoe.o'neill@example.org", "Zoë O’Neill")
    world.do_by_letter(token, subject="End it,\r\nplease", letter=LETTER, reveal="yes")
    world.apply()
    world.confirm(writer)
    (mail,) = sent(world, home)
    assert mail["from"].addresses[0].display_name == f"Zoë O’Neill via {SENDER.organisation}"
    assert mail["from"].addresses[0].addr_spec == SENDER.from_address, "our own aligned address"
    assert mail["reply-to"].addresses[0].addr_spec == "zoe.o'neill@example.org" and mail["to"] == "senator@senate.example"
    assert mail["subject"] == "End it, please" and mail["list-unsubscribe"] is None and mail["auto-submitted"] is None
    text, html = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "please end it <now> — ”it“ can’t wait. {{ first_name }}\n" in text and "Zoë O’Neill wrote this letter" in text
    assert "please end it &lt;now&gt;" in html and "Zoë O’Neill" in text.split("-- ")[0], "it is signed with the writer's name"
    assert Delivery.objects.get(letter__kind="outreach").state == State.ACCEPTED
    kept = str(list(Letter.objects.values_list("content", flat=True)))
    assert "O’Neill" not in kept and "neill@" not in kept and "can’t wait" not in kept


def test_a_writer_who_was_forgotten_is_written_for_no_more(home: Path, now: datetime) -> None:
    world = World(home, now, "send")
    sending.name_recipient(
        petition_id=world.action, name="Senator", role="", address="senator@senate.example", places=[], staff_id=None, now=now
    )
    person, token = world.reader()
    world.do_by_letter(token, **AS_IT_STOOD, reveal="yes")
    world.apply()
    (letter_id,) = world.follow()
    people.forget(person=person, staff_id=None, why="asked", now=world.now)
    with pytest.raises(Refused):
        outreach.enclose(letter_id, Letter.objects.get(pk=letter_id).content)
    sending.stop_of(person=person, now=world.now)
    assert Delivery.objects.get(letter_id=letter_id).reason == "taken back by its writer"


def test_held_letters_wait_for_staff(home: Path, now: datetime) -> None:
    world = World(home, now, "send")
    sending.name_recipient(
        petition_id=world.action, name="Senator", role="", address="senator@senate.example", places=[], staff_id=None, now=now
    )
    world.do(email="x@mailinator.com", subject="S", letter="L", reveal="yes")
    world.apply()
    assert world.follow() == [] and not Letter.objects.filter(kind="outreach").exists()
