"""Staff look at doubtful signatures, decide with a reason, and can undo it; strangers see nothing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from groundswell.actions.doubts import decisions, uncounted
from groundswell.actions.models import Signature
from groundswell.staff.operations import one_time_password
from tests.pages.test_door import Place
from tests.pages.test_guard import sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(home: Path, now: datetime) -> Iterator[Place]:
    yield Place(home, now)


def test_charlie_may_not_look_or_decide(client: Client) -> None:
    for address in ("/office/signatures/", "/office/signatures/preview/"):
        assert client.get(address).status_code == 302
    assert client.post("/office/signatures/decide/").status_code == 302


def test_alice_looks_decides_and_undoes(place: Place, client: Client) -> None:
    for number in range(3):
        sign(place, f"x{number}%40mailinator.com")
    place.apply()
    place.count()
    assert client.login(username="alice", password=one_time_password(username="alice", now=place.now))
    page = client.get("/office/signatures/").content.decode()
    assert "reason:throw-away address" in page and "mailinator" not in page and "Doubtful signatures" in page
    asked = {"petition": "end-it", "what": "reason:throw-away address"}
    assert "3 held" in client.get("/office/signatures/preview/", asked).content.decode()
    assert client.get("/office/signatures/decide/").status_code == 405
    client.post("/office/signatures/decide/", {**asked, "decision": "count", "why": ""})
    assert Signature.objects.filter(state="held").count() == 3, "no reason, no decision"
    client.post("/office/signatures/decide/", {**asked, "decision": "count", "why": "a school class"})
    assert Signature.objects.filter(state="confirmed").count() == 3 and uncounted() == {place.petition}
    (decision,) = decisions()
    assert "counted" in client.get("/office/signatures/").content.decode() and decision.count == 3
    client.post("/office/signatures/undo/", {"batch": str(decision.batch)})
    client.post("/office/signatures/undo/", {"batch": "x"})
    assert Signature.objects.filter(state="held").count() == 3 and decisions() == []
