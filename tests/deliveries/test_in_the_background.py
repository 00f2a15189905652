"""What the worker does for hand-overs: drips once a minute, pages as files."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from groundswell.deliveries import operations as deliveries
from groundswell.deliveries import queries
from groundswell.deliveries.order import Order
from groundswell.deliveries.tasks import drip
from groundswell.pages.tasks import publish
from tests.deliveries.test_drip import asked, begin
from tests.deliveries.world import petition, signer

__all__ = ["asked"]
pytestmark = pytest.mark.django_db


def test_a_drip_makes_its_mail_and_asks_the_post_office(asked: int) -> None:
    begin(asked, datetime.now(UTC))  # type: ignore[arg-type]
    drip(0)
    drip(0)
    assert queries.drips()[0].mails == 1
    assert ProcrastinateJob.objects.filter(task_name__endswith="deliver_letter").count() == 1


def test_the_pages_are_put_on_the_disk_and_taken_away(home: object) -> None:
    now = datetime.now(UTC)
    found = petition(now)
    signer(found, now - timedelta(hours=1), 1)
    made = deliveries.hand_over(
        petition_id=found, folder=settings.GROUNDSWELL.handover_folder, staff_id=None, why="w", now=now, order=Order()
    )
    page = deliveries.open_target_page(hand_over_id=made.id, days=1, staff_id=None, why="w", now=now)
    publish(0)
    (folder,) = (settings.GROUNDSWELL.published_folder / "h").iterdir()
    assert {path.name for path in folder.iterdir()} == {"index.html", "p.csv", "manifest.json"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    deliveries.close_target_page(page_id=page, staff_id=None, now=now)
    publish(0)
    assert not folder.exists()
