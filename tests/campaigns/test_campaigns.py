"""The record: nothing unsourced, nothing edited, and a standing that follows from dates alone."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from groundswell.basics.result import Refused
from groundswell.campaigns import operations, queries
from groundswell.campaigns.models import RecordEntry
from groundswell.campaigns.rules import Promise, standing

TODAY = date(2024, 6, 1)
MADE = date(2020, 6, 10)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "unconfirmed"),
        ({"last_confirmed_on": date(2024, 1, 26)}, "in force"),
        ({"last_confirmed_on": date(2024, 1, 26), "narrowed": True}, "in force, narrowed"),
        ({"made_on": TODAY}, "in force"),
        ({"expires_on": TODAY}, "expired"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expired"),
        ({"expires_on": TODAY + timedelta(days=1)}, "expiring"),
        ({"expires_on": TODAY + timedelta(days=60)}, "expiring"),
        ({"expires_on": TODAY + timedelta(days=61), "made_on": TODAY}, "in force"),
        ({"ended_on": TODAY}, "withdrawn"),
        ({"ended_on": TODAY + timedelta(days=1), "made_on": TODAY}, "in force"),
        ({"kept": True, "ended_on": TODAY}, "kept"),
    ],
)
def test_standing(changes: dict[str, object], expected: str) -> None:
    facts: dict[str, object] = {
        "made_on": MADE, "expires_on": None, "last_confirmed_on": None, "narrowed": False, "ended_on": None, "kept": False,
    }  # fmt: skip
    assert standing(Promise(**{**facts, **changes}), TODAY) == expected  # type: ignore[arg-type]


ENTRY = {
    "key": "e1", "dated": "2021-05-18", "precision": "day", "kind": "extension", "actor": "A", "subject": "S", "summary": "Sum",
    "certainty": "found", "note": "", "publisher": "Paper", "source_title": "T", "source_url": "https://p.example/1", "source_date": "",
}  # fmt: skip


def campaign(now: datetime) -> int:
    return operations.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)


@pytest.mark.django_db
def test_no_claim_without_a_source(now: datetime) -> None:
    campaign_id = campaign(now)
    for missing in ("publisher", "source_title", "source_url"):
        with pytest.raises(Refused):
            operations.enter(campaign_id=campaign_id, entry={**ENTRY, missing: " "}, now=now)
    with pytest.raises(Refused, match="future"):
        operations.enter(campaign_id=campaign_id, entry={**ENTRY, "dated": "2027-01-01"}, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordEntry.objects.create(campaign_id=campaign_id, entered_at=now, **{**ENTRY, "publisher": ""})
    assert RecordEntry.objects.count() == 0


@pytest.mark.django_db
def test_a_correction_is_a_new_entry_that_points_back(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=ENTRY, now=now)
    operations.enter(campaign_id=campaign_id, entry=ENTRY, now=now)
    operations.enter(campaign_id=campaign_id, entry={**ENTRY, "key": "e2", "summary": "Better"}, corrects="e1", now=now)
    assert [fact.summary for fact in queries.campaign(campaign_id, TODAY).facts] == ["Better"]
    assert RecordEntry.objects.count() == 2 and str(RecordEntry.objects.get(key="e1")).endswith("S")
    assert queries.sources(campaign_id)["e1"].publisher == "Paper"
    operations.commit(campaign_id=campaign_id, title="P", made_on=MADE, until="open", scope_announced="all", scope_standing="some")
    operations.demand(campaign_id=campaign_id, made_by="We", wording="End it", dated="2021")
    assert queries.campaign(campaign_id, date(2020, 7, 1)).commitments[0].standing == "in force, narrowed"
