"""Who an imported row may turn into a supporter, and standing that stays true when two doors write at once."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.basics.addresses import Address, parse
from groundswell.people import operations as people
from groundswell.people import queries
from groundswell.people.models import Consent, ImportRun, Person, Suppression
from groundswell.people.rules import row_consents, row_reasons


def address(text: str) -> Address:
    found = parse(text)
    assert isinstance(found, Address)
    return found


@pytest.mark.parametrize("status", ["", "pending", "Non-Subscribed", "archived", "deleted", "inactive"])
def test_a_status_nobody_explained_is_no_consent(status: str) -> None:
    assert row_reasons({"status": status}) == frozenset()
    assert not row_consents({"status": status})


@pytest.mark.parametrize("row", [{}, {"status": " Subscribed "}, {"unsubscribed": "No", "bounced": "0"}])
def test_a_plain_row_of_a_list_of_supporters_consents(row: dict[str, str]) -> None:
    assert row_consents(row)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"unsubscribed": "2024-05-01"}, "unsubscribed"),
        ({"bounced": "TRUE", "status": "subscribed"}, "hard_bounce"),
        ({"complained": "1", "unsubscribed": "1"}, "complaint"),
    ],
)
def test_a_column_of_its_own_speaks_against_mailing(row: dict[str, str], reason: str) -> None:
    assert reason in row_reasons(row)
    assert not row_consents(row)


@pytest.mark.django_db
def test_only_clear_rows_of_a_list_become_supporters(home: Path, now: datetime) -> None:
    path = home / "list.csv"
    path.write_text(
        "Email;Status;Unsubscribed;Bounced\n"
        "yes@example.org;subscribed;;0\n"
        "pending@example.org;pending;;\n"
        "gone@example.org;subscribed;2024-05-01;\n"
        "dead@example.org;;;yes\n"
    )
    report = people.import_list(path, organisation="Us", wording="I agree", source="old list", now=now)
    assert (report.rows, report.new, report.suppressed, report.withheld) == (4, 4, 2, 1)
    assert [p for p in ("yes", "pending", "gone", "dead") if mailable(f"{p}@example.org")] == ["yes"]
    again = people.import_list(path, organisation="Us", wording="I agree", source="old list", now=now.replace(year=2027))
    assert again.rows == 4
    assert ImportRun.objects.get().finished_at == now
    # The yes, and the no of the one who had left; of whoever bounced a list proves neither.
    assert sorted(Consent.objects.values_list("given", flat=True)) == [False, True]


def _until_somebody_waits(cursor: CursorWrapper) -> None:
    """Until another session of this database waits for a lock: then both writers are in the middle of it."""
    for _ in range(2000):
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        if cursor.fetchone()[0]:
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def _at_once(first: Callable[[], object], second: Callable[[], object]) -> None:
    """`second` begins while `first` is written and not committed; it ends when `first` is."""
    wrote, failures = threading.Event(), []

    def writer() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                first()
                wrote.set()
                _until_somebody_waits(cursor)
        except BaseException as failure:
            failures.append(failure)
        finally:
            wrote.set()
            connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    wrote.wait()
    try:
        second()
    finally:
        thread.join()
    assert not failures


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("goodbye_first", [True, False])
def test_a_goodbye_and_a_yes_at_once_never_leave_a_mailable_suppressed_person(goodbye_first: bool, now: datetime) -> None:
    person = people.enrol(email=address("ada@example.org"), now=now).person

    def complain() -> None:
        people.suppress_person(person=person, reason="complaint", source="feedback loop", now=now)

    def agree() -> None:
        people.record_consent(
            person=person, given=True, organisation="Us", wording="I agree", version="1", language="en", source="page",
            how="form", now=now,
        )  # fmt: skip

    _at_once(*((complain, agree) if goodbye_first else (agree, complain)))
    assert Suppression.objects.filter(lifted_at=None).count() == 1 and Consent.objects.filter(given=True).count() == 1
    assert not Person.objects.get(pk=person).may_mail


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [True, False])
def test_a_yes_that_comes_while_somebody_is_forgotten_names_nobody(many: bool, now: datetime) -> None:
    person = people.enrol(email=address("ada@example.org"), now=now).person
    said = people.Said(person, True, "Us", "I agree", "1", "en", "page")

    def agree() -> None:
        if many:
            people.record_consents(answers=[said], now=now)
        else:
            people.record_consent(
                person=person, given=True, organisation="Us", wording="I agree", version="1", language="en", source="page",
                how="form", now=now,
            )  # fmt: skip

    _at_once(lambda: people.forget(person=person, staff_id=None, why="asked", now=now), agree)
    assert not Person.objects.get(pk=person).may_mail
    assert not Consent.objects.filter(person_id=person).exists()


def mailable(email: str) -> bool:
    index = queries.index_of_address(address(email))
    from groundswell.people.vault import store

    person = store.person_by_index(index)
    assert person is not None
    return Person.objects.get(pk=person).may_mail
