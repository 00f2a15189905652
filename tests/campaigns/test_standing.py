"""How a promise stands follows from dated entries alone: the table that people can read, and what holds for any entries."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.basics.result import Refused
from groundswell.campaigns.rules import BEARINGS, Event, Limits, actor_name, read_date, standing, worth_telling
from groundswell.campaigns.rules.dates import date_words, months_after
from groundswell.campaigns.rules.standing import next_change

TODAY = date(2026, 11, 24)


def event(dated: str, bearing: str, **facts: Any) -> Event:
    when = read_date(dated)
    return Event(facts.pop("key", f"{dated}-{bearing}"), when.first, when.last, bearing, dated=when.text, **facts)


def day(text: str) -> date:
    return date.fromisoformat(text)


MADE = event("2026-01-10", "makes", scope="all police", expires=day("2027-06-10"), by="Amazon")
OPEN = event("2026-01-10", "makes", scope="all police", no_date=True)
OLD = event("2020-06-10", "makes", scope="all police", no_date=True)
YEAR = event("2020-06-10", "makes", scope="all police", expires=day("2021-06-10"))
MORE = event("2021-05-18", "extends", no_date=True, until="until further notice")
LESS = event("2022", "narrows", scope="some police")
SAID = event("2024-01-26", "confirms", by="Amazon")

TABLE: list[tuple[str, list[Event], str, str]] = [
    ("nobody promised anything", [], "2026-11-24", "not found"),
    ("made today", [replace(OPEN, first=TODAY, last=TODAY, dated="2026-11-24")], "2026-11-24", "in force, made 2026-11-24"),
    ("the day before it was made", [OPEN], "2026-01-09", "not found"),
    ("made this year", [OPEN], "2026-11-24", "in force, made 2026-01-10"),
    ("made, to begin later", [replace(OPEN, begins=day("2027-01-01"))], "2026-11-24", "made 2026-01-10"),
    ("made, and it has begun", [replace(OPEN, begins=day("2026-11-24"))], "2026-11-24", "in force, made 2026-01-10"),
    ("61 days before its end", [MADE], "2027-04-10", "in force, made 2026-01-10"),
    ("60 days before its end", [MADE], "2027-04-11", "expiring, made 2026-01-10"),
    ("the day before its end", [MADE], "2027-06-09", "expiring, made 2026-01-10"),
    ("the day of its end", [MADE], "2027-06-10", "expired, on 2027-06-10"),
    ("long after its end", [MADE], "2036-01-01", "expired, on 2027-06-10"),
    ("three years and nobody repeated it", [OPEN], "2029-01-10", "in force, made 2026-01-10"),
    ("three years and a day", [OPEN], "2029-01-11", "unconfirmed, not repeated since 2026-01-10"),
    ("silent, and about to end", [replace(MADE, expires=day("2030-01-01"))], "2029-12-01", "expiring, made 2026-01-10"),
    ("silent, and ended", [replace(MADE, expires=day("2030-01-01"))], "2030-01-01", "expired, on 2030-01-01"),
    ("the pause in its first year", [YEAR], "2020-12-01", "in force, made 2020-06-10"),
    ("the pause a month before its end", [YEAR], "2021-05-10", "expiring, made 2020-06-10"),
    ("the pause prolonged in time", [YEAR, MORE], "2021-06-11", "in force, last confirmed 2021-05-18"),
    ("the pause had nobody prolonged it", [YEAR], "2021-06-11", "expired, on 2021-06-10"),
    ("prolonged after it had ended", [YEAR, event("2022-01-01", "extends", no_date=True)], "2022-02-01", "in force, last confirmed 2022-01-01"),
    ("narrowed in a year's report", [YEAR, MORE, LESS], "2023-06-01", "in force, narrowed, last confirmed 2022"),
    ("Amazon's moratorium", [YEAR, MORE, LESS, SAID], "2026-11-24", "in force, narrowed, last confirmed 2024-01-26"),
    ("Amazon's, three years after its last word", [YEAR, MORE, LESS, SAID], "2027-01-27", "unconfirmed, narrowed, not repeated since 2024-01-26"),
    ("IBM's", [replace(OLD, dated="2020-06-08", first=day("2020-06-08"), last=day("2020-06-08"))], "2026-11-24", "unconfirmed, not repeated since 2020-06-08"),
    ("Ring's", [event("2024-01-24", "makes", no_date=True), event("2025-04", "withdraws")], "2026-11-24", "withdrawn, April 2025"),
    ("Ring's, before it took it back", [event("2024-01-24", "makes", no_date=True), event("2025-04", "withdraws")], "2025-03-31", "in force, made 2024-01-24"),
    ("narrowed twice is narrowed", [OPEN, event("2026-02-01", "narrows"), event("2026-03-01", "narrows")], "2026-11-24", "in force, narrowed, last confirmed 2026-03-01"),
    ("narrowed, and about to end", [MADE, event("2026-02-01", "narrows")], "2027-05-01", "expiring, narrowed, last confirmed 2026-02-01"),
    ("broken", [OPEN, event("2026-05-05", "breaks")], "2026-11-24", "broken, 2026-05-05"),
    ("broken in the future is not broken yet", [OPEN, event("2026-12-05", "breaks")], "2026-11-24", "in force, made 2026-01-10"),
    ("broken, then said to hold: a word does not mend it", [OPEN, event("2026-05-05", "breaks"), event("2026-06-05", "confirms")], "2026-11-24", "broken, 2026-05-05"),
    ("broken, then taken back", [OPEN, event("2026-05-05", "breaks"), event("2026-06-05", "withdraws")], "2026-11-24", "withdrawn, broken, 2026-06-05"),
    ("taken back can't be broken any more", [OPEN, event("2026-05-05", "withdraws"), event("2026-06-05", "breaks")], "2026-11-24", "withdrawn, broken, 2026-05-05"),
    ("broken, then kept after all", [OPEN, event("2026-05-05", "breaks"), event("2026-06-05", "keeps")], "2026-11-24", "kept, broken, 2026-06-05"),
    ("kept", [OPEN, event("2026-05", "keeps")], "2026-11-24", "kept, May 2026"),
    ("kept stays kept past its end", [MADE, event("2026-05", "keeps")], "2028-11-24", "kept, May 2026"),
    ("withdrawn stays so past its end", [MADE, event("2026-05-01", "withdraws")], "2028-11-24", "withdrawn, 2026-05-01"),
    ("taken back, then made anew", [OPEN, event("2026-05-01", "withdraws"), event("2026-07-01", "makes", no_date=True)], "2026-11-24", "in force, made 2026-07-01"),
    ("made anew forgets the narrowing", [OPEN, event("2026-03-01", "narrows"), event("2026-05-01", "withdraws"), event("2026-07-01", "makes")], "2026-11-24", "in force, made 2026-07-01"),
    ("only a confirmation is known", [event("2026-02-02", "confirms")], "2026-11-24", "in force, made 2026-02-02"),
    ("only an end is known", [event("2026-02-02", "withdraws")], "2026-11-24", "not found"),
    ("only the sender says so", [replace(OPEN, certainty="only the sender says so")], "2026-11-24", "not found, only the sender says so"),
    ("looked for and not found", [replace(OPEN, certainty="not found")], "2026-11-24", "not found"),
    ("disputed from the start", [replace(OPEN, certainty="disputed")], "2026-11-24", "not found, disputed"),
    ("its end is disputed", [OPEN, event("2026-05-05", "withdraws", certainty="disputed")], "2026-11-24", "in force, disputed, made 2026-01-10"),
    ("read in a copy counts", [OPEN, event("2026-05-05", "confirms", certainty="copy")], "2026-11-24", "in force, last confirmed 2026-05-05"),
    ("a correction of the end replaces it", [MADE, replace(MADE, key="c", expires=None, no_date=True, corrects=MADE.key)], "2028-01-01", "in force, made 2026-01-10"),
    ("a correction of a correction", [MADE, replace(MADE, key="c", corrects=MADE.key), replace(OPEN, key="d", corrects="c")], "2028-01-01", "in force, made 2026-01-10"),
    ("confirmed in a summer counts to its last day", [replace(OLD), event("2023-summer", "confirms")], "2026-08-31", "in force, last confirmed 2023-summer"),
    ("the day after that", [replace(OLD), event("2023-summer", "confirms")], "2026-09-01", "unconfirmed, not repeated since 2023-summer"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "on", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table(events: list[Event], on: str, expected: str) -> None:
    assert len(TABLE) >= 40
    assert standing(events, day(on)).words == expected


def test_the_scope_as_announced_stays_beside_the_scope_as_it_stands() -> None:
    state = standing([SAID, LESS, YEAR, MORE], TODAY)
    assert (state.scope_announced, state.scope_standing) == ("all police", "some police")
    assert (state.made, state.confirmed_by, state.until, state.no_date) == ("2020-06-10", "Amazon", "until further notice", True)
    assert next_change(state, TODAY) == day("2027-01-27") and state.living
    assert next_change(standing([MADE], TODAY), TODAY) == day("2027-04-11")
    assert next_change(standing([OPEN, event("2026-05", "keeps")], TODAY), TODAY) is None


DAYS = st.dates(date(2015, 1, 1), date(2030, 1, 1))
EVENTS = st.lists(
    st.builds(
        lambda n, on, span, bearing, certainty, expires, no_date, begins: Event(
            f"e{n}", on, on + timedelta(days=span), bearing, certainty, on.isoformat(), expires=expires, no_date=no_date, begins=begins
        ),
        st.integers(0, 10_000), DAYS, st.sampled_from([0, 0, 29, 364]), st.sampled_from(BEARINGS),
        st.sampled_from(["found", "found", "copy", "disputed", "not found", "only the sender says so"]),
        st.none() | DAYS, st.booleans(), st.none() | DAYS,
    ),
    max_size=9, unique_by=lambda found: found.key,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(EVENTS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(events: list[Event], on: date, chance: Any) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert standing(shuffled, on) == standing(events, on)


@settings(max_examples=300, deadline=None)
@given(EVENTS, DAYS)
def test_every_record_has_a_standing_in_known_words(events: list[Event], on: date) -> None:
    state = standing(events, on)
    assert state.word in {"made", "in force", "unconfirmed", "expiring", "expired", "broken", "kept", "withdrawn", "not found"}
    assert state.words.startswith(state.word) and len(state.words) <= 200
    later = next_change(state, on)
    assert later is None or later > on


@settings(max_examples=300, deadline=None)
@given(EVENTS, DAYS, st.integers(0, 8))
def test_a_correction_stands_for_what_it_corrects(events: list[Event], on: date, which: int) -> None:
    if not events:
        return
    wrong = events[which % len(events)]
    right = replace(wrong, key="right", expires=None, no_date=True, corrects=wrong.key)
    without = [found for found in events if found.key != wrong.key]
    assert standing([*events, right], on) == standing([*without, replace(right, corrects="")], on)


RANK = {
    "not found": 0,
    "made": 1,
    "in force": 2,
    "unconfirmed": 3,
    "expiring": 4,
    "expired": 5,
    "broken": 6,
    "kept": 6,
    "withdrawn": 6,
}


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.integers(0, 4000), st.integers(0, 4000))
def test_time_alone_only_moves_it_on(events: list[Event], early: int, more: int) -> None:
    """Once every entry lies in the past, a later day is never a better one."""
    after = max((found.last for found in events), default=date(2030, 1, 1))
    one = standing(events, after + timedelta(days=early))
    other = standing(events, after + timedelta(days=early + more))
    assert RANK[one.word] <= RANK[other.word]


@settings(max_examples=200, deadline=None)
@given(EVENTS, DAYS)
def test_what_is_not_sure_moves_nothing(events: list[Event], on: date) -> None:
    doubtful = Event("doubt", date(2016, 1, 1), date(2016, 1, 1), "breaks", "only the sender says so")
    one, other = standing(events, on), standing([*events, doubtful], on)
    assert one.word == other.word and one.last_confirmed == other.last_confirmed


def test_limits_are_the_commitments_own() -> None:
    assert standing([OPEN], TODAY, Limits(unconfirmed_after_months=6)).word == "unconfirmed"
    assert standing([MADE], day("2027-01-01"), Limits(expiring_within_days=200)).word == "expiring"


@pytest.mark.parametrize(
    ("text", "precision", "words", "first", "last"),
    [
        ("2021-05-18", "", "18 May 2021", "2021-05-18", "2021-05-18"),
        ("2021-05", "approx-month", "about May 2021", "2021-05-01", "2021-05-31"),
        ("2021-summer", "season", "summer 2021", "2021-06-01", "2021-08-31"),
        ("2021-winter", "", "winter 2021", "2021-12-01", "2022-02-28"),
        (" 2022 ", "year", "2022", "2022-01-01", "2022-12-31"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(text: str, precision: str, words: str, first: str, last: str) -> None:
    found = read_date(text, precision)
    assert (found.words, found.first, found.last) == (words, day(first), day(last))


@pytest.mark.parametrize("text", ["", "yesterday", "2021-13", "2021-02-30", "0000", "18.5.2021", "2021-05-18x"])
def test_what_is_no_date_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(Refused, match="Write 2021-05-18"):
        read_date(text)


def test_small_rules() -> None:
    assert actor_name("Ring (Amazon) and Flock Safety") == "Ring" and actor_name(" (x)") == "(x)"
    assert date_words("2018-05") == "May 2018" and date_words("about then") == "about then"
    assert months_after(day("2024-01-31"), 1) == day("2024-02-29") and months_after(date.max, 12) == date.max
    fresh = TODAY - timedelta(days=90)
    assert worth_telling("pledge", "found", fresh, TODAY, correction=False)
    assert not worth_telling("pledge", "found", fresh - timedelta(days=1), TODAY, correction=False)
    assert not worth_telling("pressure", "found", TODAY, TODAY, correction=False)
    assert not worth_telling("pledge", "copy", TODAY, TODAY, correction=False)
    assert not worth_telling("pledge", "found", TODAY, TODAY, correction=True)
