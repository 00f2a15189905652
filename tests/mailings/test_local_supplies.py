"""What police near the reader have: said where the register knows it, with its source, and never guessed elsewhere."""

import email
import email.policy
from datetime import datetime
from pathlib import Path

import pytest

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import LetterId, MailingId
from groundswell.basics.tokens import TokenKeys
from groundswell.campaigns import operations as campaigns
from groundswell.engine.transports.files import MaildirTransport
from groundswell.mailings import operations
from groundswell.mailings.local import local_tables
from groundswell.people import operations as people
from groundswell.post.deliver import PostOffice, deliver
from groundswell.post.models import Letter
from tests.campaigns.test_supplies import ATLAS, OWN, atlas, own, sheet
from tests.mailings.test_proposals import Place
from tests.people.test_people import agree

pytestmark = pytest.mark.django_db
APPEAL = '---\nsubject: Near you\n---\nHello.\n\nLook: {{ supply | "Police in many towns have it." }}\n\n::: ask\nSign it\n:::\n'


def reader(now: datetime, name: str, country: str, region: str) -> None:
    address = parse(f"{name}@example.org")
    assert isinstance(address, Address)
    agree(people.enrol(email=address, country=country, region=region, now=now).person, now)


def test_readers_of_three_regions_read_what_is_near_them(home: Path, now: datetime) -> None:
    place = Place(now)
    campaigns.import_supplies(sheet(home, ATLAS, atlas("A1"), atlas("A2", State="WA", City="Other", Agency="Other PD")), now=now)
    campaigns.import_supplies(sheet(home, OWN, own()), now=now)
    reader(now, "olive", "US", "Oregon")
    reader(now, "kit", "GB", "Kent")
    reader(now, "texan", "US", "TX")
    mailing = operations.draft(slug="m", appeal=APPEAL, sender_slug="s", petition_id=place.petition, now=now)
    letter = operations.start(mailing_id=MailingId(mailing), now=now)
    read = delivered(letter, home, now)
    assert "Exampleville Police Department has Face Recognition by Acme." in read["olive"]
    assert "(Example News, 2021-02-03: <https://news.example/1>)" in read["olive"]
    assert "Town of Example has cameras by Acme, since 2024. (Paper: <https://paper.example/1>)" in read["kit"]
    assert "Look: Police in many towns have it." in read["texan"] and "news.example" not in read["texan"]


def test_a_sent_letter_keeps_what_it_said_when_the_register_changes(home: Path, now: datetime) -> None:
    place = Place(now)
    campaigns.import_supplies(sheet(home, OWN, own()), now=now)
    reader(now, "kit", "GB", "Kent")
    mailing = operations.draft(slug="m", appeal=APPEAL, sender_slug="s", petition_id=place.petition, now=now)
    letter = operations.start(mailing_id=MailingId(mailing), now=now)
    campaigns.import_supplies(sheet(home, OWN, own(since="1999")), now=now)
    assert "since 2024" in delivered(letter, home, now)["kit"]


def test_nothing_is_said_that_has_ended_and_the_surest_is_said_first(home: Path, now: datetime) -> None:
    rows = [
        own(state="ended", region="Kent"), own(state="planned", region="Essex", buyer="A"),
        own(state="in use", region="Essex", buyer="B"), own(state="planned", region="Surrey", buyer="C"),
    ]  # fmt: skip
    campaigns.import_supplies(sheet(home, OWN, *rows), now=now)
    table = local_tables(APPEAL)["supply"]
    assert sorted(table.rows) == ["gb/essex", "gb/surrey"]
    assert table.rows["gb/essex"].words.startswith("B in Example has cameras")
    assert table.rows["gb/surrey"].words.startswith("C in Example is to get cameras")


def test_a_letter_that_does_not_ask_carries_no_register(home: Path, now: datetime) -> None:
    place = Place(now)
    campaigns.import_supplies(sheet(home, OWN, own()), now=now)
    appeal = APPEAL.replace('{{ supply | "Police in many towns have it." }}', "many towns have it.")
    mailing = operations.draft(slug="m", appeal=appeal, sender_slug="s", petition_id=place.petition, now=now)
    operations.start(mailing_id=MailingId(mailing), now=now)
    assert Letter.objects.get().content["local"] == {} and local_tables(appeal) == {}


def delivered(letter: LetterId, home: Path, now: datetime) -> dict[str, str]:
    office = PostOffice(
        tokens=TokenKeys({1: b"k" * 64}, 1), base_url="https://act.example.org", bounce_domain="bounce.example.org",
        logs=home / "post", signers_for=lambda _: (),
    )  # fmt: skip
    deliver(letter_id=letter, office=office, transport=MaildirTransport(home / "mail"), clock=lambda: now)
    read = {}
    for path in (home / "mail" / "new").iterdir():
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))  # type: ignore[attr-defined]
        assert body is not None
        read[str(message["to"]).strip("<>").partition("@")[0]] = " ".join(body.get_content().split())
    return read
