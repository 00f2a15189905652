"""Who asks for their data is given all of it, by whichever number and by whichever door they ask."""

import io
import json
from base64 import b64decode, b64encode
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from groundswell.actions.models import Deed, Photo, Recipient, Signature
from groundswell.basics.ids import PersonRef
from groundswell.cli import main
from groundswell.inbox import house
from groundswell.inbox.models import FullReport, Incoming, State
from groundswell.inbox.spool import Piece
from groundswell.people import operations as people
from groundswell.people import rights
from groundswell.people.following import followers
from groundswell.people.keys import deed_field, sealer
from groundswell.people.own_data import own_data
from groundswell.people.telling import tellers
from groundswell.post import wishes
from groundswell.post.models import Delivery, Letter
from groundswell.staff.models import LedgerEntry
from groundswell.staff.operations import one_time_password
from tests.people.test_merge import opened, signed
from tests.people.test_people import address

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff a picture"


def test_whatever_follows_a_person_is_told_to_them() -> None:
    assert [name for name, _ in tellers()] == [name for name, _ in followers()]


@pytest.fixture
def two(home: Path, now: datetime) -> tuple[PersonRef, PersonRef]:
    """Somebody who came twice, and did all that can be done here."""
    kept = people.enrol(email=address("ada@example.org"), given_name="Ada", country="GB", now=now).person
    gone = people.enrol(
        email=address("a@work.example"), given_name="Augusta", family_name="King", phone="+442079460001", street="2 Low St",
        country="FR", now=now,
    ).person  # fmt: skip
    people.record_consent(
        person=gone, given=True, organisation="Us", wording="Write to me", version="7", language="en", source="form", how="form",
        now=now,
    )  # fmt: skip
    for slug, label, kind in (("born", "Born", "date"), ("member", "Member", "yes"), ("gifts", "Gifts", "number"),
                              ("said", "Said", "text"), ("also-said", "Said", "text")):  # fmt: skip
        people.make_field(slug=slug, label=label, kind=kind)
    for person, slug, value in ((kept, "born", "2000-01-01"), (kept, "member", "no"), (kept, "gifts", "3"), (kept, "said", "K1"),
                                (kept, "also-said", "K2"), (gone, "said", "G1")):  # fmt: skip
        people.set_fact(person=person, slug=slug, value=value)
    people.tag(persons=[gone], name="volunteer")
    people.write_note(person=gone, text="Called on Monday", staff_id=None, now=now)
    path = home / "list.csv"
    path.write_text("email,first name,country\nada@example.org,Adelaide,DE\n")
    over = ("given_name", "country")
    people.import_list(path, organisation="Us", wording="w", source="old", overwrite=over, now=now)
    petition = opened("coal", now)
    signed(petition, gone, now, "My lungs")
    signature = Signature.objects.get()
    deed = Deed.objects.create(
        pk=uuid4(), signature=signature, petition_id=petition, person_id=gone, kind="photo", outcome="given", whom="Rep. X",
        agreed="It may be shown", at=now,
    )  # fmt: skip
    field = deed_field(deed.pk.hex)
    Deed.objects.filter(pk=deed.pk).update(words=sealer().seal(gone, field, "I was there"))
    Photo.objects.create(
        deed=deed, petition_id=petition, person_id=gone, spool="x", state="waiting", width=3, height=2,
        image=sealer().seal(gone, f"{field} photo", b64encode(JPEG).decode()),
    )  # fmt: skip
    Recipient.objects.create(petition_id=petition, person_id=gone, name="Rep. King", role="Senate")
    for key, persons in (("both", (kept, gone)), ("one", (gone,))):
        letter = Letter.objects.create(key=key, kind="mailing", content={}, lodged_at=now)
        for person in persons:
            Delivery.objects.create(letter=letter, person_id=person, state=3, due_at=now, changed_at=now)
    wishes.less_mail(person=kept, now=now)
    wishes.only_topic(person=gone, topic=5, now=now)
    for key, proven in (("ours", True), ("a stranger's", False)):
        mail = Incoming.objects.create(
            key=key, way="smtp", state=State.KEPT, sealed=house.seal(Piece("mail", "smtp", f"From: x\n\nit is {key}\n".encode())),
            taken_at=now, due_at=now, kind="answer", words="Stop it", person_id=gone, proven=proven,
        )  # fmt: skip
    FullReport.objects.create(person_id=gone, at=now, incoming=mail)
    people.merge(kept=kept, gone=gone, staff_id=None, why="one", now=now)
    return kept, gone


def test_nothing_of_either_row_is_left_out(two: tuple[PersonRef, PersonRef], now: datetime) -> None:
    kept, gone = two
    found = rights.everything_of(person=kept, staff_id=None, reason="letter of 3 May", now=now)
    assert found is not None and found["person"] == kept
    assert found["details"] == {
        "email": "ada@example.org", "given_name": "Adelaide", "family_name": "King", "phone": "+442079460001", "street": "2 Low St",
    }  # fmt: skip
    assert found["fields"] == {"Born": "2000-01-01", "Member": "no", "Gifts": "3", "Said (said)": "K1", "Said": "K2"}
    (other,) = found["merged"]
    assert other["person"] == gone and other["details"]["given_name"] == "Augusta" and other["details"]["email"] == "a@work.example"
    assert other["fields"] == {"Said": "G1"} and other["facts"]["country"] == "FR" and found["facts"]["country"] == "DE"
    assert found["tags"] == ["volunteer"] and [note["note"] for note in found["notes"]] == ["Called on Monday"]
    assert ("Us", "7", "en") in [(line["organisation"], line["version"], line["language"]) for line in found["consents"]]
    changed = [(line["field"], line["before"], line["after"]) for line in found["written_over"] if "import" in line]
    assert sorted(changed) == [("country", "GB", "DE"), ("given name", "Ada", "Adelaide")] and len(found["imports"]) == 1
    assert {line["field"] for line in found["written_over"] if "merge" in line} == {"family name", "phone", "street"}
    (signature,) = found["signatures"]
    assert (signature["petition"], signature["reason"], signature["state"]) == ("coal", "My lungs", "confirmed")
    (deed,) = found["deeds"]
    assert deed["words"] == "I was there" and deed["agreed"] == "It may be shown" and b64decode(deed["photo"]["jpeg"]) == JPEG
    assert found["recipients_of_letters"] == [{"action": "coal", "name": "Rep. King", "role": "Senate", "places": []}]
    assert sorted(line["letter"] for line in found["letters"]) == ["both", "both", "one"]
    assert [(wish["days"], wish["topic"]) for wish in found["wishes"]] == [(wishes.LESS_DAYS, None), (None, 5)]
    assert [(mail["kept"], mail["mail"]) for mail in found["mails_that_came"]] == [(True, "From: x\n\nit is ours\n"), (True, "")]
    assert len(found["full_mailboxes"]) == 1
    assert not {"signed", "signed_bits", "sources"} & set(found["facts"])


def test_asked_for_by_the_number_that_is_gone_it_is_the_same(two: tuple[PersonRef, PersonRef], now: datetime) -> None:
    found = [rights.everything_of(person=person, staff_id=None, reason="x", now=now) for person in two]
    assert found[0] == found[1]
    assert set(LedgerEntry.objects.filter(act="export one").values_list("about", flat=True)) == {f"person {two[0]}"}


def test_every_door_gives_out_the_same(
    two: tuple[PersonRef, PersonRef], now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    kept, gone = two
    monkeypatch.setattr("groundswell.cli.ready.database", lambda: nullcontext(settings.GROUNDSWELL))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{gone}\n"))
    assert main(["people", "export-one", "--reason", "letter of 3 May"]) == 0
    by_command = json.loads(capsys.readouterr().out)
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    by_office = client.post(f"/office/people/{kept}/give-out/", {"why": "letter of 3 May"}).json()
    own = own_data(gone)
    assert own is not None

    def plain(found: Any) -> Any:
        return json.loads(json.dumps(found, default=str))

    assert by_command == by_office == plain(own.held) and by_command["deeds"][0]["words"] == "I was there"
    assert "Lovelace" not in repr(own) and "lungs" not in repr(own)


def test_who_was_forgotten_has_nothing_left_but_what_names_nobody(two: tuple[PersonRef, PersonRef], now: datetime) -> None:
    people.forget(person=two[1], staff_id=None, why="asked", now=now)
    found = rights.everything_of(person=two[0], staff_id=None, reason="to see", now=now)
    assert found is not None
    for name in ("details", "fields", "tags", "notes", "consents", "merged", "written_over", "imports"):
        assert not found[name], name
    assert [line["reason"] for line in found["signatures"]] == [""] and [line["words"] for line in found["deeds"]] == [""]
    assert "photo" not in found["deeds"][0]
