"""The demo's world may be built again: what somebody made of it in the office stays."""

import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings

from groundswell.actions import queries
from groundswell.demo import acts, record, world
from groundswell.pages.models import PetitionPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unpublished() -> Iterator[None]:
    yield
    shutil.rmtree(settings.GROUNDSWELL.published_folder, ignore_errors=True)


def test_a_page_that_was_changed_in_the_office_stays_so(now: datetime) -> None:
    campaign = record.build(now=now)
    petition = world._petition(campaign, now)
    acts.build(campaign_id=campaign, now=now)
    page = PetitionPage.objects.get(slug=world.PETITION)
    page.title, page.text = "End it", "Now, and in writing."
    page.save_revision().publish()
    call = PetitionPage.objects.get(slug="call-them")
    call.unpublish()
    assert world._petition(campaign, now) == petition
    acts.build(campaign_id=record.build(now=now), now=now)
    view = queries.petition(petition)
    assert (view.title, view.text, view.version) == ("End it", "Now, and in writing.", 2)
    assert PetitionPage.objects.get(slug=world.PETITION).title == "End it"
    assert not PetitionPage.objects.get(slug="call-them").live and PetitionPage.objects.count() == 7
