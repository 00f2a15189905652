"""A list that another process reads is the list that this one would have read, and a process that dies loses nothing."""

import os
import signal
import subprocess
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook

from groundswell.basics.boxes import public_half
from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Refused
from groundswell.people import apart, understanding
from groundswell.people.apart import Asked, read_apart
from groundswell.people.models import ImportRun, Person
from groundswell.people.operations.importing import run
from groundswell.people.sheets import mapping
from groundswell.people.sheets.facts import Kind
from groundswell.people.sheets.reading import look, sheet
from groundswell.people.sheets.rows import Reader
from groundswell.people.sheets.sealed import SealedList, SealingFile
from groundswell.people.understanding import Understood
from groundswell.people.vault.index import Indexer

RING = KeyRing({1: bytes(range(32)), 2: bytes(range(1, 33))}, 2)
HEADER = ["Email", "First name", "Last name", "Phone", "Country", "Postcode", "Created at", "Status", "Tags", "Height"]
ROWS = [
    ["ada@example.org", "Zoë", "O'Neill", "+44 20 7946 0958", "GB", "LS1 4AB", "2023-05-11", "subscribed", "a; b", "180"],
    ["not an address", "Nobody", "", "", "", "", "", "", "", ""],
    ["bob@gmial.com", "Боб", "Łódź", "020 7946 0000", "United Kingdom", "", "2024-01-02 10:00:00 UTC", "unsubscribed", "", ""],
    ["jürgen@example.org", "", "", "", "Deutschlnd", "", "", "bounced", "", "1,80"],
    ["Cleo.X+y@gmail.com", "=cmd()", "\u202eold", "٠٢٠ ٧٩٤٦ ٠٩٥٨", "GB", "", "", "pending", "x\ny@example.org,z", ""],
]


def csv_of(rows: int) -> str:
    lines = [",".join(f'"{cell}"' for cell in [f"{n}.{row[0]}", *row[1:]]) for n in range(rows // len(ROWS)) for row in ROWS]
    return "\n".join([",".join(HEADER), *lines, '"open,quotation,mark', "a@example.org,too,many" + "," * 8 + "x,y,z"]) + "\n"


def asked(path: Path | SealedList, now: datetime, skip: int = 0) -> Asked:
    looked = look(path)
    plan = mapping.plan(sheet(path, looked, mapping.known).header, {"Height": "fact:height"}, kinds={"height": Kind("number")})
    return Asked(path, looked, plan, now, skip, RING)


def read_here(wanted: Asked) -> list[Understood]:
    rows = sheet(wanted.path, wanted.looked, mapping.known).rows
    index = Indexer(wanted.ring)
    return list(understanding.batches(islice(rows, wanted.skip, None), Reader(wanted.plan, now=wanted.now), lambda: index))


def content(batch: Understood) -> tuple[Any, ...]:
    drafts = [
        (d.line, d.email, d.email.domain, d.sealed, d.clear, d.phone_e164, d.joined, d.tags, d.facts, d.reasons, d.consents, d.rows)
        for d in batch.drafts
    ]
    return batch.rows, drafts, batch.marks, batch.index_key, batch.notes


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """The processes that were begun, in their order."""
    found: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def begin(*args: Any, **more: Any) -> "subprocess.Popen[bytes]":
        found.append(popen(*args, **more))
        return found[-1]

    monkeypatch.setattr(apart, "subprocess", SimpleNamespace(**{**vars(subprocess), "Popen": begin}))
    return found


@pytest.mark.parametrize("kind", ["csv", "utf-16", "sealed", "xlsx"])
@pytest.mark.parametrize("skip", [0, 7])
def test_it_reads_what_would_have_been_read_here(kind: str, skip: int, now: datetime, tmp_path: Path) -> None:
    path: Path | SealedList = tmp_path / "list"
    assert isinstance(path, Path)
    if kind == "xlsx":
        book = Workbook()
        for row in [HEADER, *ROWS, *ROWS]:
            book.active.append(row)
        book.save(path)
    elif kind == "sealed":
        intake = KeyRing({3: bytes(range(32))}, 3)
        with SealingFile(path, public_key=public_half(intake.current_key), key_id=3) as file:
            file.write(csv_of(12_000).encode())
        path = SealedList(path, intake)
    else:
        path.write_text(csv_of(12_000), encoding="utf-8" if kind == "csv" else kind)
    wanted = asked(path, now, skip)
    with closing(read_apart(wanted)) as batches:
        there = list(batches)
    here = read_here(wanted)
    assert list(map(content, there)) == list(map(content, here))
    assert sum(batch.rows for batch in here) == (10 if kind == "xlsx" else 12_002) - skip
    if not skip:
        assert any(draft.facts for draft in here[0].drafts) and any(draft.reasons for draft in here[0].drafts)
        said = [note.reason for note in here[0].notes]
        assert "Not understood, and left out: country, height." in said and ("are one row" in "".join(said)) == (kind != "xlsx")
    first, second = there[0].drafts[0], there[0].drafts[1]
    first.join(second)
    assert first.rows == 2 and there[0].again().drafts[0].rows == 1, "read again, for a batch that has to be repeated"


def test_what_can_not_be_read_is_refused_as_it_would_be_here(now: datetime, tmp_path: Path) -> None:
    intake = KeyRing({3: bytes(range(32))}, 3)
    with SealingFile(tmp_path / "list", public_key=public_half(intake.current_key), key_id=3) as file:
        file.write(csv_of(12_000).encode())
    wanted = asked(SealedList(tmp_path / "list", intake), now)
    whole = (tmp_path / "list").read_bytes()
    (tmp_path / "list").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refused) as refused, closing(read_apart(wanted)) as batches:
        list(batches)
    assert refused.value.problems[0].code == "list-sealed"
    with pytest.raises(Refused) as refused, closing(read_apart(wanted._replace(path=tmp_path / "gone"))) as batches:
        list(batches)
    assert refused.value.problems[0].message == "Reading the list failed: FileNotFoundError."


def test_nothing_of_it_lives_on_and_its_keys_are_in_no_argument(
    now: datetime, tmp_path: Path, started: list["subprocess.Popen[bytes]"]
) -> None:
    (tmp_path / "list").write_text(csv_of(60_000))
    with closing(read_apart(asked(tmp_path / "list", now))) as batches:
        next(batches)
        told = Path(f"/proc/{started[0].pid}/cmdline").read_bytes() + Path(f"/proc/{started[0].pid}/environ").read_bytes()
    assert RING.current_key not in told and str(tmp_path).encode() not in told
    assert started[0].returncode == -signal.SIGKILL


@pytest.mark.django_db
def test_one_that_dies_leaves_what_was_taken_and_the_rest_goes_on(
    now: datetime, tmp_path: Path, started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"person{n}@example.org,Ada,Given{n}" for n in range(40_000)]
    (tmp_path / "list").write_text("\n".join(["Email,First name,Last name", *lines]) + "\n")
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    words: dict[str, Any] = {"organisation": "Us", "wording": "Write to me", "source": "fair", "now": now}

    def kill_it(_: int) -> None:
        for child in started:
            child.kill()

    with pytest.raises(Refused) as refused:
        run.import_list(tmp_path / "list", **words, seen=kill_it)
    assert "goes on where it was" in refused.value.problems[0].mend
    taken = ImportRun.objects.get().rows_done
    assert taken == Person.objects.count() < 40_000
    report = run.import_list(tmp_path / "list", **words)
    assert (report.rows, report.new, Person.objects.count()) == (40_000, 40_000, 40_000)
    assert len(started) == 2 and started[1].returncode is not None
