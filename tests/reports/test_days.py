"""Numbers over time: every day is there, in the zone of the house, and the chart says in words what it draws."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groundswell.actions.models import Petition, Signature, TextVersion
from groundswell.campaigns import operations as campaigns
from groundswell.campaigns.models import Campaign
from groundswell.reports.charts import day_bars
from groundswell.reports.queries import signatures_a_day


@pytest.mark.django_db
def test_a_signature_counts_on_the_day_it_was_for_those_who_work_here(now: datetime) -> None:
    campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    petition = Petition.objects.create(
        slug="p", campaign=Campaign.objects.get(), thanks_subject="", thanks_text="", open_since=now - timedelta(days=9)
    )
    version = TextVersion.objects.create(petition=petition, number=1, title="P", text="", since=now)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in Berlin it is the 23rd already
    for person, (at, state) in enumerate(
        [(late, "confirmed"), (now, "confirmed"), (now, "withdrawn"), (now - timedelta(9), "confirmed")]
    ):
        Signature.objects.create(
            id=uuid.uuid4(), petition=petition, version=version, person_id=person, source="s", signed_at=at, state=state
        )
    days = signatures_a_day([petition.pk, 77], days=3, now=now, zone=ZoneInfo("Europe/Berlin"))
    assert days[petition.pk] == [(date(2026, 11, 22), 0), (date(2026, 11, 23), 1), (date(2026, 11, 24), 1)]
    assert [count for _, count in days[77]] == [0, 0, 0]


def test_the_chart_says_in_words_what_it_draws_and_a_day_with_one_is_seen_beside_one_with_thousands() -> None:
    drawn = day_bars([(date(2026, 11, 22), 0), (date(2026, 11, 23), 1), (date(2026, 11, 24), 9000)], "signatures & more")
    assert 'aria-label="9001 signatures &amp; more in 3 days, most on 2026-11-24: 9000"' in drawn
    assert [int(h) for h in re.findall(r'height="(\d+)" rx', drawn)] == [1, 3, 56]
    assert day_bars([], "signatures") == ""
    assert 'aria-label="0 signatures in 1 days"' in day_bars([(date(2026, 11, 24), 0)], "signatures")
