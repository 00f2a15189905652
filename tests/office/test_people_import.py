"""A list comes in by the office: understood, rehearsed, imported, looked at, taken back; the file does not stay."""

import io
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files import temp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from groundswell.basics.result import Refused
from groundswell.office.tasks import carry_on, carry_out, tidy_people
from groundswell.people import operations as people
from groundswell.people import orders, suppressions
from groundswell.people.models import ImportOrder, ImportRun, Person
from groundswell.people.operations import importing
from groundswell.people.queries import counts, may_mail
from groundswell.staff.operations import one_time_password
from groundswell.staff.queries import latest
from tests.people.test_people import address, supporter

pytestmark = pytest.mark.django_db
LIST = (
    "\ufeffE-Mail;Vorname;Stadtteil;Passwort;T-Shirt;Status\n"
    "ada@example.org;Augusta;Altona;hunter2;M;subscribed\nnew@example.org;Neu;Altona;hunter2;L;subscribed\n"
    "gone@example.org;Gone;;hunter2;;unsubscribed\nno address;X;;hunter2;;\nslip@gmial.com;Slip;;;;subscribed\n"
)
PROOF = {"organisation": "Us", "wording": "Write to me", "source": "the old system", "partner": "", "language": "de"}


@pytest.fixture
def bob(client: Client, now: datetime) -> Client:
    assert client.login(username="bob", password=one_time_password(username="bob", now=now))
    return client


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    changed = settings.GROUNDSWELL.model_copy(update={"data": home, "keys": settings.GROUNDSWELL.key_folder.folder})
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    return home / "lists"


def upload(bob: Client, content: bytes, name: str = "list.csv") -> str:
    answer = bob.post("/office/people/import/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_bob_imports_a_list_and_takes_it_back(bob: Client, folder: Path, now: datetime) -> None:
    ada = supporter(now, "ada@example.org")
    people.make_field(slug="shirt", label="Shirt", kind="choice", choices=["M", "L"])
    place = upload(bob, LIST.encode())
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes()[:4] == b"GSL1" and b"example.org" not in file.read_bytes() and b"hunter2" not in file.read_bytes()
    page = bob.get(place).content.decode()
    assert "looks like secrets" in page and "hunter2" not in page and "Augusta" not in page and "ada@" not in page
    assert '<option value="given_name" selected' in page and '<option value="fact:shirt"' in page
    columns = {
        "column-0": "email", "column-1": "given_name", "over-1": "on", "column-2": "region", "column-4": "fact:shirt",
        "column-5": "status",
    }  # fmt: skip
    refused = bob.post(place, {**columns, "do": "rehearse"})
    assert refused.status_code == 422 and "without its proof" in refused.content.decode()
    assert bob.post(place, {**PROOF, **columns, "column-0": "ignore", "do": "rehearse"}).status_code == 422
    assert bob.post(place, {**PROOF, **columns, "do": "rehearse"}).status_code == 302
    order = ImportOrder.objects.get()
    assert "Looking what would change" in bob.get(place).content.decode()
    assert bob.post(place, {**PROOF, **columns, "do": "import"}).status_code == 422, "it is being looked at"
    carry_out(order_id=order.pk)
    page = bob.get(place).content.decode()
    assert "2 values given to them" in page and "given_name 1" in page and "region 1" in page
    assert "What would change" in page and "Line 5:" in page and "gmail.com" in page and counts()["people"] == 1
    assert bob.post(place, {**PROOF, **columns, "do": "import"}).status_code == 302
    carry_on(timestamp=0)
    order.refresh_from_db()
    assert (order.state, order.seen, order.key, list(folder.iterdir())) == ("done", 5, "", [])
    run = ImportRun.objects.get()
    assert run.file_name == "list.csv" and "import list" in latest()[0]
    assert Person.objects.get(pk=ada).region == "Altona" and counts() == {"people": 4, "supporters": 3}
    page = bob.get(f"/office/people/imports/{run.pk}/").content.decode()
    assert "2 rows with their line and reason" in page and "Vorname" in page
    answer = bob.get(f"/office/people/imports/{run.pk}/rejected/")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[0] == "line,taken,reason" and text.splitlines()[1].startswith("5,no,") and "no address" not in text
    # The next file with these columns is understood as this one was.
    again = upload(bob, LIST.encode())
    page = bob.get(again).content.decode()
    assert '<option value="region" selected' in page and '<option value="fact:shirt" selected' in page
    assert bob.post(f"{again}drop/").status_code == 302 and list(folder.iterdir()) == []
    assert bob.post(f"/office/people/imports/{run.pk}/undo/", {"why": " "}).status_code == 302 and orders.waiting() == []
    bob.post(f"/office/people/imports/{run.pk}/undo/", {"why": "the wrong file"})
    assert "being taken back" in bob.get(f"/office/people/imports/{run.pk}/").content.decode()
    carry_on(timestamp=0)
    assert counts() == {"people": 1, "supporters": 1} and may_mail(ada) and "the wrong file" in latest()[0]
    assert Person.objects.get(pk=ada).region == "" and suppressions.explain(address("gone@example.org")).suppressions


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"), (b"PK\x03\x04 no workbook", "workbook"), (b"ada@example.org,Ada\nbob@example.org,Bob\n", "names a person"),
        ((",".join(f"c{n}" for n in range(600)) + "\n").encode(), "600 columns"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_and_not_kept(content: bytes, words: str, bob: Client, folder: Path) -> None:
    answer = bob.post("/office/people/import/", {"file": SimpleUploadedFile("x.csv", content)})
    page = answer.content.decode()
    assert answer.status_code == 422 and "ada@" not in page
    if content:  # Django takes an empty file for none
        assert words in page
    assert not ImportOrder.objects.exists() and (not folder.exists() or list(folder.iterdir()) == [])


def test_a_worker_that_died_is_followed_by_one_that_goes_on(bob: Client, folder: Path) -> None:
    place = upload(bob, b"Email\nnew@example.org\n")
    assert bob.post(place, {**PROOF, "column-0": "email", "do": "import"}).status_code == 302
    ImportOrder.objects.update(state="working")
    carry_on(timestamp=0)
    assert ImportOrder.objects.get().state == "done" and counts()["supporters"] == 1
    carry_on(timestamp=0)
    assert ImportRun.objects.count() == 1


def test_an_import_that_fails_says_so_once_and_goes_on_when_asked(
    bob: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = upload(bob, b"Email\nnew@example.org\n")
    said = {**PROOF, "column-0": "email", "do": "import"}
    bob.post(place, said)
    with monkeypatch.context() as broken:
        broken.setattr(importing.ordering, "import_list", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_on(timestamp=0)
    carry_on(timestamp=0)
    assert "ended by itself (ZeroDivisionError)" in bob.get(place).content.decode()
    bob.post(place, said)
    carry_on(timestamp=0)
    assert counts()["supporters"] == 1


def test_a_file_that_nobody_imports_is_gone_after_a_day(bob: Client, folder: Path, now: datetime) -> None:
    place = upload(bob, b"Email\nnew@example.org\n")
    ImportOrder.objects.update(at=now - timedelta(days=400))
    (file,) = folder.iterdir()
    import os

    os.utime(file, (0, 0))
    tidy_people(timestamp=0)
    assert list(folder.iterdir()) == [] and "not here any more" in bob.get(place).content.decode()
    with pytest.raises(Refused, match="Upload it again"):
        importing.order(order_id=ImportOrder.objects.get().pk, act="import", asked=PROOF, said={"Email": "email"}, overwrite=[])


def test_a_large_list_never_lies_in_clear_on_its_way_in(bob: Client, folder: Path, home: Path, monkeypatch: Any) -> None:
    """Larger than what a form's file is held in memory for: it would go through a temporary file."""
    written: list[Path] = []
    monkeypatch.setattr(temp, "NamedTemporaryFile", lambda *_, **__: written.append(Path("x")))
    rows = b"".join(b"person%d@example.org,Given%d\n" % (n, n) for n in range(120_000))
    place = upload(bob, b"Email,First name\n" + rows)
    (file,) = folder.iterdir()
    assert not written and file.stat().st_size > 3_000_000 and b"person" not in file.read_bytes()
    assert ImportOrder.objects.get().total == 120_000 and bob.get(place).status_code == 200


def test_a_forged_form_or_one_that_is_cut_leaves_no_file(folder: Path, now: datetime) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.login(username="bob", password=one_time_password(username="bob", now=now))
    content = b"Email\nnew@example.org\n"
    assert strict.post("/office/people/import/", {"file": SimpleUploadedFile("x.csv", content)}).status_code == 403
    assert not folder.exists() or list(folder.iterdir()) == []
    strict.get("/office/people/import/")
    token = strict.cookies["csrftoken"].value
    said = {"file": SimpleUploadedFile("x.csv", content), "csrfmiddlewaretoken": token}
    assert strict.post("/office/people/import/", said).status_code == 302
    assert len(list(folder.iterdir())) == 1


def test_a_stranger_leaves_no_file(client: Client, folder: Path) -> None:
    client.post("/office/people/import/", {"file": SimpleUploadedFile("x.csv", b"Email\nnew@example.org\n")})
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_workbook_is_read_from_its_sealed_file(bob: Client, folder: Path) -> None:
    book, held = Workbook(), io.BytesIO()
    for row in (["Email", "First name"], ["ada@example.org", "Ada"], ["bob@example.org", "Bob"]):
        book.active.append(row)
    book.save(held)
    place = upload(bob, held.getvalue(), "list.xlsx")
    assert bob.post(place, {**PROOF, "column-0": "email", "column-1": "given_name", "do": "import"}).status_code == 302
    carry_on(timestamp=0)
    assert counts()["supporters"] == 2 and list(folder.iterdir()) == []


@pytest.mark.parametrize("harm", ["cut at a block", "cut", "changed", "plain"])
def test_a_sealed_list_that_was_touched_is_refused(harm: str, bob: Client, folder: Path) -> None:
    place = upload(bob, b"Email\n" + b"".join(b"p%d@example.org\n" % n for n in range(9000)))
    (file,) = folder.iterdir()
    content = file.read_bytes()
    block = 37 + 64 * 1024 + 16
    file.write_bytes({
        "cut at a block": content[:block], "cut": content[:-5], "changed": content[:90_000] + b"?" + content[90_001:],
        "plain": b"Email\nada@example.org\n",
    }[harm])  # fmt: skip
    bob.post(place, {**PROOF, "column-0": "email", "do": "import"})
    carry_on(timestamp=0)
    assert "is not whole" in bob.get(place).content.decode() and counts()["people"] == 0
