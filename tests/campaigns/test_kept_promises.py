"""Who asked for a promise hears when it is kept: once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from groundswell.campaigns import listeners, operations
from groundswell.campaigns.listeners import KeptPromise
from tests.campaigns.facts import MAKES, campaign, entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[KeptPromise]]:
    """What a room above hears."""
    told: list[KeptPromise] = []
    listeners.on_kept("test", lambda promise, _: told.append(promise))
    yield told
    listeners._HEARERS.pop("test")


def keeps(key: str, dated: str, **facts: str) -> dict[str, object]:
    return entry(key=key, kind="evidence", commitment="no-more", bearing="keeps", dated=dated, **facts)


def test_a_kept_promise_is_told_once_however_often_it_is_said(heard: list[KeptPromise], now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    assert heard == []
    operations.enter(campaign_id=campaign_id, entry=keeps("k1", "2026-06-01"), now=now)
    assert [(promise.campaign_id, promise.slug, promise.title) for promise in heard] == [
        (campaign_id, "no-more", "Acme, no more sales")
    ]
    operations.enter(campaign_id=campaign_id, entry=keeps("k1", "2026-06-01"), now=now)
    operations.enter(campaign_id=campaign_id, entry=keeps("k2", "2026-07-01"), now=now)
    operations.restate(campaign_id=campaign_id, by_time=True, now=now + timedelta(days=400))
    assert len(heard) == 1


def test_what_only_the_sender_says_keeps_no_promise(heard: list[KeptPromise], now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    operations.enter(campaign_id=campaign_id, entry=keeps("k1", "2026-06-01", certainty="only the sender says so"), now=now)
    assert heard == []


def test_nobody_hears_of_what_was_rolled_back(heard: list[KeptPromise], now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)

    def fails(promise: KeptPromise, at: datetime) -> None:
        raise RuntimeError("a room above fails")

    listeners.on_kept("failing", fails)
    try:
        with pytest.raises(RuntimeError):
            operations.enter(campaign_id=campaign_id, entry=keeps("k1", "2026-06-01"), now=now)
    finally:
        listeners._HEARERS.pop("failing")
    operations.enter(campaign_id=campaign_id, entry=keeps("k1", "2026-06-01"), now=now)
    assert len(heard) == 2, "the first call's own writes were undone with the entry, so it is called again"
