"""Hand-overs in the office: previewed, made, taken with a reason, proved; and closed to those who only write."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId
from groundswell.campaigns.models import RecordEntry
from groundswell.deliveries import queries
from groundswell.mailings import operations as mailings
from groundswell.people import operations as people
from groundswell.staff.models import Account, LedgerEntry
from tests.deliveries.test_dossier import photo
from tests.deliveries.world import petition, signer

pytestmark = pytest.mark.django_db


def staff(client: Client, name: str, group: str) -> Account:
    account = Account.objects.create_user(username=name, password="x")
    account.groups.add(Group.objects.get(name=group))
    client.force_login(account)
    return account


@pytest.fixture
def asked() -> ActionId:
    now = datetime.now(UTC) - timedelta(hours=1)
    found = petition(now)
    for number in range(3):
        signer(found, now, number)
    return found


def test_alice_hands_over_from_preview_to_dossier(client: Client, asked: ActionId) -> None:
    alice = staff(client, "alice", "Moderators")
    assert "Hand-overs" in client.get("/office/hand-overs/").content.decode()
    preview = client.get("/office/hand-overs/new/", {"petition": "p", "preview": "1", "places": "yes", "format": ["csv", "pdf"]})
    assert "3 signatures" in preview.content.decode() and not queries.hand_overs()
    person = people.enrol(email=_address("signer0@example.org"), now=datetime.now(UTC)).person
    actions.withdraw(petition_id=asked, person=person)
    made = client.post(
        "/office/hand-overs/make/", {"petition": "p", "seen": "3", "why": "the vote", "places": "yes", "format": ["csv", "pdf"]},
        follow=True,
    )  # fmt: skip
    text = made.content.decode()
    assert "2 signatures are ready" in text and "Since the preview: 1 more left out: taken back by the signer" in text
    (view,) = queries.hand_overs()
    assert client.get(f"/office/hand-overs/{view.id}/file/").status_code == 405
    refused = client.post(f"/office/hand-overs/{view.id}/file/", {"name": "p.csv", "why": ""}, follow=True)
    assert "needs its occasion" in refused.content.decode()
    taken = client.post(f"/office/hand-overs/{view.id}/file/", {"name": "p.csv", "why": "to print"})
    assert b"".join(taken.streaming_content).startswith(b"\xef\xbb\xbftext,1,One")  # type: ignore[attr-defined]
    exported = LedgerEntry.objects.get(act="export")
    assert exported.actor_id == alice.pk and exported.why == "to print"
    facts = {"on": datetime.now(UTC).date().isoformat(), "how": "in person", "to_role": "the front desk", "answer": "none"}
    answer = client.post(f"/office/hand-overs/{view.id}/dossier/", facts, follow=True).content.decode()
    assert "on the record" in answer and RecordEntry.objects.get().kind == "pressure"
    upload = {"file": SimpleUploadedFile("x.jpg", photo()), "kind": "photo", "title": "At the door", "public": "yes"}
    assert "The proof is kept" in client.post(f"/office/hand-overs/{view.id}/proof/", upload, follow=True).content.decode()
    linked = client.post(f"/office/hand-overs/{view.id}/link/", {"days": "5", "why": "lawyers"}, follow=True).content.decode()
    assert f"{settings.GROUNDSWELL.base_url}/h/" in linked
    page = queries.hand_overs()[0].pages[0]
    closed = client.post(f"/office/hand-overs/{view.id}/link/", {"close": str(page.id)}, follow=True).content.decode()
    assert "The link is closed" in closed and "a link that ended" in closed


def test_bob_who_only_writes_and_charlie_who_is_nobody_see_nothing(client: Client, asked: ActionId) -> None:
    paths = ("/office/hand-overs/", "/office/hand-overs/new/?petition=p", "/office/hand-overs/1/")
    for path in paths:
        assert client.get(path).status_code == 302
    staff(client, "bob", "Editors")
    for path in paths:
        assert client.get(path).status_code in (302, 403)
    for path in ("make/", "drip/", "1/file/", "1/dossier/", "1/proof/", "1/link/"):
        assert client.post(f"/office/hand-overs/{path}", {"petition": "p", "why": "x"}).status_code in (302, 403)
    assert "Hand-overs" not in client.get("/office/").content.decode() and not queries.hand_overs()


def test_a_drip_is_started_and_stopped_with_one_press(client: Client, asked: ActionId) -> None:
    mailings.keep_sender(
        slug="us", name="L", team="t", organisation="Common Ground", from_address="l@news.example.org", reply_to="r@news.example.org",
        list_id="list.example.org", feedback_id="cg", postal_address="1 Example St", privacy_url="https://example.org/p", why="w",
    )  # fmt: skip
    staff(client, "alice", "Moderators")
    given = {"petition": "p", "address": "press@target.example", "to_role": "the press office", "per_mail": "1", "per_day": "2"}
    wrong = client.post("/office/hand-overs/drip/", {**given, "cap": "none", "why": "w"}, follow=True).content.decode()
    assert "not possible" in wrong
    client.post("/office/hand-overs/drip/", {**given, "cap": "10", "why": "w"}, follow=True)
    (drip,) = queries.drips()
    shown = client.get("/office/hand-overs/").content.decode()
    assert "the press office" in shown and "press@target.example" not in shown and "Stop now" in shown
    stopped = client.post("/office/hand-overs/drip/", {"stop": str(drip.id)}, follow=True).content.decode()
    assert "The drip is stopped" in stopped and queries.drips()[0].state == "stopped"


def test_what_is_wrong_is_said_and_nothing_is_lost(client: Client, asked: ActionId) -> None:
    staff(client, "alice", "Moderators")
    odd = client.get("/office/hand-overs/new/", {"petition": "p", "preview": "1", "region": "SW1", "since": "nonsense"})
    assert "A day is not one" in odd.content.decode()
    odd = client.get("/office/hand-overs/new/", {"petition": "p", "preview": "1", "region": "SW1"})
    assert "needs its country" in odd.content.decode() and 'value="SW1"' in odd.content.decode()
    assert client.get("/office/hand-overs/new/", {"petition": "none"}).status_code == 404
    assert client.get("/office/hand-overs/99/").status_code == 404
    nobody = client.post("/office/hand-overs/make/", {"petition": "p", "country": "FR", "why": "w", "seen": "1"}, follow=True)
    assert "Nobody is chosen" in nobody.content.decode()


def test_a_long_list_is_written_in_the_background(client: Client, asked: ActionId, home: Path) -> None:
    from groundswell.deliveries.tasks import write_hand_over

    staff(client, "alice", "Moderators")
    made = client.post("/office/hand-overs/make/", {"petition": "p", "seen": "60000", "why": "w", "format": "csv"}, follow=True)
    (view,) = queries.hand_overs()
    assert "It is being written" in made.content.decode() and view.state == "preparing"
    write_hand_over.func(view.id)
    write_hand_over.func(view.id)
    assert [(row.state, row.total) for row in queries.hand_overs()] == [("made", 3)]


def _address(text: str) -> object:
    from groundswell.basics.addresses import parse

    return parse(text)
