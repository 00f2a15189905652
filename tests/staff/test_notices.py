"""Staff are told once, in words that name nobody."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from groundswell.staff import notices
from groundswell.staff.operations import one_time_password

pytestmark = pytest.mark.django_db


def test_the_same_notice_is_told_once_and_counted(now: datetime) -> None:
    assert notices.tell(subject="Google refuses", words="Slowed for a day.", once="slow:google", now=now)
    assert not notices.tell(subject="Google refuses", words="Slowed for a day.", once="slow:google", now=now + timedelta(hours=1))
    (told,) = notices.unread()
    assert (told.times, told.at, told.read) == (2, now, False)


def test_a_notice_names_nobody(now: datetime) -> None:
    notices.tell(subject="For ada@example.org", words="Call +44 20 7946 0958 or bob@example.org.", once="x", now=now)
    (told,) = notices.unread()
    assert "@" not in told.subject + told.words and "7946" not in told.words


def test_bob_reads_them_and_charlie_may_not(client: Client, now: datetime) -> None:
    notices.tell(subject="A mailing was stopped", words="Too many complaints.", once="stop:1", link="/office/returns/", now=now)
    assert client.post("/office/notices/read/").status_code == 302 and notices.count_unread() == 1
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    page = client.get("/office/").content.decode()
    assert "A mailing was stopped" in page and 'href="/office/returns/"' in page
    assert client.get("/office/notices/read/").status_code == 405 and notices.count_unread() == 1
    client.post("/office/notices/read/")
    assert notices.count_unread() == 0 and "A mailing was stopped" not in client.get("/office/").content.decode()
    (kept,) = notices.latest()
    assert kept.read and not notices.mark_read(notice_id=kept.id, staff_id=1, now=now)
