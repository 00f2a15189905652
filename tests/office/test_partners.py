"""Staff invite partners, give them their link and their list, and end them; whoever may not is let in nowhere."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from groundswell.actions import operations as actions
from groundswell.actions import partners
from groundswell.actions.models import Partner, Petition
from groundswell.staff.models import Account, LedgerEntry
from tests.office.test_actions import alice  # noqa: F401 (a fixture)
from tests.pages.test_door import Place
from tests.pages.test_wall_and_partners import published, sign

pytestmark = pytest.mark.django_db
PAGE = "/office/partners/end-it/"
WATCH = {
    "organisation": "Rights <Watch>", "slug": "", "wording": "Yes, Rights Watch may write to me too.",
    "wording-de": "Ja, Rights Watch darf mir auch schreiben.", "privacy_url": "https://watch.example.org/privacy",
}  # fmt: skip


@pytest.fixture
def place(home: Path, now: datetime) -> Place:
    made = Place(home, now)
    actions.reword(petition_id=made.petition, title="Beendet es", text="Bitte.", language="de", now=now)
    return made


def test_charlie_and_an_editor_are_let_in_nowhere(client: Client, place: Place) -> None:
    assert client.get(PAGE).status_code == 302 and client.post(f"{PAGE}list.csv", {"partner": "x"}).status_code == 302
    editor = Account.objects.create_user("bob", password="x")
    client.force_login(editor)
    for answer in (client.get(PAGE), client.post(PAGE, WATCH), client.post(f"{PAGE}end/"), client.post(f"{PAGE}list.csv")):
        assert answer.status_code in (302, 403)
    assert not Partner.objects.exists()


def test_alice_invites_a_partner_in_every_language_and_changes_its_words(alice: Client, place: Place) -> None:  # noqa: F811
    page = alice.post(PAGE, WATCH, follow=True).content.decode()
    assert "Rights &lt;Watch&gt; asks with you" in page and "<Watch>" not in page
    assert "/a/end-it?source=partner-rights-watch" in page
    assert "data-partner=&quot;rights-watch&quot;" in page
    view = partners.partners(place.petition)[0]
    assert view.asked_in("de").startswith("Ja,") and view.asked_in("en") == view.asked_in("fr") == WATCH["wording"]
    assert Petition.objects.get().counted_at is None, "the page is published anew"
    assert WATCH["wording-de"] in alice.get(f"{PAGE}?change=rights-watch").content.decode()
    page = alice.post(
        PAGE, {**WATCH, "slug": "rights-watch", "wording": "Yes, again.", "wording-de": ""}, follow=True
    ).content.decode()
    assert Partner.objects.count() == 1 and "Yes, again." in page and "words are missing there" in page
    assert list(LedgerEntry.objects.filter(about="end-it, rights-watch").order_by("pk").values_list("act", flat=True)) == [
        "invite a partner", "change a partner's question",
    ]  # fmt: skip


def test_what_is_missing_is_said_and_what_was_typed_stays(alice: Client, place: Place) -> None:  # noqa: F811
    answer = alice.post(PAGE, {**WATCH, "privacy_url": "javascript:alert(1)"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "beginning with https://" in page and WATCH["wording-de"] in page
    assert not Partner.objects.exists() and alice.get("/office/partners/none/").status_code == 404


def test_alice_takes_a_partners_list_with_a_reason_into_the_ledger(alice: Client, place: Place) -> None:  # noqa: F811
    alice.post(PAGE, WATCH)
    published(place)
    sign(place, "=Ada Lovelace", "source=partner-rights-watch&partner=yes&country=GB", consent="no")
    sign(place, "Bob Brown", "source=partner-rights-watch", consent="yes")
    asked = {"partner": "rights-watch"}
    assert "needs a reason" in alice.post(f"{PAGE}list.csv", {**asked, "why": " "}, follow=True).content.decode()
    answer = alice.post(f"{PAGE}list.csv", {**asked, "why": "list of March"})
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert rows[0] == list(partners.EXPORTED) and len(rows) == 2, "Bob said yes to us only"
    assert rows[1][1] == "'=Ada", "no formula in a cell"
    line = LedgerEntry.objects.get(act="export people")
    assert line.why == "list of March (for Rights <Watch>)" and line.actor_id == Account.objects.get(username="alice").pk
    page = alice.get(PAGE).content.decode()
    assert "<strong>2</strong> signed by it, <strong>1</strong> said yes to it" in page
    assert "has no partner" in alice.post(f"{PAGE}list.csv", {"partner": "none", "why": "x"}, follow=True).content.decode()


def test_alice_ends_a_partner_whose_list_stays(alice: Client, place: Place) -> None:  # noqa: F811
    alice.post(PAGE, WATCH)
    page = alice.post(f"{PAGE}end/", {"partner": "rights-watch"}, follow=True).content.decode()
    assert "(ended)" in page and "Its list as CSV" in page and "embed.js" not in page
    assert partners.partners(place.petition) == [] and LedgerEntry.objects.filter(act="end a partner").exists()
