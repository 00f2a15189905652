"""Targets in the office: whom to write to opens for Alice with a reason, never for Bob, and not at all for Charlie."""

from datetime import datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from groundswell.campaigns import operations
from groundswell.campaigns.models import TargetContact
from groundswell.staff.models import Account, LedgerEntry
from groundswell.staff.operations import one_time_password
from tests.campaigns.facts import campaign

pytestmark = pytest.mark.django_db
FORM = {
    "given_name": "Petra", "family_name": "Presswood", "role": "head of policy", "email": "petra@acme.example", "phone": "+12065550100",
    "why": "their own press page",
}  # fmt: skip


@pytest.fixture
def alice(client: Client, now: datetime) -> Client:
    campaign(now)
    assert client.login(username="alice", password=one_time_password(username="alice", now=now))
    return client


@pytest.fixture
def bob(now: datetime, alice: Client) -> Client:
    """An editor: writes, and does not approve."""
    account = Account.objects.create_user("bob", password="a long one for bob")
    account.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    assert client.login(username="bob", password="a long one for bob")
    return client


def test_alice_keeps_opens_and_ends_a_contact(alice: Client, now: datetime) -> None:
    operations.relate(one="acme", relation="owns", other=_other(), publisher="Paper", title="T", url="https://p.example/1")
    assert alice.get("/office/record/targets/").status_code == 200
    assert alice.get("/office/record/targets/acme/contact/").status_code == 200
    assert alice.post("/office/record/targets/acme/contact/", FORM).status_code == 302
    number = TargetContact.objects.get().pk
    shown = alice.get("/office/record/targets/").content.decode()
    assert f"Contact {number}" in shown and "e-mail and telephone" in shown and "Acme owns Other" in shown
    assert not any(word in shown for word in ("Petra", "Presswood", "petra@", "policy"))
    one = f"/office/record/contacts/{number}/"
    assert "Petra" not in alice.get(one).content.decode()
    assert alice.post(one, {"why": " "}).status_code == 422
    opened = alice.post(one, {"why": "to call them"})
    told = opened.content.decode()
    assert all(word in told for word in ("Petra Presswood", "petra@acme.example", "head of policy", "+12065550100"))
    assert "no-cache" in opened["Cache-Control"]
    assert LedgerEntry.objects.filter(act="read details", why="to call them").count() == 1
    alice.post(f"{one}end/", {"why": ""})
    assert TargetContact.objects.get().ended_at is None
    alice.post(f"{one}end/", {"why": "left"})
    assert TargetContact.objects.get().ended_at is not None and alice.get(one).status_code == 404


def test_what_alice_typed_wrong_is_said_beside_the_field(alice: Client) -> None:
    answer = alice.post("/office/record/targets/acme/contact/", {**FORM, "email": "nonsense", "why": ""})
    assert answer.status_code == 422 and "Petra" in answer.content.decode()
    answer = alice.post("/office/record/targets/acme/contact/", {**FORM, "email": "nonsense"})
    assert answer.status_code == 422 and not TargetContact.objects.exists()
    assert alice.get("/office/record/targets/nobody/contact/").status_code == 404


def test_bob_sees_the_targets_and_opens_nobody(bob: Client, alice: Client) -> None:
    alice.post("/office/record/targets/acme/contact/", FORM)
    number = TargetContact.objects.get().pk
    shown = bob.get("/office/record/targets/")
    assert shown.status_code == 200 and "moderators open them" in shown.content.decode()
    for path in ("targets/acme/contact/", f"contacts/{number}/", f"contacts/{number}/end/"):
        assert bob.post(f"/office/record/{path}", FORM).status_code in (302, 403)
    assert not LedgerEntry.objects.filter(act="read details").exists() and TargetContact.objects.get().ended_at is None


def test_charlie_sees_nothing(alice: Client) -> None:
    alice.post("/office/record/targets/acme/contact/", FORM)
    stranger = Client()
    for path in ("targets/", "targets/acme/contact/", f"contacts/{TargetContact.objects.get().pk}/"):
        answer = stranger.post(f"/office/record/{path}", FORM)
        assert answer.status_code == 302 and "/office/login/" in answer["Location"]


def _other() -> str:
    operations.name_target(slug="other", name="Other")
    return "other"
