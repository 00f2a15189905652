"""A mailing from draft to the last reader: tested, approved, scheduled, split, written again, and never twice a day."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from groundswell.actions import operations as actions
from groundswell.actions.models import Signature, TextVersion
from groundswell.basics.ids import ActionId, DeliveryId, LetterId, MailingId, PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns import operations as campaigns
from groundswell.mailings import approval, hours, operations, queries, resending, scheduling, series, splitting, steering, testing
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.people import operations as people
from groundswell.people.models import Person
from groundswell.post import operations as post
from groundswell.post import queries as rows
from groundswell.post.deliver import deliver
from groundswell.post.models import Delivery, Letter, State
from groundswell.staff import notices
from groundswell.staff.models import Account
from tests.people.test_people import supporter
from tests.post.test_post import Relay, office

pytestmark = pytest.mark.django_db
APPEAL = '---\nsubject: {}\n---\n{{{{ first_name | "Friend" }}}},\n\nWords.\n\n::: ask\nSign it\n:::\n'
SENDER = {
    "name": "Lucía", "team": "and all", "organisation": "Common Ground", "from_address": "l@news.example.org",
    "reply_to": "r@news.example.org", "list_id": "list.example.org", "feedback_id": "cground", "postal_address": "1 St",
    "why": "You asked.", "privacy_url": "https://act.example.org/p",
}  # fmt: skip


@pytest.fixture
def petition(now: datetime) -> ActionId:
    campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    operations.keep_sender(slug="lucia", **SENDER)
    return actions.open_petition(
        slug="p", campaign_id=campaign, title="P", text="T", goal=10, thanks_subject="Thanks", thanks_text=APPEAL.split("---\n")[2],
        now=now,
    )  # fmt: skip


def drafted(petition: ActionId, now: datetime, slug: str = "m", **more: object) -> MailingId:
    return operations.draft(
        slug=slug, appeal=APPEAL.format(f"News {slug}"), sender_slug="lucia", petition_id=petition, now=now, **more
    )  # type: ignore[arg-type]


def signed(petition: ActionId, person: PersonRef, now: datetime, delivery: int | None = None) -> None:
    import uuid

    version = TextVersion.objects.filter(petition_id=petition).latest("number")
    Signature.objects.create(
        id=uuid.uuid4(), petition_id=petition, version=version, person_id=person, signed_at=now, delivery_id=delivery
    )  # fmt: skip


def sent(letter_id: LetterId, home: Path, now: datetime) -> Relay:
    relay = Relay()
    deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now)
    return relay


def test_a_second_letter_leaves_out_who_signed_meanwhile(petition: ActionId, now: datetime, home: Path) -> None:
    ada, ben, cleo, _ = (supporter(now, f"{name}@example.org") for name in ("ada", "ben", "cleo", "dan"))
    first = drafted(petition, now)
    sent(operations.start(mailing_id=first, now=now), home, now)
    supporter(now, "new@example.org")  # was not written to first, so is not written to again
    again = resending.resend(mailing_id=first, slug="m2", note="Only two days are left.", subject="Two days", now=now)
    signed(petition, ada, now)
    people.suppress_person(person=ben, reason="unsubscribed", source="x", now=now)
    bounced = Delivery.objects.get(person_id=cleo)
    post.mark_returned(delivery=DeliveryId(bounced.pk), state=State.BOUNCED, reason="5.1.1", now=now)
    assert queries.counted_for(again) == {
        "eligible": 1, "has signed already": 1, "unsubscribed": 1, "did not get the first letter": 1,
    }  # fmt: skip
    later = now + timedelta(days=2)
    relay = sent(operations.start(mailing_id=again, now=later), home, later)
    assert [envelope.rcpt_to for envelope in relay.got] == ["dan@example.org"]
    text = relay.got[0].data.decode()
    assert "Subject: Two days" in text and text.index("Only two days") < text.index("Words.")
    assert Mailing.objects.get(slug="m2").letter_id != Mailing.objects.get(slug="m").letter_id, "a source code of its own"
    with pytest.raises(Refused):
        resending.resend(mailing_id=drafted(petition, now, "m3"), slug="m4", note="x", now=now)


def test_nobody_gets_two_letters_a_day(petition: ActionId, now: datetime, home: Path) -> None:
    supporter(now, "ada@example.org")
    one, two = (operations.start(mailing_id=drafted(petition, now, slug), now=now) for slug in ("m1", "m2"))
    assert len(sent(one, home, now).got) == 1
    assert sent(two, home, now + timedelta(hours=5)).got == []
    assert rows.progress(two) == {"ready": 1}
    assert len(sent(two, home, now + timedelta(hours=25)).got) == 1


def test_a_letter_to_many_needs_a_second_person(petition: ActionId, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval, "without", lambda: 1)
    for name in ("ada", "ben"):
        supporter(now, f"{name}@example.org")
    alice, bob = (Account.objects.create_user(username=name, password=None).pk for name in ("alice", "bob"))
    mailing = drafted(petition, now, staff_id=alice)
    with pytest.raises(Refused, match="nobody else has approved"):
        operations.start(mailing_id=mailing, now=now)
    with pytest.raises(Refused, match="You wrote"):
        approval.approve(mailing_id=mailing, staff_id=alice, now=now)
    approval.approve(mailing_id=mailing, staff_id=bob, now=now)
    Mailing.objects.filter(pk=mailing).update(appeal=APPEAL.format("Another subject"))
    with pytest.raises(Refused):
        operations.start(mailing_id=mailing, now=now)
    approval.approve(mailing_id=mailing, staff_id=bob, now=now)
    assert operations.start(mailing_id=mailing, now=now)


def test_a_scheduled_letter_can_be_taken_back_until_it_begins(petition: ActionId, now: datetime) -> None:
    supporter(now, "ada@example.org")
    mailing = drafted(petition, now)
    assert scheduling.schedule(mailing_id=mailing, at=None, now=now) == now + scheduling.UNDO
    assert scheduling.start_due(now=now + timedelta(minutes=1)) == []
    assert "draft again" in steering.steer(mailing_id=mailing, verb="cancel", staff_id=None, now=now)
    assert scheduling.start_due(now=now + timedelta(hours=1)) == []
    scheduling.schedule(mailing_id=mailing, at=now + timedelta(hours=2), now=now)
    (letter_id,) = scheduling.start_due(now=now + timedelta(hours=2))
    assert rows.progress(letter_id) == {"ready": 1}
    with pytest.raises(Refused):
        scheduling.schedule(mailing_id=mailing, at=None, now=now)


def test_a_scheduled_letter_that_cannot_start_becomes_a_draft_and_staff_hear_of_it(petition: ActionId, now: datetime) -> None:
    mailing = drafted(petition, now)
    scheduling.schedule(mailing_id=mailing, at=None, now=now)
    Mailing.objects.filter(pk=mailing).update(appeal="no subject")
    assert scheduling.start_due(now=now + timedelta(hours=1)) == []
    assert Mailing.objects.get(pk=mailing).state == "draft" and "did not start" in notices.unread()[0].subject


def test_the_hour_of_each_readers_own_day(petition: ActionId, now: datetime) -> None:
    for country in ("JP", "US", ""):
        person = supporter(now, f"p{country}@example.org")
        Person.objects.filter(pk=person).update(country=country)
    mailing = drafted(petition, now)
    nine = datetime(2026, 11, 26, 9, tzinfo=UTC)
    scheduling.schedule(mailing_id=mailing, at=nine, reader_time=True, now=now)
    (letter_id,) = scheduling.start_due(now=nine - timedelta(hours=13))
    due = dict(Delivery.objects.filter(letter_id=letter_id).values_list("person_id", "due_at"))
    found = sorted(at.astimezone(UTC).hour for at in due.values())
    assert found == [0, 9, 14]
    assert hours.due_for("JP", nine, ZoneInfo("UTC")).astimezone(ZoneInfo("Asia/Tokyo")).hour == 9


def test_a_split_test_gives_the_rest_the_better_letter(petition: ActionId, now: datetime, home: Path) -> None:
    persons = [supporter(now, f"p{n}@example.org") for n in range(120)]
    mailing = drafted(petition, now)
    sender = SenderProfile.objects.get()
    splitting.prepare_split(mailing_id=mailing, variants=[("B", APPEAL.format("Better"), sender.pk)], share=60, least=20)
    letter_a = operations.start(mailing_id=mailing, now=now)
    found = queries.detail("m")
    assert found is not None
    letters = dict(found.letters)
    assert set(letters) == {"A", "B"} and letters["A"] == letter_a
    for letter_id in letters.values():
        sent(letter_id, home, now)
    counts = {name: rows.progress(letter_id)["accepted"] for name, letter_id in letters.items()}
    assert 20 <= counts["A"] <= 60 and 20 <= counts["B"] <= 60
    for delivery in Delivery.objects.filter(letter_id=letters["B"]).order_by("pk")[:15]:
        signed(petition, PersonRef(delivery.person_id), now, delivery.pk)
    assert splitting.decide_due(now=now + timedelta(hours=1)) == [], "not before its time"
    (winner,) = splitting.decide_due(now=now + timedelta(hours=4))
    assert winner == letters["B"]
    rest = sent(winner, home, now + timedelta(hours=4))
    assert len(rest.got) == len(persons) - sum(counts.values())
    assert all(b"Subject: Better" in envelope.data for envelope in rest.got)
    assert Delivery.objects.filter(state=State.ACCEPTED).values("person_id").distinct().count() == len(persons)
    assert "B is better" in Mailing.objects.get(pk=mailing).split_result
    assert splitting.decide_due(now=now + timedelta(days=1)) == []


def test_too_few_or_too_close_is_said_and_not_guessed() -> None:
    def way(name: str, sent_: int, acted: int) -> splitting.Tally:
        return splitting.Tally(name, LetterId(1), sent_, acted)

    assert splitting.judged([way("A", 10, 1), way("B", 2000, 50)], 1000) is None
    name, words = splitting.judged([way("A", 2000, 50), way("B", 2000, 55)], 1000) or ("", "")
    assert name == "A" and "No clear winner" in words
    name, _ = splitting.judged([way("A", 2000, 50), way("B", 2000, 120)], 1000) or ("", "")
    assert name == "B"
    low, high = way("A", 100, 0).interval
    assert low == 0 and 0.03 < high < 0.05


def test_a_series_waits_and_asks_before_each_step(petition: ActionId, now: datetime, home: Path) -> None:
    for position, (days, condition) in enumerate([(0, ""), (3, "unsigned"), (3, "signed")]):
        series.keep_step(
            series="welcome", position=position, days=days, condition=condition, appeal=APPEAL.format(f"Step {position}"),
            sender_slug="lucia", petition_id=petition, now=now,
        )  # fmt: skip
    old = supporter(now - timedelta(days=9), "old@example.org")
    ada, ben = supporter(now, "ada@example.org"), supporter(now, "ben@example.org")
    (welcome,) = series.address_due(now=now)
    assert rows.progress(welcome) == {"ready": 2} and not Delivery.objects.filter(person_id=old).exists()
    assert series.address_due(now=now) == []
    signed(petition, ada, now)
    later = series.address_due(now=now + timedelta(days=3))
    got = {Letter.objects.get(pk=letter).key: list(Delivery.objects.filter(letter_id=letter).values_list("person_id", flat=True))
           for letter in later}  # fmt: skip
    assert got == {"series:welcome:1": [ben], "series:welcome:2": [ada]}
    (letter,) = {envelope.data for envelope in sent(later[0], home, now + timedelta(days=3)).got}
    assert b"List-Unsubscribe-Post" in letter
    with pytest.raises(Refused):
        series.keep_step(series="x", position=0, days=0, appeal="nothing", sender_slug="lucia", petition_id=petition, now=now)


def test_a_test_goes_to_colleagues_and_nobody_else(petition: ActionId, now: datetime, home: Path) -> None:
    supporter(now, "ada@example.org")
    mailing, relay = drafted(petition, now), Relay()
    replies = testing.send_test(
        mailing_id=mailing, addresses=["me@example.org", "you@example.org"], first_name="", office=office(home), transport=relay, now=now
    )  # fmt: skip
    assert [reply.state for reply in replies] == ["accepted", "accepted"] and not Delivery.objects.exists()
    assert sorted(envelope.rcpt_to for envelope in relay.got) == ["me@example.org", "you@example.org"]
    assert b"Subject: [test] News m" in relay.got[0].data and not re.search(rb"\?t=3?D?[\w-]{20}", relay.got[0].data)
    with pytest.raises(Refused):
        testing.send_test(mailing_id=mailing, addresses=["nonsense"], first_name="", office=office(home), transport=relay, now=now)
    asyncio.run(relay.close())


def test_pause_resume_cancel_and_the_ledger(petition: ActionId, now: datetime, home: Path) -> None:
    for n in range(3):
        supporter(now, f"p{n}@example.org")
    mailing = drafted(petition, now)
    letter_id = operations.start(mailing_id=mailing, now=now)
    steering.steer(mailing_id=mailing, verb="pause", staff_id=None, now=now)
    assert sent(letter_id, home, now).got == [] and letter_id not in rows.letters_with_work()
    steering.steer(mailing_id=mailing, verb="resume", staff_id=None, now=now)
    relay = Relay()
    deliver(letter_id=letter_id, office=office(home), transport=relay, clock=lambda: now, most=1)
    assert len(relay.got) == 1
    assert "2 people will not get it" in steering.steer(mailing_id=mailing, verb="cancel", staff_id=None, now=now)
    assert rows.progress(letter_id) == {"accepted": 1, "withheld": 2} and sent(letter_id, home, now).got == []
    with pytest.raises(Refused):
        post.resume(letter_id=letter_id)
    with pytest.raises(Refused):
        steering.steer(mailing_id=mailing, verb="explode", staff_id=None, now=now)
