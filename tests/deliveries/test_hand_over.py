"""What they signed is what is delivered, and the file can prove it."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId
from groundswell.campaigns import operations as campaigns
from groundswell.deliveries.operations import hand_over, verify
from groundswell.deliveries.rules import harmless
from groundswell.staff.models import LedgerEntry
from tests.people.test_people import supporter


@pytest.mark.django_db
def test_the_file_says_how_many_signed_which_text(now: datetime, home: Path) -> None:
    campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    facts = {"slug": "p", "campaign_id": campaign, "goal": 10, "thanks_subject": "x", "thanks_text": "y", "now": now}
    petition = actions.open_petition(title="One", text="first", **facts)  # type: ignore[arg-type]
    sign(petition, 1, supporter(now, "a@example.org"), now)
    assert actions.reword(petition_id=petition, title="Two", text="second", now=now) == 2
    assert actions.reword(petition_id=petition, title="Two", text="second", now=now) == 2
    sign(petition, 2, supporter(now, "b@example.org", "=HYPERLINK()"), now + timedelta(minutes=1))
    done = hand_over(petition_id=petition, folder=home, staff_id=None, why="to their door", now=now)
    rows = list(csv.reader(done.path.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[1:] for row in rows[:2]] == [["1", "One", "first", "1 signatures"], ["2", "Two", "second", "1 signatures"]]
    assert rows[3][1:3] == ["Ada L.", "SW1 GB"] and rows[4][1].startswith("'=")
    assert (done.total, done.per_version) == (2, {1: 1, 2: 1})
    found = verify(done.path)
    assert found is not None and found.total == 2 and "2 signatures" in str(found)
    done.path.write_bytes(done.path.read_bytes().replace(b"Ada", b"Eve"))
    assert verify(done.path) is None
    assert LedgerEntry.objects.get().act == "hand over"
    assert "example.org" not in done.path.read_text()


def sign(petition: ActionId, version: int, person: int, now: datetime) -> None:
    actions.sign(
        entry_id=uuid4(),
        petition_id=petition,
        version=version,
        person=person,
        source="x",
        position="website",
        delivery=None,
        signed_at=now,
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "  =1", "\t=1", "\n=1", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert harmless("Ada") == "Ada" and harmless("") == ""
