"""The record in the office: Alice enters and corrects, nothing she typed is lost, and Charlie sees nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.campaigns import evidence, operations, queries
from groundswell.campaigns.models import CitationFlag, RecordEntry, RecordSource, Reminder, Supply
from groundswell.staff.operations import one_time_password
from tests.campaigns.facts import MAKES, campaign

pytestmark = pytest.mark.django_db
ONE = "/office/record/c/c/"
FORM: dict[str, Any] = {
    "dated": "2026-05-18", "kind": "pledge", "actor": "Acme", "subject": "No more", "summary": "It said so.", "certainty": "found",
    "source-TOTAL_FORMS": "1", "source-INITIAL_FORMS": "0", "source-0-publisher": "Paper", "source-0-title": "T",
    "source-0-url": "https://p.example/1",
}  # fmt: skip


@pytest.fixture
def alice(client: Client, now: datetime) -> Client:
    password = one_time_password(username="alice", now=now)
    assert client.login(username="alice", password=password)
    return client


@pytest.mark.parametrize(
    "path", ["", "letters/", "register/", "c/c/", "c/c/enter/", "c/c/commit/", "c/c/e/e1/", "c/c/more/", "copy/x/"]
)
def test_charlie_sees_nothing(client: Client, now: datetime, path: str) -> None:
    operations.enter(campaign_id=campaign(now), entry=MAKES, now=now)
    answer = client.get(f"/office/record/{path}")
    assert answer.status_code == 302 and "/office/login/" in answer["Location"]
    assert client.post(f"/office/record/{path}", FORM).status_code == 302 and RecordEntry.objects.count() == 1


def test_every_page_opens(alice: Client, now: datetime) -> None:
    campaign_id = campaign(now)
    number = operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    operations.remind(campaign_id=campaign_id, now=now.replace(year=2027, month=2))
    CitationFlag.objects.create(entry_id=number, reason="corrected", place_kind="page", place="/a/x", url="/a/x", raised_at=now)
    for path in (
        "",
        "letters/",
        "register/",
        "c/c/",
        "c/c/?q=acme",
        "c/c/enter/",
        "c/c/commit/",
        "c/c/e/e1/",
        "c/c/more/",
        "c/c/enter/?disputes=e1",
    ):
        assert alice.get(f"/office/record/{path}").status_code == 200, path
    page = alice.get(ONE).content.decode()
    assert "ended on 31 January 2027" in page and "/a/x" in page and "No more sales" in page
    assert "Nothing found." in alice.get(f"{ONE}?q=zebra").content.decode()
    for missing in ("c/x/", "c/c/e/none/", "c/c/enter/?corrects=none", "copy/nothash/", f"copy/{'0' * 64}/"):
        assert alice.get(f"/office/record/{missing}").status_code == 404, missing


def test_alice_enters_with_a_copy_that_survives_a_mistake(alice: Client, now: datetime) -> None:
    campaign(now)
    upload = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", "text/html")
    wrong = alice.post(f"{ONE}enter/", {**FORM, "dated": "2031", "source-0-copy": upload})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "dated in the future" in page and "It said so." in page
    sha256 = page.split('name="source-0-kept" value="')[1].split('"')[0]
    done = alice.post(f"{ONE}enter/", {**FORM, "source-0-kept": sha256})
    assert done.status_code == 302 and RecordSource.objects.get().copy_id == sha256
    row = RecordEntry.objects.get()
    assert row.entered_by is not None and evidence.whole(sha256, settings.GROUNDSWELL.evidence_folder)
    answer = alice.get(f"/office/record/copy/{sha256}/")
    assert answer["Content-Type"] == "application/octet-stream" and answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source-0-publisher": "", "source-0-title": "", "source-0-url": ""}, "The entry has no source"),
        ({"source-0-url": ""}, "The entry’s source has no address"),
        ({"dated": "yesterday"}, "is no date that the record can hold"),
        ({"subject": ""}, "This field is required"),
        ({"bearing": "makes"}, "bears on a commitment, and names none"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(alice: Client, now: datetime, changes: dict[str, str], words: str) -> None:
    campaign(now)
    answer = alice.post(f"{ONE}enter/", {**FORM, **changes})
    page = answer.content.decode().replace("&#x27;", "’")
    assert answer.status_code == 422 and words in page and "It said so." in page
    assert RecordEntry.objects.count() == 0


def test_a_correction_starts_from_what_it_corrects(alice: Client, now: datetime) -> None:
    campaign(now)
    alice.post(f"{ONE}enter/", FORM)
    key = RecordEntry.objects.get().key
    page = alice.get(f"{ONE}enter/?corrects={key}").content.decode()
    assert "It said so." in page and "https://p.example/1" in page and f'value="{key}"' in page
    done = alice.post(f"{ONE}enter/", {**FORM, "subject": "No more, they say", "corrects": key})
    assert done.status_code == 302
    assert queries.entry_named(key).corrected_by == RecordEntry.objects.get(subject="No more, they say").key  # type: ignore[union-attr]
    twice = alice.post(f"{ONE}enter/", {**FORM, "subject": "Third", "corrects": key})
    assert twice.status_code == 422 and "was corrected already" in twice.content.decode()


def test_copies_addresses_flags_and_reminders(alice: Client, now: datetime) -> None:
    campaign_id = campaign(now)
    number = operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    source = RecordSource.objects.get().pk
    check = f"{ONE}e/e1/check/{source}/"
    for content, words in ((b"one", "kept"), (b"one", "the same"), (b"two", "differs")):
        page = alice.post(check, {"copy": SimpleUploadedFile("a", content)}, follow=True).content.decode()
        assert words in page
    assert "Noted" in alice.post(check, {"look": "gone"}, follow=True).content.decode()
    assert "empty" in alice.post(check, {"copy": SimpleUploadedFile("a", b"")}, follow=True).content.decode()
    assert alice.post(f"{ONE}e/e1/check/{source + 99}/", {}).status_code == 404
    flag = CitationFlag.objects.create(entry_id=number, reason="disputed", place_kind="page", place="/a/x", raised_at=now)
    assert "needs a reason" in alice.post(f"{ONE}flags/{flag.pk}/clear/", {"why": ""}, follow=True).content.decode()
    alice.post(f"{ONE}flags/{flag.pk}/clear/", {"why": "It holds."})
    assert queries.open_flags(campaign_id) == []
    operations.remind(campaign_id=campaign_id, now=now.replace(year=2027, month=2))
    for reminder in Reminder.objects.all():
        alice.post(f"{ONE}reminders/{reminder.pk}/done/")
    assert queries.open_reminders(campaign_id) == []


def test_a_commitment_and_a_list(alice: Client, now: datetime) -> None:
    campaign_id = campaign(now)
    facts = {"title": "Never again", "target_slug": "acme", "review_every_months": "6", "unconfirmed_after_months": "24"}
    assert alice.post(f"{ONE}commit/", facts).status_code == 302
    assert ("never-again", "Never again") in queries.commitments_of(campaign_id)
    head = "supplier,product,buyer,publisher,title,address\n"
    for dry, count in (("on", 0), ("", 1)):
        upload = SimpleUploadedFile("l.csv", (head + "Acme,cameras,Town,Paper,T,https://p.example\n,x,,P,T,\n").encode())
        page = alice.post("/office/record/register/", {"file": upload, "dry_run": dry}).content.decode()
        assert "1 new" in page and "Line 3" in page and Supply.objects.count() == count
    bad = alice.post("/office/record/register/", {"file": SimpleUploadedFile("l.csv", b"a,b\n")})
    assert bad.status_code == 422 and "neither our columns" in bad.content.decode()


def test_the_evidence_lies_in_the_data_folder(home: Path) -> None:
    assert settings.GROUNDSWELL.evidence_folder.parent == settings.GROUNDSWELL.data


def test_what_stands_around_the_record(alice: Client, now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)

    def press(which: str, **values: str) -> int:
        fields = {f"{which}-{name}": value for name, value in values.items()}
        return alice.post(f"{ONE}more/", {"which": which, **fields}).status_code

    relation = {
        "one": "acme",
        "relation": "owns",
        "other": "ring-ltd",
        "publisher": "Paper",
        "source_title": "T",
        "url": "https://p.example",
    }
    assert press("relation", **relation) == 422
    assert press("target", name="Ring Ltd", kind="company", role="") == 302
    assert press("relation", **relation) == 302
    assert press("demand", made_by="We", wording="End it", dated="2026") == 302
    demand = queries.record(campaign_id, now.date()).demands[0]
    assert press("meet", demand_id=str(demand.id), entry_key="none") == 422
    assert press("meet", demand_id=str(demand.id), entry_key="e1") == 302
    assert press("question", question="Who?", finding="Nobody knows.", state="not found", cites="e1") == 302
    assert press("copies") == 302
    view = queries.record(campaign_id, now.date())
    assert view.demands[0].met and view.unknowns[0].cites == ("e1",) and view.relations[0][:3] == ("Acme", "owns", "Ring Ltd")
    assert queries.hides_copies(campaign_id)
    assert alice.get("/office/record/c/none/more/").status_code == 404


def test_alice_has_a_copy_fetched_and_is_told_when_it_may_not_be(alice: Client, now: datetime) -> None:
    inside = {"publisher": "P", "title": "T", "url": "http://127.0.0.1:80/secret"}
    operations.enter(campaign_id=campaign(now), entry={**MAKES, "sources": [inside]}, now=now)
    source = RecordSource.objects.get().pk
    assert "Fetch a copy now" in alice.get(f"{ONE}e/e1/").content.decode()
    answer = alice.post(f"{ONE}e/e1/check/{source}/", {"fetch": "yes"}, follow=True)
    assert "This address is not fetched: it leads to a private network" in answer.content.decode()
    assert queries.entry_named("e1").sources[0].look == ""  # type: ignore[union-attr]
