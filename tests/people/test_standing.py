"""Who an imported row may turn into a supporter, and standing that stays true when two doors write at once."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, transaction

from groundswell.basics.addresses import Address, parse
from groundswell.people import operations as people
from groundswell.people import queries
from groundswell.people.models import Consent, ImportRun, Person, Suppression
from groundswell.people.rules import row_consents, row_reason


def address(text: str) -> Address:
    found = parse(text)
    assert isinstance(found, Address)
    return found


@pytest.mark.parametrize("status", ["pending", "Non-Subscribed", "archived", "deleted", "inactive"])
def test_a_status_nobody_explained_is_no_consent(status: str) -> None:
    assert row_reason({"status": status}) is None
    assert not row_consents({"status": status})


@pytest.mark.parametrize("row", [{}, {"status": ""}, {"status": " Subscribed "}, {"unsubscribed": "No", "bounced": "0"}])
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
    assert row_reason(row) == reason
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
    report = people.import_csv(path, organisation="Us", wording="I agree", source="old list", now=now)
    assert (report.rows, report.new, report.suppressed, report.withheld) == (4, 4, 2, 1)
    assert [p for p in ("yes", "pending", "gone", "dead") if mailable(f"{p}@example.org")] == ["yes"]
    again = people.import_csv(path, organisation="Us", wording="I agree", source="old list", now=now.replace(year=2027))
    assert again.rows == 4
    assert ImportRun.objects.get().finished_at == now
    # The yes, and the no of the one who had left; bounced is a fact about the address, not about consent.
    assert Consent.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_goodbye_and_a_yes_at_once_never_leave_a_mailable_suppressed_person(now: datetime) -> None:
    person = people.enrol(email=address("ada@example.org"), now=now).person
    suppressed, agreed = threading.Event(), threading.Event()

    def complain() -> None:
        try:
            with transaction.atomic():
                people.suppress_person(person=person, reason="complaint", source="feedback loop", now=now)
                suppressed.set()
                # The other door cannot finish before this is committed; a wait that ends early shows it did.
                agreed.wait(1)
        finally:
            connection.close()

    thread = threading.Thread(target=complain)
    thread.start()
    assert suppressed.wait(10)
    people.record_consent(
        person=person, given=True, organisation="Us", wording="I agree", version="1", language="en", source="page",
        how="form", now=now,
    )  # fmt: skip
    agreed.set()
    thread.join()
    close_old_connections()
    assert Suppression.objects.filter(lifted_at=None).count() == 1
    assert not Person.objects.get(pk=person).may_mail


def mailable(email: str) -> bool:
    index = queries.index_of_address(address(email))
    from groundswell.people.vault import store

    person = store.person_by_index(index)
    assert person is not None
    return Person.objects.get(pk=person).may_mail
