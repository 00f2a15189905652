"""Editors write, and see nobody: every page that shows a person, or does something to one, is for those who approve."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from groundswell.basics.ids import PersonRef
from groundswell.people import suppressions
from groundswell.people.models import Fact, Tagged
from groundswell.people.order_models import ImportOrder
from groundswell.people.queries import may_mail
from groundswell.staff.models import Account, LedgerEntry
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
NAMES = re.compile(r"(people|returns|doubts)(-.*)?|reasons(-decide)?")
"""What these addresses are called."""


def patterns(found: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern) and each.name:
            yield each.name, before + str(each.pattern)


def places(person: PersonRef) -> list[tuple[str, str]]:
    """Every address of the office that shows people, this person's where it names one."""
    found = []
    for name, pattern in patterns(get_resolver().url_patterns):
        if pattern.startswith("office/") and NAMES.fullmatch(name):
            found.append((name, "/" + re.sub(r"<int:\w+>", str(person), pattern)))
    return found


def somebody_of(group: str, client: Client) -> Client:
    account = Account.objects.create_user(username=group.lower(), password="x")
    account.groups.add(Group.objects.get(name=group))
    client.force_login(account)
    return client


def refused(answer: Any) -> bool:
    """Wagtail says it on the first page, to which it leads; a script is told by 403."""
    return answer.status_code == 403 or (answer.status_code == 302 and answer["Location"] == "/office/")


def test_an_editor_opens_nothing_of_anybody_and_changes_nothing(client: Client, now: datetime) -> None:
    ada = supporter(now, ADA)
    editor = somebody_of("Editors", client)
    asked = places(ada)
    assert len(asked) > 25 and {"people-forget", "people-export", "people-merge-undo", "returns-lift"} <= {
        name for name, _ in asked
    }
    said = {"why": "curious", "sure": str(ada), "sought": ADA, "tag": "x", "note": "x", "label": "x", "kind": "tag",
            "do": str(ada), "address": ADA, "column": "email", "audience": "all"}  # fmt: skip
    for name, place in asked:
        for answer in (editor.get(place), editor.post(place, said)):
            assert refused(answer), (name, answer.status_code)
            assert ADA not in answer.content.decode() and "Lovelace" not in answer.content.decode()
    assert suppressions.person_with(address(ADA)) == ada and may_mail(ada)
    assert not Tagged.objects.exists() and not Fact.objects.exists()
    assert not LedgerEntry.objects.exclude(act="password").exists(), "nobody looked"


def test_an_editors_upload_is_not_even_written_down(
    client: Client, now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = settings.GROUNDSWELL.model_copy(update={"data": home, "keys": settings.GROUNDSWELL.key_folder.folder})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    editor = somebody_of("Editors", client)
    answer = editor.post("/office/people/import/", {"file": SimpleUploadedFile("x.csv", b"Email\nada@example.org\n")})
    assert refused(answer) and not ImportOrder.objects.exists() and not (home / "lists").exists()


def test_each_is_shown_the_menu_of_what_they_may_open(client: Client) -> None:
    words = ("/office/people/", "/office/returns/", "/office/reasons/")
    shown = somebody_of("Editors", client).get("/office/").content.decode()
    assert not [word for word in words if word in shown] and "/office/audiences/" in shown
    shown = somebody_of("Moderators", client).get("/office/").content.decode()
    assert [word for word in words if word in shown] == list(words)


def test_a_moderator_opens_them(client: Client, now: datetime) -> None:
    ada = supporter(now, ADA)
    moderator = somebody_of("Moderators", client)
    for place in ("people/", f"people/{ada}/", "people/pairs/", "people/import/", "people/export/", "returns/", "reasons/"):
        assert moderator.get(f"/office/{place}").status_code == 200, place
    assert ADA in moderator.post(f"/office/people/{ada}/", {"why": "she asked"}).content.decode()
