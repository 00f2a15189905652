"""A column of an uploaded list that looks like saying who may be mailed: staff say how before anything is imported."""

from pathlib import Path

import pytest
from django.test import Client

from groundswell.office.tasks import carry_on
from groundswell.people.models import ImportOrder, ImportRun, Suppression
from groundswell.people.queries import counts
from tests.office.test_people_import import PROOF, bob, folder, upload

pytestmark = pytest.mark.django_db
__all__ = ["bob", "folder"]


def test_staff_are_asked_what_such_a_column_holds(bob: Client, folder: Path) -> None:
    place = upload(bob, b"Email,Unsub?,Shoe size\na@example.org,yes,40\n")
    page = bob.get(place).content.decode()
    assert page.count("looks like saying who may be mailed: say how") == 1
    said = {**PROOF, "column-0": "email", "column-1": "", "column-2": "ignore", "do": "rehearse"}
    answer = bob.post(place, said)
    assert answer.status_code == 422 and "looks like saying who may be mailed, and we don" in answer.content.decode()
    assert ImportOrder.objects.get().state != "asked" and not ImportRun.objects.exists()
    assert bob.post(place, {**said, "column-1": "unsubscribed", "do": "import"}).status_code == 302
    carry_on(timestamp=0)
    assert counts()["supporters"] == 0 and Suppression.objects.get().reason == "unsubscribed"
    again = upload(bob, b"Email,Unsub?,Shoe size\nb@example.org,,40\n")
    assert "say how" not in bob.get(again).content.decode(), "it was said for files like this one"


def test_which_of_mailchimps_files_it_is_is_read_from_its_name(bob: Client, folder: Path) -> None:
    content = b"Email Address,MEMBER_RATING\na@example.org,2\n"
    place = upload(bob, content, "nonsubscribed_email_audience_export_1.csv")
    assert "an export of Mailchimp: nonsubscribed" in bob.get(place).content.decode()
    said = {**PROOF, "column-0": "email", "column-1": "ignore"}
    bob.post(place, {**said, "do": "import"})
    carry_on(timestamp=0)
    assert counts() == {"people": 1, "supporters": 0}
    bob.post(upload(bob, content, "subscribed_email_audience_export_1.csv"), {**said, "do": "import"})
    carry_on(timestamp=0)
    assert ImportRun.objects.count() == 2, "another list, though its rows are the same"
