"""What a list can't do: raise a word, keep one that it takes back itself, or bring somebody home who asked to be forgotten."""

from datetime import datetime
from pathlib import Path

import pytest

from groundswell.basics.ids import PersonRef
from groundswell.people import operations as people
from groundswell.people import queries
from groundswell.people.models import Consent, Suppression
from groundswell.people.operations.consent_many import Said
from groundswell.people.operations.partner_consents import record_partner_consents
from groundswell.people.queries import may_mail
from groundswell.people.rules import Reason
from groundswell.people.vault import store
from tests.people.test_import import load, person, sheet
from tests.people.test_merge import LATER, here, merged, word

pytestmark = pytest.mark.django_db


def partner_yes(who: PersonRef, now: datetime) -> None:
    record_partner_consents(
        answers=[
            Said(
                person=who, given=True, organisation="Friends", wording="They may write", version="1", language="en", source="form"
            )
        ],
        now=now,
    )


def lifted(who: PersonRef, reason: Reason, now: datetime) -> bool:
    """Whether they may be mailed once staff has lifted this."""
    people.lift_suppression(person=who, reason=reason, why="They wrote to us", staff_id=None, now=now)
    return may_mail(who)


@pytest.mark.parametrize(
    ("header", "cells", "reason"),
    [
        ("status", "bounced", "hard_bounce"), ("status", "complained", "complaint"), ("status", "blocklisted", "complaint"),
        ("status,opted_in", "bounced,no", "hard_bounce"), ("bounced", "2024-01-01", "hard_bounce"),
        ("unsubscribed_at,email1_is_bad", "2020-01-01,true", "hard_bounce"), ("unsub_time,clean_time", "2020-01-01,2021-01-01", "hard_bounce"),
    ],
)  # fmt: skip
def test_lifting_what_a_list_said_of_an_address_makes_no_yes(
    home: Path, now: datetime, header: str, cells: str, reason: Reason
) -> None:
    load(sheet(home, f"email,{header}\nada@example.org,{cells}\n"), now)
    ada = person("ada@example.org")
    assert not Consent.objects.filter(given=True).exists()
    assert not may_mail(ada) and not lifted(ada, reason, now)


def test_a_later_row_of_the_same_list_that_is_no_yes_takes_the_first_ones_back(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 2)
    here("unasked@example.org", now)
    here("asked@example.org", now)
    word(person("asked@example.org"), True, now)
    names = ["new", "unasked", "asked", "sure"]
    rows = [f"{name}@example.org,subscribed" for name in names] + [f"{name}@example.org,pending" for name in names[:3]]
    load(sheet(home, "email,status\n" + "\n".join(rows) + "\n"), now)
    assert {name: may_mail(person(f"{name}@example.org")) for name in names} == {
        "new": False, "unasked": False, "asked": True, "sure": True,
    }, "who said it to us by themselves keeps their word"  # fmt: skip
    again = load(sheet(home, "email,status\nsure@example.org,pending\n", "other.csv"), now + LATER)
    assert may_mail(person("sure@example.org")) and again.consents == 0, "another list takes nothing back"


def test_who_signed_up_by_themselves_between_two_rows_keeps_their_word(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.people.understanding.BATCH", 1)
    text = "email,status\nada@example.org,subscribed\nada@example.org,pending\n"

    def meanwhile(rows: int) -> None:
        if rows == 1:
            word(person("ada@example.org"), True, now)

    load(sheet(home, text), now, seen=meanwhile)
    assert may_mail(person("ada@example.org"))


def test_a_lists_word_of_a_second_address_stands_when_the_merge_is_taken_back(home: Path, now: datetime) -> None:
    kept, gone = here("a@example.org", now), here("b@example.org", now)
    word(kept, True, now)
    word(gone, True, now)
    number = merged(kept, gone, now)
    load(sheet(home, "email,status\nb@example.org,complained\n"), now + LATER)
    assert not may_mail(kept)
    people.undo_merge(merge_id=number, staff_id=None, why="Two people", now=now + 2 * LATER)
    assert not may_mail(kept) and not may_mail(gone)
    assert Suppression.objects.filter(reason="complaint").count() == 2


@pytest.mark.parametrize("own", [False, None])
def test_a_yes_to_a_partner_raises_nobody_in_a_merge(now: datetime, own: bool | None) -> None:
    kept, gone = here("a@example.org", now), here("b@example.org", now)
    if own is not None:
        word(kept, own, now)
    partner_yes(kept, now)
    word(gone, True, now + LATER)
    assert not may_mail(kept) and may_mail(gone)
    merged(kept, gone, now + 2 * LATER)
    assert not may_mail(kept)


def test_who_asked_to_be_forgotten_is_not_taken_in_again(home: Path, now: datetime) -> None:
    people.forget(person=here("ada@example.org", now), staff_id=None, why="asked", now=now)
    text = "email,first name,phone\nnew@example.org,New,\nADA@example.org,Ada,+447700900123\n"
    dry = load(sheet(home, text), now, dry_run=True)
    report = load(sheet(home, text), now)
    for found in (dry, report):
        assert (found.new, found.rejections) == (1, 1)
        assert found.rejected == [(3, "This person asked to be forgotten; they can come back by themselves only.")]
    assert queries.counts()["people"] == 1
    back = here("ada@example.org", now + LATER)
    assert store.index_of(back) is not None, "they may come by themselves"
