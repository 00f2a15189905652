"""Ten thousand files that are no lists, or broken ones: each ends with an answer, and nothing of it is lost or told."""

import random
from itertools import islice
from pathlib import Path

import pytest

from groundswell.basics.result import Problem, Refused
from groundswell.people.sheets import mapping
from groundswell.people.sheets.reading import look, sheet
from groundswell.people.sheets.rows import Reader

FILES = 10_000
_PIECES = (
    "email", "e-mail", "name", "first name", "status", ",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\r", "\x00", "ada@example.org",
    "b@example.org", "Ada", "O'Neill", "=cmd|' /C calc'!A0", "@", "@@", "\ufeff", "sep=;", "unsubscribed", "é", "日本", "ﷺ", "\ud83d",
    "x" * 300, " ", "\x1a", "\x85", "\u2028", "\\", "password", "tags", '"a","b"', "1e9", "NULL", "-", "\x1b[2J", "created_at",
    "2021-02-30", "0000-00-00T99:99", "country", "GB", "Deutschland", "phone", "+44 20 7946 0958", "++", "(0)", "language", "en_GB",
)  # fmt: skip


def made(dice: random.Random) -> bytes:
    """A file: pieces of lists in any order, in any encoding, sometimes with bytes that no encoding has."""
    text = "".join(dice.choices(_PIECES, k=dice.randint(0, 60)))
    if dice.random() < 0.7:
        text = "email,name,status\n" + text
    encoding = dice.choice(("utf-8", "utf-16", "utf-16-le", "latin-1", "cp1252"))
    content = text.encode(encoding, errors=dice.choice(("replace", "ignore")) if encoding != "utf-8" else "surrogatepass")
    for _ in range(dice.randint(0, 3) if content and dice.random() < 0.4 else 0):
        at = dice.randrange(len(content))
        content = content[:at] + bytes([dice.randrange(256)]) + content[at + dice.randint(0, 2) :]
    return content


@pytest.mark.faults
def test_any_file_gets_an_answer(tmp_path: Path, now) -> None:  # type: ignore[no-untyped-def]
    dice = random.Random(2026)
    path = tmp_path / "list"
    refused = rows = drafts = faults = 0
    for number in range(FILES):
        content = made(dice)
        path.write_bytes(content)
        try:
            looked = look(path)
            opened = sheet(path, looked, mapping.known)
            reader = Reader(mapping.plan(opened.header), now=now)
        except Refused as refusal:
            refused += 1
            assert "example.org" not in str(refusal) or "map" in refusal.problems[0].code, number
            continue
        last = 1
        for row in opened.rows:
            rows += 1
            assert row.line > 0 and row.line >= last, (number, content)
            last = row.line
            found = Problem("row", row.fault) if row.fault else reader.understand(row.line, row.cells)
            if isinstance(found, Problem):
                faults += 1
                assert "@example" not in found.message
            else:
                drafts += 1
                assert "@" not in repr(found)
                values = [*found.sealed.values(), *found.clear.values(), *found.tags, found.email.shown]
                assert not any("\x00" in value or "\n" in value for value in values), (number, values)
    assert refused > 1000 and rows > 10_000 and drafts > 100 and faults > 1000


def test_a_file_of_any_size_is_read_in_little_memory(tmp_path: Path) -> None:
    """Five gigabytes: a sparse file of NUL bytes behind a few rows, one line without end. Read as a stream, or not at all."""
    import tracemalloc

    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"email,name\nada@example.org,Ada\n")
        file.truncate(5 * 1024**3)
    tracemalloc.start()
    try:
        from groundswell.people.sheets.reading import Looked

        # The rows themselves; `look` reads all five gigabytes too, which takes longer than a test should.
        opened = sheet(path, Looked("", "utf-8-sig", 2, False), mapping.known)
        first = next(opened.rows)
        assert first.cells == ["ada@example.org", "Ada"]
        peak = tracemalloc.get_traced_memory()[1]
        assert peak < 50 * 1024**2
    finally:
        tracemalloc.stop()


def test_a_line_without_end_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"email,name\nada@example.org,Ada\n")
        for _ in range(64):
            file.write(b"x" * 1024**2)
        file.write(b"\nb@example.org,Bob\n")
    tracemalloc.start()
    try:
        looked = look(path)
        found = list(sheet(path, looked, mapping.known).rows)
        assert tracemalloc.get_traced_memory()[1] < 50 * 1024**2
    finally:
        tracemalloc.stop()
    assert looked.lines == 4
    assert [row.line for row in found if not row.fault] == [2, 4] and [row.line for row in found if row.fault] == [3]


@pytest.mark.parametrize("ends", ["", 'x,"x"\n', 'x"\n'])
def test_a_quotation_that_is_opened_above_many_rows_is_read_in_little_memory(ends: str, tmp_path: Path) -> None:
    """Whether it is never closed, or at the very end; and a run that was killed goes on at the row where it was."""
    import tracemalloc

    path = tmp_path / "open.csv"
    with path.open("w") as file:
        file.write('email,name\na@example.org,"Ada\n')
        file.writelines(f"p{number}@example.org,Bob\n" for number in range(300_000))
        file.write(ends)
    looked = look(path)
    lines = {True: 0, False: 0}
    tracemalloc.start()
    try:
        for row in sheet(path, looked, mapping.known).rows:
            lines[bool(row.fault)] += 1
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024**2
    finally:
        tracemalloc.stop()
    if ends == 'x"\n':
        assert lines == {True: 1, False: 0}, "it is closed: all of that is within one cell, and nobody's row"
        return
    assert lines == {True: 1, False: 300_000 + bool(ends)}
    for skip in (1, 5_000, 12_345):
        whole, rest = (list(islice(sheet(path, looked, mapping.known).rows, start, skip + 3)) for start in (0, skip))
        assert whole[skip:] == rest
