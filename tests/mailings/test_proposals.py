"""Closing the loop: who acted is told, once, and only by a draft that staff look at."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId, MailingId, PersonRef
from groundswell.campaigns import operations as campaigns
from groundswell.campaigns import queries
from groundswell.campaigns.models import CitationFlag
from groundswell.mailings import operations, proposals
from groundswell.mailings.composing.passages import keep_passage
from groundswell.mailings.milestones import reached
from groundswell.mailings.models import Mailing, Proposal
from groundswell.mailings.series import keep_step
from groundswell.people import operations as people
from groundswell.post.models import Delivery, Letter, State
from groundswell.post.queries import progress
from tests.campaigns.facts import MAKES, campaign, entry
from tests.engine.test_letter import SENDER
from tests.people.test_people import supporter

pytestmark = pytest.mark.django_db
FRESH: dict[str, Any] = {"dated": "2026-11-20", "key": "fresh", "summary": "Acme {{ x }} said ::: more [^e1]."}


class Place:
    """Two who signed, one who did not, and a sender."""

    def __init__(self, now: datetime, *, sender: bool = True) -> None:
        self.now, self.campaign = now, campaign(now)
        self.petition = actions.open_petition(
            slug="p", campaign_id=self.campaign, title="End it", text="End it.[^e1]", goal=3, thanks_subject="T", thanks_text="T", now=now
        )  # fmt: skip
        if sender:
            operations.keep_sender(slug="s", **{name: getattr(SENDER, name) for name in SENDER.__dataclass_fields__})
        self.people = [supporter(now, f"{name}@example.org") for name in ("ada", "bea", "cyd")]
        for person in self.people[:2]:
            self.sign(person)

    def sign(self, person: PersonRef) -> None:
        actions.sign(
            entry_id=uuid4(), petition_id=self.petition, version=1, person=person, source="x", position="website", delivery=None,
            signed_at=self.now,
        )  # fmt: skip

    def enter(self, **changes: Any) -> None:
        campaigns.enter(campaign_id=self.campaign, entry=entry(**changes), now=self.now)


def send(mailing: Mailing, now: datetime) -> dict[str, int]:
    return progress(operations.start(mailing_id=MailingId(mailing.pk), now=now))


def test_news_is_drafted_for_those_who_acted_and_were_not_told(now: datetime) -> None:
    place = Place(now)
    place.enter(**FRESH)
    mailing = Mailing.objects.get()
    assert mailing.state == "draft" and Letter.objects.count() == 0  # nothing leaves by itself
    assert "{{ x }}" not in mailing.appeal and "[^e1]" not in mailing.appeal and "[^fresh]" in mailing.appeal
    assert proposals.proposals()[0].readers == 2 and str(Proposal.objects.get()) == "news: entry fresh"
    proposals.hear(place.campaign, "fresh", now)
    assert Mailing.objects.count() == 1
    assert send(mailing, now) == {"ready": 2}
    letter = Letter.objects.get()
    assert letter.content["action"]["path"] == "/record/c/e/fresh"
    assert set(Delivery.objects.values_list("person_id", flat=True)) == set(place.people[:2])
    assert proposals.propose(campaign_id=place.campaign, key="fresh", reason="news", now=now) is None  # nobody is left to tell
    place.sign(place.people[2])
    assert proposals.propose(campaign_id=place.campaign, key="fresh", reason="news", now=now) is not None
    second = Mailing.objects.get(state="draft")
    assert send(second, now) == {"ready": 1, "withheld": 2}
    assert set(Delivery.objects.filter(state=State.WITHHELD).values_list("reason", flat=True)) == {"was told already"}


def test_who_left_is_not_written_to_even_with_news(now: datetime) -> None:
    place = Place(now)
    place.enter(**FRESH)
    people.suppress_person(person=place.people[0], reason="unsubscribed", source="x", now=now)
    assert send(Mailing.objects.get(), now) == {"ready": 1, "withheld": 1}


@pytest.mark.parametrize("changes", [{"dated": "2020-01-01"}, {"kind": "pressure"}, {"certainty": "copy"}, {"corrects": "e1"}])
def test_history_wakes_nobody(now: datetime, changes: dict[str, Any]) -> None:
    place = Place(now)
    place.enter(key="e1", dated="2019")
    place.enter(**{**FRESH, **changes})
    assert Mailing.objects.count() == 0


def test_without_a_sender_or_a_signer_there_is_no_draft_and_the_entry_stands(now: datetime) -> None:
    place = Place(now, sender=False)
    place.enter(**FRESH)
    assert Mailing.objects.count() == 0 and queries.entry_named("fresh") is not None
    assert proposals.propose(campaign_id=place.campaign, key="none", reason="news", now=now) is None
    proposals.hear(place.campaign, "none", now)


def test_a_promise_that_is_kept_is_thanked_for(now: datetime) -> None:
    place = Place(now)
    place.enter(**{**MAKES, "dated": "2025"})
    place.enter(key="kept", kind="end", commitment="no-more", bearing="keeps", dated="2026-11-20", sources=MAKES["sources"])
    assert Proposal.objects.get().reason == "thanks" and "They kept their word" in Mailing.objects.get().appeal


def test_a_date_that_passes_drafts_a_letter_to_those_who_acted(now: datetime) -> None:
    place = Place(now)
    campaigns.enter(campaign_id=place.campaign, entry=MAKES, now=now)
    Mailing.objects.all().delete()
    later = datetime.fromisoformat("2027-01-31T03:00:00+00:00")
    (change,) = campaigns.restate(campaign_id=place.campaign, by_time=True, now=later)
    assert proposals.propose_for_change(change_id=change, now=later) == proposals.propose_for_change(change_id=change, now=later)
    mailing = Mailing.objects.get()
    assert "a date has passed" in mailing.appeal and "expired, on 2027-01-31" in mailing.appeal
    assert send(mailing, later) == {"ready": 2}


def test_a_milestone_is_told_to_its_signers_once(now: datetime) -> None:
    place = Place(now)
    place.sign(place.people[2])
    actions.recount(petition_id=ActionId(place.petition), now=now)
    (mailing,) = proposals.propose_milestones(now=now)
    assert proposals.propose_milestones(now=now) == []
    appeal = Mailing.objects.get(pk=mailing).appeal
    assert "3 of us" in appeal and "That was the goal." in appeal
    assert send(Mailing.objects.get(pk=mailing), now) == {"ready": 3}
    assert [reached(count, 3000) for count in (0, 99, 100, 2999, 3000, 9_999_999)] == [0, 0, 100, 2500, 3000, 1_000_000]


def test_a_correction_flags_the_draft_and_the_page_and_leaves_the_sent_letter(now: datetime) -> None:
    place = Place(now)
    place.enter()
    appeal = '---\nsubject: S\n---\n{{ first_name | "Friend" }},\n\nThey said so.[^e1]\n\n::: ask\nSign\n:::\n'
    for slug in ("sent", "waiting"):
        operations.draft(slug=slug, appeal=appeal, sender_slug="s", petition_id=place.petition, now=now)
    operations.start(mailing_id=MailingId(Mailing.objects.get(slug="sent").pk), now=now)
    before = Letter.objects.get().content
    place.enter(key="e2", corrects="e1", summary="Acme said something else.")
    flags = {(flag.place_kind, flag.place, flag.reason) for flag in queries.open_flags(place.campaign)}
    assert flags == {("draft letter", "waiting", "corrected"), ("page", "/a/p", "corrected")}
    assert Letter.objects.get().content == before
    operations.draft(slug="waiting", appeal=appeal.replace("e1", "e2"), sender_slug="s", petition_id=place.petition, now=now)
    assert campaigns.refresh_flags(campaign_id=place.campaign, now=now + timedelta(hours=1)) == 0
    assert [flag.place for flag in queries.open_flags(place.campaign)] == ["/a/p"]
    place.enter(key="e3", disputes="e2", kind="evidence")
    assert {flag.reason for flag in queries.open_flags(place.campaign)} == {"corrected", "disputed"}
    assert CitationFlag.objects.filter(cleared_at__isnull=False).count() == 1


def test_a_target_who_is_a_supporter_too_is_written_to_as_a_supporter_only(now: datetime) -> None:
    """The record knows targets by name; supporters are in the vault. Neither knows that they are one."""
    place = Place(now)
    boss = supporter(now, "boss@acme.example")
    place.sign(boss)
    place.enter(**{**FRESH, "actor": "The boss of Acme"})
    assert send(Mailing.objects.get(), now) == {"ready": 3}
    content = str(Letter.objects.get().content)
    assert "boss@" not in content and "The boss of Acme" in content


def test_a_correction_flags_every_wording_of_a_split_test_a_series_and_a_translation(now: datetime) -> None:
    place = Place(now)
    place.enter()
    cites = '---\nsubject: S\n---\n{{ first_name | "Friend" }},\n\nThey said so.[^e1]\n\n::: ask\nSign\n:::\n'
    silent = cites.replace("[^e1]", "")
    mailing = Mailing.objects.get(
        pk=operations.draft(slug="split", appeal=silent, sender_slug="s", petition_id=place.petition, now=now)
    )
    mailing.variants.create(name="B", appeal=cites, sender=mailing.sender)
    keep_step(series="welcome", position=2, days=3, appeal=cites, sender_slug="s", petition_id=place.petition, now=now)
    keep_passage(campaign_id=place.campaign, key="why", text="They said so.[^e1]", fact_date=None, now=now)
    actions.reword(petition_id=place.petition, title="Fin", text="Oui.[^e1]", language="fr", now=now)
    place.enter(key="e2", corrects="e1", summary="Acme said something else.")
    flags = {(flag.place_kind, flag.place) for flag in queries.open_flags(place.campaign)}
    assert flags == {
        ("draft letter", "split, B"), ("passage", "why"), ("series", "welcome, letter 2"), ("page", "/a/p"), ("page", "/a/p (fr)"),
    }  # fmt: skip
