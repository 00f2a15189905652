"""Reasons on the page only as agreed and only once read; partners with their own question, counts and list; share texts."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client

from groundswell.actions import doubts, partners, reasons, share_trials
from groundswell.actions.models import Origin, PublicReason, ShareTrial, Signature
from groundswell.actions.own import signatures_of
from groundswell.basics.result import Refused
from groundswell.pages import publish
from groundswell.pages.authoring import files_of
from groundswell.pages.masthead import House
from groundswell.people import queries as people
from groundswell.people.exporting import export
from groundswell.people.models import Consent
from groundswell.people.suppressions import person_with
from groundswell.staff.models import Account, LedgerEntry
from tests.pages.test_door import Place
from tests.people.test_people import address

pytestmark = pytest.mark.django_db
HOUSE = House("Org & Co", "/privacy", "https://act.example.org")


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    yield Place(home, now)


def published(place: Place) -> str:
    from groundswell.actions.queries import petition

    for files in files_of(petition(place.petition), HOUSE):
        publish.write_files(place.home / "published", files)
    return (place.home / "published" / "a" / "end-it" / "index.html").read_text()


def sign(place: Place, who: str, more: str = "", *, consent: str = "no") -> None:
    answer = place.ask(
        "POST", "/a/end-it/sign", f"name={quote(who)}&email={who.split(maxsplit=1)[0]}%40example.org&consent={consent}&{more}"
    )
    assert answer.status == 303
    place.apply()
    place.now += timedelta(seconds=1)  # of two at the same moment, either may come first


def test_a_reason_stands_on_the_page_only_if_its_signer_agreed_and_staff_read_it(place: Place, now: datetime) -> None:
    sign(place, "Ada Lovelace", "reason=Because+%3Cb%3Eof%3C/b%3E+my+son&public=yes")
    sign(place, "Bob Brown", "reason=Only+for+the+target")
    sign(place, "Eve Evans", "reason=Nameless+me&public=yes&anonymous=yes")
    assert "my son" not in published(place), "nothing is shown before it was read"
    waiting = reasons.reasons(state="waiting")
    assert [(each.words, each.name) for each in waiting] == [("Nameless me", ""), ("Because <b>of</b> my son", "Ada L.")]
    assert bytes(Signature.objects.get(pk=waiting[1].signature).reason or b"").find(b"son") == -1, "sealed all the while"
    assert reasons.decide(signatures=[each.signature for each in waiting], show=True, staff_id=None, now=now) == 2
    page = published(place)
    assert "Because &lt;b&gt;of&lt;/b&gt; my son" in page and "Ada L." in page and "Lovelace" not in page
    assert "Nameless me" in page and "A supporter" in page and "Eve" not in page and "Only for the target" not in page
    assert [line.act for line in LedgerEntry.objects.filter(act__contains="reason")] == ["show a reason"] * 2
    reasons.decide(signatures=[waiting[0].signature], show=False, staff_id=None, now=now)
    assert "Nameless" not in published(place) and "my son" in published(place)


@pytest.mark.parametrize("act", ["withdraw-all", "forget"])
def test_a_reason_goes_with_its_signature(place: Place, now: datetime, act: str) -> None:
    sign(place, "Ada Lovelace", "reason=Because+of+my+son&public=yes")
    (waiting,) = reasons.reasons(state="waiting")
    reasons.decide(signatures=[waiting.signature], show=True, staff_id=None, now=now)
    assert "my son" in published(place)
    person = Signature.objects.get().person_id
    from groundswell.basics.tokens import seal_delivery
    from groundswell.post.models import Delivery

    thanks = Delivery.objects.get(person_id=person)
    token = seal_delivery(place.keys, "mine", thanks.pk)
    assert place.ask("POST", f"/m/{token}/{act}", "sure=yes").status == 200
    assert place.petition in place.apply().petitions | doubts.uncounted(), "the page is published anew in the next window"
    assert "my son" not in published(place)
    assert Signature.objects.get().reason is None, "the words themselves are gone, not only hidden"


def test_the_form_asks_about_the_page_and_never_for_anyone(place: Place) -> None:
    page = published(place)
    assert 'name="public" value="yes"> Show my reason on this page too' in page and " checked" not in page
    answer = place.ask("POST", "/a/end-it/sign", "email=nonsense&reason=r&public=yes")
    assert 'name="public" value="yes" checked' in answer.body.decode(), "what was ticked stays ticked when the form comes back"


def test_staff_read_and_decide_in_the_office(place: Place, settings) -> None:  # type: ignore[no-untyped-def]
    sign(place, "Ada Lovelace", "reason=Because+of+my+son&public=yes")
    staff = Client()
    assert staff.get("/office/reasons/").status_code == 302, "nobody reads them without an account"
    staff.force_login(Account.objects.create_superuser("staff", password="x"))
    page = staff.get("/office/reasons/").content.decode()
    assert "Because of my son" in page and "Ada L." in page and "Lovelace" not in page and "example.org" not in page
    key = PublicReason.objects.get().pk
    assert staff.get("/office/reasons/decide/").status_code == 405
    assert staff.post("/office/reasons/decide/", {"reason": [str(key)], "decision": "show"}).status_code == 302
    assert PublicReason.objects.get().state == "shown"
    assert "Take those off the page" in staff.get("/office/reasons/").content.decode()
    assert staff.post("/office/reasons/decide/", {"reason": ["nonsense"], "decision": "show"}).status_code == 302


@pytest.fixture
def watch(place: Place, now: datetime) -> partners.PartnerView:
    made = partners.invite(
        petition_id=place.petition, slug="watch", organisation="Rights <Watch>", wording="Yes, Rights Watch may write to me too.",
        privacy_url="https://watch.example.org/privacy", now=now,
    )  # fmt: skip
    published(place)
    return made


def test_a_partner_asks_its_own_question_of_those_who_came_by_it(place: Place, watch: partners.PartnerView) -> None:
    for query in (f"source={watch.source}", f"source={watch.source}&r=AAAAAAAAAAAA"):
        page = place.ask("GET", "/a/end-it", query=query).body.decode()
        assert "Yes, Rights Watch may write to me too." in page and "Rights &lt;Watch&gt;: Privacy" in page
        assert 'name="partner" value="yes">' in page and " checked" not in page, "never ticked for anyone"
    assert "Rights Watch" in place.ask("GET", "/a/end-it/embed", query=f"source={watch.source}").body.decode()
    for query in ("", "source=partner-nobody", "source=poster"):
        page = place.ask("GET", "/a/end-it", query=query).body.decode()
        assert 'name="partner"' not in page and "%%" not in page
    again = place.ask("POST", "/a/end-it/sign", f"email=x&partner=yes&source={watch.source}").body.decode()
    assert 'name="partner" value="yes" checked' in again


def test_a_yes_to_a_partner_is_none_to_us_and_its_list_holds_nobody_else(
    place: Place, watch: partners.PartnerView, now: datetime, tmp_path: Path
) -> None:
    sign(place, "Ada Lovelace", f"source={watch.source}&partner=yes&country=GB", consent="no")
    sign(place, "Bob =Brown", f"source={watch.source}", consent="yes")
    sign(place, "Eve Evans", "source=poster&partner=yes", consent="no")
    ada = person_with(address("ada@example.org"))
    lines = [(line.given, line.terms.organisation, line.terms.purpose, line.terms.wording) for line in
             Consent.objects.filter(person_id=ada).select_related("terms").order_by("id")]  # fmt: skip
    assert (True, "Rights <Watch>", "partner", "Yes, Rights Watch may write to me too.") in lines
    assert people.counts()["supporters"] == 1, "only Bob, who said yes to us"
    (count,) = partners.counts(place.petition)
    assert (count.signed, count.agreed, count.ended) == (2, 1, False)
    file = tmp_path / "watch.csv"
    asked = partners.agreed(place.petition, watch)
    assert export(persons=asked, columns=("email", "given_name"), path=file, staff_id=None, why="monthly list", now=now) == 1
    assert list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines())) == [
        ["email", "given_name"],
        ["Ada@example.org", "Ada"],
    ]
    assert file.stat().st_mode & 0o777 == 0o600
    partners.end(petition_id=place.petition, slug="watch", now=now)
    published(place)
    assert json.loads((place.home / "published/a/end-it/action.json").read_text())["partners"] == {}
    assert partners.counts(place.petition)[0].agreed == 1, "what was agreed to stays in the ledger"


def test_a_partner_without_words_or_privacy_page_is_refused(place: Place, now: datetime) -> None:
    for wrong in ({"wording": " "}, {"privacy_url": "javascript:x"}, {"organisation": ""}):
        facts = {"slug": "w", "organisation": "W", "wording": "Yes", "privacy_url": "https://w.example.org", **wrong}
        with pytest.raises(Refused):
            partners.invite(petition_id=place.petition, now=now, **facts)


def test_share_texts_are_judged_by_who_came_back(place: Place, now: datetime) -> None:
    share_trials.keep_texts(petition_id=place.petition, language="", texts=["Kind", "Sharp"], now=now)
    share_trials.keep_texts(petition_id=place.petition, language="", texts=["Kind", "Sharp"], now=now)
    assert ShareTrial.objects.count() == 1
    version = 1
    from groundswell.actions.models import TextVersion

    text = TextVersion.objects.get(petition_id=place.petition, number=version)
    sharers = [Signature(id=UUID(int=(which << 120) + n), petition_id=place.petition, version=text, person_id=which * 1000 + n,
                         source="website", signed_at=now) for which in (0, 1) for n in range(1, 301)]  # fmt: skip
    Signature.objects.bulk_create(sharers)
    came = [Signature(id=UUID(int=(2 << 120) + n), petition_id=place.petition, version=text, person_id=5000 + n, source="share-0",
                      signed_at=now, state="held" if n > 60 else "confirmed") for n in range(1, 66)]  # fmt: skip
    Signature.objects.bulk_create(came)
    Origin.objects.bulk_create(
        Origin(signature_id=each.pk, petition_id=place.petition, referrer=sharers[n % 300].pk, at=now)
        for n, each in enumerate(came)
    )
    kind, sharp = share_trials.results(place.petition)
    assert (kind.given_to, kind.brought_any, kind.brought) == (360, 60, 60), "held ones do not count; who came may share as well"
    assert (sharp.given_to, sharp.brought_any) == (300, 0)
    assert "“Kind”" in share_trials.verdict([kind, sharp])
    assert "Too early" in share_trials.verdict([share_trials.ShareResult("a", 10, 5, 5), sharp])
    assert "chance" in share_trials.verdict([sharp, share_trials.ShareResult("b", 300, 1, 1)])
    assert signatures_of(1)[0].brought == 1  # type: ignore[arg-type]
