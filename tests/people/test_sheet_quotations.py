"""What stands within quotation marks is one cell; a mark that nobody closed swallows nobody; and nothing goes without a word."""

import csv
import io
import random
from dataclasses import replace
from pathlib import Path

import pytest

from groundswell.basics.boxes import public_half
from groundswell.basics.keyring import KeyRing
from groundswell.people.sheets import mapping
from groundswell.people.sheets.cells import Row
from groundswell.people.sheets.reading import look, sheet
from groundswell.people.sheets.sealed import SealedList, SealingFile

INJECTED = 'a@example.org,Ann,"please write to\nvictim@example.org,Victim,x\nthanks"\n'


def rows(path: Path | SealedList) -> tuple[tuple[str, ...], list[Row]]:
    opened = sheet(path, look(path), mapping.known)
    return opened.header, list(opened.rows)


def read(home: Path, text: str, encoding: str = "utf-8") -> list[Row]:
    (home / "list.csv").write_bytes(text.encode(encoding))
    return rows(home / "list.csv")[1]


def people(found: list[Row]) -> list[str]:
    return [row.cells[0] for row in found if not row.fault]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nobody_comes_in_through_the_text_of_another(encoding: str, end: str, tmp_path: Path) -> None:
    text = "email,first name,comment\n" + INJECTED + "b@example.org,Zoë,ok\n"
    found = read(tmp_path, text.replace("\n", end), encoding)
    assert people(found) == ["a@example.org", "b@example.org"] and [row.line for row in found] == [2, 5]
    assert found[0].cells[2].split() == ["please", "write", "to", "victim@example.org,Victim,x", "thanks"]
    assert found[0].advice == "Lines 2 to 4 are one row: quotation marks are around them."


def test_a_table_that_is_written_well_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whatever its cells hold: marks, delimiters, ends of lines, addresses."""
    dice = random.Random(7)
    pieces = ('"', '""', ",", ";", "\n", "\r\n", "@", "victim@example.org,V", " ", "x", "Ada", '"\n"', ',"', '",', "é")
    for number in range(1500):
        mark = dice.choice(",;\t|")
        written = [
            [f"p{at}@example.org", *("".join(dice.choices(pieces, k=dice.randint(0, 8))) for _ in range(2))]
            for at in range(dice.randint(1, 6))
        ]
        file = io.StringIO()
        csv.writer(file, delimiter=mark, lineterminator=dice.choice(("\n", "\r\n"))).writerows([["email", "name", "x"], *written])
        found = read(tmp_path, file.getvalue())
        assert [list(row.cells) for row in found] == written, number
        assert not any(row.fault for row in found)


def test_a_mark_that_opens_and_is_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    found = read(tmp_path, 'email,name\na@example.org,"Ada\nb@example.org,Bob\nc@example.org,Cem\n')
    assert people(found) == ["b@example.org", "c@example.org"] and [row.line for row in found if row.fault] == [2]
    # The next mark opens a cell of its own, which may run over lines itself: nothing within it is anybody.
    found = read(tmp_path, f'email,name,x\na@example.org,"Ada,\nb@example.org,Bob,\nz@example.org,"Zed, Jr",\n{INJECTED}')
    assert people(found) == ["b@example.org", "z@example.org", "a@example.org"] and [row.line for row in found] == [2, 3, 4, 5]
    found = read(
        tmp_path, f'email,name,x\na@example.org,"Ada,\nb@example.org,Bob,\n{INJECTED.replace("Ann", chr(34) + "Ann" + chr(34))}'
    )
    assert people(found) == ["b@example.org", "a@example.org"]
    found = read(tmp_path, 'email,name\na@example.org,"Ada\nb@example.org,"Bob\nc@example.org,Cem\n')
    assert people(found) == ["c@example.org"] and [row.line for row in found if row.fault] == [2, 3]


def test_where_it_may_be_either_its_lines_are_left_out(tmp_path: Path) -> None:
    """Marks that are not doubled: where the cell ends is anybody's guess, so nobody in it is taken."""
    text = 'email,name,x\na@example.org,Ann,"please\nvictim@example.org,Victim,x\nthe "boss" says"\nb@example.org,Bob,\n'
    found = read(tmp_path, text)
    assert people(found) == ["b@example.org"]
    assert found[0].fault == "A quotation mark within a cell is not doubled; lines 2 to 4 are left out."
    found = read(tmp_path, 'email,name\na@example.org,"Ada "The Great" Byron"\nb@example.org,5" nail\nc@example.org,"5" nail\n')
    assert people(found) == ["a@example.org", "b@example.org", "c@example.org"]
    found = read(tmp_path, 'email,name\na@example.org,"one\ntwo",x,y\nb@example.org,Bob\n')
    assert people(found) == ["b@example.org"] and "4 cells" in found[0].fault and "Lines 2 to 3" in found[0].fault


@pytest.mark.parametrize("lines", [40, 4000])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_cell_that_is_far_too_long_is_left_out_whole(lines: int, sealed: bool, tmp_path: Path) -> None:
    """However many lines of it look like rows; and one that is only opened, before as many true rows, costs its own line."""
    rest = "".join(f"p{n}@example.org,{'N' * (400_000 // lines)},é\n" for n in range(lines))
    closed = f'email,name,x\na@example.org,Ann,"please\n{rest}thanks"\nb@example.org,Bob,\n'
    opened = f'email,name,x\na@example.org,Ann,"please\n{rest}b@example.org,Bob,\n{INJECTED}'
    never = f'email,name,x\na@example.org,Ann,"please\n{rest}b@example.org,Bob,\n'

    def found(text: str) -> list[Row]:
        if not sealed:
            return read(tmp_path, text)
        intake = KeyRing({3: bytes(range(32))}, 3)
        (tmp_path / "sealed").unlink(missing_ok=True)
        with SealingFile(tmp_path / "sealed", public_key=public_half(intake.current_key), key_id=3) as file:
            file.write(text.encode())
        return rows(SealedList(tmp_path / "sealed", intake))[1]

    whole = found(closed)
    assert people(whole) == ["b@example.org"]
    assert whole[0].fault == f"A cell is longer than a list's cell can be; lines 2 to {lines + 3} are left out."
    assert whole[1].line == lines + 4
    for text, last in ((never, []), (opened, ["a@example.org"])):
        taken = found(text)
        assert people(taken) == [*(f"p{n}@example.org" for n in range(lines)), "b@example.org", *last]
        assert [row.line for row in taken] == list(range(2, lines + 4 + len(last))) and taken[0].fault


def test_the_names_of_the_columns_may_run_over_lines(tmp_path: Path) -> None:
    for mark in ",;\t":
        text = (
            mark.join(("email", '"Do you\nagree? Say ""yes"""', "phone")) + "\n" + mark.join(("a@example.org", "yes", "1")) + "\n"
        )
        (tmp_path / "list.csv").write_text(text)
        header, found = rows(tmp_path / "list.csv")
        assert header == ("email", 'Do you\nagree? Say "yes"', "phone")
        assert found == [Row(3, ["a@example.org", "yes", "1"])]
    (tmp_path / "list.csv").write_text('\nsep=;\n"Do you\nagree?";email\nyes;a@example.org\n')
    assert rows(tmp_path / "list.csv") == (("Do you\nagree?", "email"), [Row(5, ["yes", "a@example.org"])])
    (tmp_path / "list.csv").write_text('email,"name\na@example.org,Ada\n' + "b@example.org,Bob\n" * 200)
    header, found = rows(tmp_path / "list.csv")
    assert header[0] == "email" and len(found) == 201, "a mark that is never closed there costs nobody either"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_found_again_in_any_encoding(encoding: str, end: str, tmp_path: Path) -> None:
    """A quotation was looked for to the end of the file: reading goes on where it was, to the sign."""
    names = [f"p{number}é" for number in range(20_000)]
    text = 'email,"Sagen Sie\nja, Zoë?",x\na@example.org,"é,\n' + "".join(f"{name}@example.org,{name},x\n" for name in names)
    (tmp_path / "list.csv").write_bytes(text.replace("\n", end).encode(encoding))
    header, found = rows(tmp_path / "list.csv")
    assert header == ("email", f"Sagen Sie{end}ja, Zoë?", "x")
    assert found[0].fault and [row.cells[1] for row in found[1:]] == names
    assert [row.line for row in found] == list(range(3, len(names) + 4))


def test_signs_that_no_encoding_has_do_not_lose_the_place(tmp_path: Path) -> None:
    line = b"p@example.org,N\xc3\xff\x81\xe2\x82,x\n"
    (tmp_path / "list.csv").write_bytes(b'email,name,x\na@example.org,"A\xe2\x82,\n' + line * 20_000)
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        looked = look(tmp_path / "list.csv")
        found = list(sheet(tmp_path / "list.csv", replace(looked, encoding=encoding), mapping.known).rows)
        assert [row.line for row in found] == list(range(2, 20_003)) and len({tuple(row.cells) for row in found[1:]}) == 1
