"""Files that name people: no cell is a formula, nobody else may read them, and no link says where they go."""

import stat
from datetime import datetime
from pathlib import Path

import pytest

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import exporting
from groundswell.people import operations as people
from tests.people.test_people import address

pytestmark = pytest.mark.django_db


def wrote(path: Path, now: datetime) -> int:
    ada = people.enrol(email=address("ada@example.org"), given_name="Ada", now=now).person
    return exporting.export(persons=[PersonRef(ada)], columns=["given_name"], path=path, staff_id=None, why="x", now=now)


@pytest.mark.parametrize(
    "cell",
    [
        *(f"{mark}1+1" for mark in "=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\ufe66\ufe62\ufe63\ufe6b\u207c\u208a\ufb29\u2212"),
        *(
            f"{blank}=1+1"
            for blank in (
                "\u2003", "\u2009", "\u202f", "\u2028", "\u2029", "\u200e", "\u200f", "\u202e", "\u2060", "\u00ad", "\u3000",
                "\u00a0", "\u200b", "\ufeff", "\x0b", "\x0c", "\x85", "\x00", "\x1f", "\x7f", "\u1680", "\u205f", "\u2066",
            )
        ),
        "\ufeff \u2003\u200e\uff1d1", "\tAda", "\rAda", " \nAda",
    ],
)  # fmt: skip
def test_no_blank_and_no_width_hides_a_formula(cell: str) -> None:
    assert exporting.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "Ada",
        " Ada",
        "Żaneta = 1",
        "ﺃحمد",
        "３４",
        "(=1)",
        "\u2003Ada",
        "\u200f\u05d0\u05d3\u05d4",
        "'=1",
        "ada@example.org",
        "…",
    ],
)
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert exporting.harmless(cell) == cell


def test_a_file_that_anybody_could_read_is_the_callers_alone_afterwards(home: Path, now: datetime) -> None:
    path = home / "out.csv"
    path.write_text("a longer text than what is written now\n" * 9)
    path.chmod(0o644)
    assert wrote(path, now) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.read_text(encoding="utf-8-sig").split() == ["given_name", "Ada"]


def test_a_link_is_not_followed(home: Path, now: datetime) -> None:
    elsewhere, path = home / "elsewhere", home / "out.csv"
    elsewhere.write_text("not ours")
    path.symlink_to(elsewhere)
    with pytest.raises(Refused, match="is a link"):
        wrote(path, now)
    assert elsewhere.read_text() == "not ours"
    path.unlink()
    path.symlink_to(home / "nowhere")
    with pytest.raises(Refused, match="is a link"):
        wrote(path, now)
    assert not (home / "nowhere").exists()


def test_a_device_keeps_its_mode(now: datetime) -> None:
    before = Path("/dev/null").stat().st_mode
    assert wrote(Path("/dev/null"), now) == 1 and Path("/dev/null").stat().st_mode == before
