"""The doctor sees when what comes back is lost, stuck or set aside, and names the mend."""

import os
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from groundswell.cli import doctor_inbound
from groundswell.inbox.models import Incoming, State
from groundswell.inbox.spool import Piece
from groundswell.site.settings import Settings
from tests.inbox.world import spool_in


def here(home: Path, **changes: object) -> Settings:
    return settings.GROUNDSWELL.model_copy(update={"data": home, **changes})


def said(found: Settings) -> dict[str, tuple[bool, str]]:
    return {each.name: (each.well, each.words) for each in doctor_inbound.examine(found)}


def test_production_without_a_way_in_is_told_so(home: Path) -> None:
    assert said(here(home))["ways in for mail"][0], "development needs none"
    well, words = said(here(home, mode="production"))["ways in for mail"]
    assert not well and "five ways" in words
    both = here(
        home, mode="production", mx_listen="0.0.0.0:25", webhooks="postmark mailgun=KEY", inbound_mailboxes="imaps://u:p@m.example/"
    )
    well, words = said(both)["ways in for mail"]
    assert well and "0.0.0.0:25" in words and "reports of mailgun" in words and "KEY" not in words and "m.example" in words


def test_what_can_not_be_read_is_named(home: Path) -> None:
    for change, words in (
        ({"inbound_mailboxes": "nonsense"}, "GROUNDSWELL_INBOUND_MAILBOXES"),
        ({"mx_certificate": home / "none.pem"}, "GROUNDSWELL_MX_CERTIFICATE"),
        ({"answers_to": "x@bounce.example.org"}, "GROUNDSWELL_ANSWERS_TO"),
        ({"inbound_maildir": home / "none"}, "GROUNDSWELL_INBOUND_MAILDIR"),
    ):
        well, told = said(here(home, **change))["ways in for mail"]
        assert not well and words in told


def test_a_spool_that_nobody_empties_is_seen(home: Path) -> None:
    path = spool_in(home / "inbound").keep(Piece("mail", "smtp", b"x"))
    assert said(here(home))["mail that came in"] == (True, "1 in the spool")
    os.utime(path, (time.time() - 3600, time.time() - 3600))
    well, words = said(here(home))["mail that came in"]
    assert not well and "60 minutes" in words and "groundswell up" in words


@pytest.mark.django_db(transaction=True)
def test_a_mail_set_aside_is_seen(home: Path, now: datetime) -> None:
    facts = connection.settings_dict
    found = here(home, database_url=f"postgresql://{facts['USER']}@/{facts['NAME']}?host={facts['HOST']}")
    assert said(found)["mail set aside"] == (True, "none")
    Incoming.objects.create(key="k", way="smtp", state=State.SET_ASIDE, taken_at=now, due_at=now)
    well, words = said(found)["mail set aside"]
    assert not well and words.startswith("1 could not")
    assert "mail set aside" not in said(here(home, database_url="postgresql://nobody@127.0.0.1:1/none"))
