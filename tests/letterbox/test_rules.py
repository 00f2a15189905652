"""What is done about a mail that came back: the table, and what must hold whatever the mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.basics.ids import DeliveryId
from groundswell.letterbox.event import Class, Event, Recipient
from groundswell.letterbox.rules import Deed, History, Limits, decide

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATELY = NOW - timedelta(days=2)
ROW = DeliveryId(7)
COSTLY = {Deed.SUPPRESS, Deed.SUPPRESS_ALL}


def ada(because: Class, permanent: bool = True, why: str = "550 said so") -> Recipient:
    return Recipient("ada@example.net", because, permanent, why=why)


def bounce(*people: Recipient, row: DeliveryId | None = ROW, sure: float = 0.95) -> Event:
    return Event("bounce", people, delivery=row, sure=sure)


def days_ago(*days: int) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(days=each) for each in days)


WROTE = History(last_written=LATELY)
DEAD, FULL, TEMPORARY = ada(Class.DEAD), ada(Class.MAILBOX), ada(Class.TEMPORARY, False)

TABLE = [
    # what came, what is known, what is done
    ("dead, our token", bounce(DEAD), History(), [Deed.SUPPRESS]),
    ("dead, no token, written to lately", bounce(DEAD, row=None), WROTE, [Deed.SUPPRESS]),
    ("dead, no token, never written to", bounce(DEAD, row=None), History(), [Deed.KEEP]),
    ("dead, no token, written to long ago", bounce(DEAD, row=None), History(last_written=NOW - timedelta(days=11)), [Deed.KEEP]),
    ("dead, no token, a guess", bounce(DEAD, row=None, sure=0.4), WROTE, [Deed.KEEP]),
    ("dead, our token, a guess", bounce(DEAD, sure=0.4), History(), [Deed.SUPPRESS]),
    ("dead, no token, many today", bounce(DEAD, row=None), History(last_written=LATELY, unproven_today=20), [Deed.KEEP]),
    ("dead, no token, one below the limit", bounce(DEAD, row=None), History(last_written=LATELY, unproven_today=19), [Deed.SUPPRESS]),
    ("dead, our token, many unproven today", bounce(DEAD), History(unproven_today=500), [Deed.SUPPRESS]),
    ("full, first time", bounce(FULL), History(), [Deed.COUNT]),
    ("full, second time", bounce(FULL), History(full=days_ago(3)), [Deed.COUNT]),
    ("full, third time", bounce(FULL), History(full=days_ago(3, 9)), [Deed.COUNT, Deed.SUPPRESS]),
    ("full, but long ago", bounce(FULL), History(full=days_ago(31, 45, 60)), [Deed.COUNT]),
    ("full, on the last day that counts", bounce(FULL), History(full=days_ago(30, 30)), [Deed.COUNT, Deed.SUPPRESS]),
    ("full for now, third time", bounce(ada(Class.MAILBOX, False)), History(full=days_ago(1, 2)), [Deed.COUNT, Deed.SUPPRESS]),
    ("full, no token, not written to", bounce(FULL, row=None), History(full=days_ago(1, 2)), [Deed.KEEP]),
    ("content", bounce(ada(Class.CONTENT)), History(), [Deed.TELL_STAFF, Deed.SLOW_PROVIDER]),
    ("content for now", bounce(ada(Class.CONTENT, False)), History(), [Deed.TELL_STAFF, Deed.SLOW_PROVIDER]),
    ("policy", bounce(ada(Class.POLICY)), History(), [Deed.TELL_STAFF, Deed.SLOW_PROVIDER]),
    ("policy, forged", bounce(ada(Class.POLICY), row=None), History(), [Deed.TELL_STAFF, Deed.SLOW_PROVIDER]),
    ("a passing fault, given up", bounce(TEMPORARY), History(), [Deed.RETRY]),
    ("late, and still tried", bounce(replace(TEMPORARY, waits=True)), History(), [Deed.NOTHING]),
    ("late, as we are too fast", bounce(replace(ada(Class.TEMPORARY, False, "421 too many connections"), waits=True)), History(),
     [Deed.SLOW_PROVIDER]),
    ("late, and said to be unknown", bounce(replace(ada(Class.DEAD, False), waits=True)), History(), [Deed.NOTHING]),
    ("given up for a fault on the way", bounce(ada(Class.TEMPORARY, True)), History(), [Deed.TELL_STAFF]),
    ("too fast", bounce(ada(Class.TEMPORARY, False, "421 too many connections")), History(), [Deed.RETRY, Deed.SLOW_PROVIDER]),
    ("dead, it says, but only for now", bounce(ada(Class.DEAD, False)), History(), [Deed.RETRY]),
    ("delivered", bounce(ada(Class.NOT_A_FAILURE, False, "")), History(), [Deed.NOTHING]),
    ("failed, nobody knows why", bounce(ada(Class.TEMPORARY, False, "")), History(), [Deed.KEEP]),
    ("names nobody, no token", bounce(row=None), History(), [Deed.KEEP]),
    ("names nobody, our token", bounce(), History(), [Deed.KEEP]),
    ("complaint, token", Event("feedback", (), ROW, feedback="abuse"), History(), [Deed.SUPPRESS_ALL, Deed.TELL_STAFF]),
    ("complaint, address", Event("feedback", (DEAD,), feedback="abuse"), History(), [Deed.SUPPRESS_ALL, Deed.TELL_STAFF]),
    ("opt-out", Event("feedback", (), ROW, feedback="opt-out"), History(), [Deed.SUPPRESS_ALL, Deed.TELL_STAFF]),
    ("complaint of nobody", Event("feedback", feedback="abuse"), History(), [Deed.KEEP, Deed.TELL_STAFF]),
    ("complaints without a token, many", Event("feedback", (DEAD,), feedback="abuse"), History(unproven_today=20),
     [Deed.KEEP, Deed.TELL_STAFF]),
    ("not spam", Event("feedback", (), ROW, feedback="not-spam"), History(), [Deed.TELL_STAFF]),
    ("failed authentication", Event("feedback", (DEAD,), ROW, feedback="auth-failure"), History(), [Deed.TELL_STAFF]),
    ("goodbye, token", Event("unsubscribe", (DEAD,), ROW), History(), [Deed.UNSUBSCRIBE]),
    ("goodbye by word", Event("unsubscribe", (DEAD,)), History(), [Deed.UNSUBSCRIBE, Deed.KEEP]),
    ("holiday", Event("vacation", (DEAD,)), History(), [Deed.DROP]),
    ("prove that you are human", Event("challenge"), History(), [Deed.DROP]),
    ("answer", Event("answer"), History(), [Deed.FORWARD]),
    ("something else", Event("none"), History(), [Deed.FORWARD, Deed.KEEP]),
]  # fmt: skip


@pytest.mark.parametrize(("event", "history", "deeds"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table(event: Event, history: History, deeds: list[Deed]) -> None:
    (decision,) = decide(event, NOW, history)
    assert list(decision.deeds) == deeds
    assert decision.why and "@" not in decision.why


def test_each_person_of_a_mail_gets_a_decision() -> None:
    decisions = decide(bounce(DEAD, FULL, TEMPORARY), NOW)
    assert [each.deeds[0] for each in decisions] == [Deed.SUPPRESS, Deed.COUNT, Deed.RETRY]
    assert [each.recipient for each in decisions] == [DEAD, FULL, TEMPORARY]


people = st.builds(
    Recipient,
    st.just("ada@example.net"),
    st.sampled_from(Class),
    st.booleans(),
    why=st.sampled_from(["", "550 no", "421 too many connections"]),
)
moments = st.integers(0, 80).map(lambda days: NOW - timedelta(days=days))
histories = st.builds(History, st.lists(moments, max_size=6).map(tuple), st.none() | moments, st.integers(0, 60))
kinds = st.sampled_from(["bounce", "feedback", "unsubscribe", "vacation", "challenge", "answer", "none"])
events = st.builds(
    Event, kinds, st.lists(people, max_size=4).map(tuple), st.none() | st.just(ROW), feedback=st.sampled_from(["abuse", "not-spam", ""]),
    sure=st.floats(0, 1),
)  # fmt: skip


@given(events, histories, st.integers(0, 40))
def test_without_a_token_nothing_is_suppressed_above_the_limit(event: Event, history: History, limit: int) -> None:
    for decision in decide(event, NOW, history, Limits(unproven_a_day=limit)):
        if event.delivery is None and history.unproven_today >= limit:
            assert not COSTLY & set(decision.deeds)


@given(events, histories)
def test_a_refusal_of_us_never_costs_an_address(event: Event, history: History) -> None:
    for decision in decide(event, NOW, history):
        if event.kind == "bounce" and decision.recipient and decision.recipient.because in {Class.CONTENT, Class.POLICY}:
            assert not COSTLY & set(decision.deeds)


@given(events, histories)
def test_what_arrived_or_passes_never_costs_an_address(event: Event, history: History) -> None:
    for decision in decide(event, NOW, history):
        if event.kind == "bounce" and decision.recipient and decision.recipient.because in {Class.NOT_A_FAILURE, Class.TEMPORARY}:
            assert not COSTLY & set(decision.deeds)
        if event.kind not in {"bounce", "feedback"}:
            assert not COSTLY & set(decision.deeds)


@given(events, histories)
def test_every_event_gets_an_answer(event: Event, history: History) -> None:
    decisions = decide(event, NOW, history)
    assert decisions and all(each.deeds and each.why for each in decisions)
