"""Whatever door somebody came by, what they did is seen in the order in which they did it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.intake import merging
from groundswell.intake.journal import Entry
from groundswell.intake.journal import read as really_read
from groundswell.intake.merging import merged
from tests.intake.doors import OneDoor, moment, waiting, written

FILES = st.lists(st.lists(st.none() | st.integers(-20, 20).map(lambda n: n / 4), max_size=8), max_size=5)
"""Few moments, so that many are the same; some entries without one."""


def told(paths: list[Path]) -> list[Any]:
    return [entry.content["what"] for _, _, entry in merged(waiting(paths)) if entry.content["what"] != "begun"]


def by_hand(files: list[list[float | None]]) -> list[list[int]]:
    """A stable sort by the latest moment that the file had seen."""
    keyed: list[tuple[float, list[int]]] = []
    for number, moments in enumerate(files, 1):
        latest = -3600.0
        for place, at in enumerate(moments):
            latest = latest if at is None else max(latest, at)
            keyed.append((latest, [number, place]))
    return [what for _, what in sorted(keyed, key=lambda pair: pair[0])]


@given(FILES)
def test_the_order_is_a_stable_sort_by_the_latest_moment_seen(files: list[list[float | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert told(written(Path(folder), files)) == by_hand(files)


@given(FILES, st.integers(0, 40))
def test_going_on_in_the_middle_gives_the_rest(files: list[list[float | None]], stop: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), files)
        whole = [(journal.path, end) for journal, end, _ in merged(waiting(paths))]
        rest = waiting(paths)
        for path, end in whole[:stop]:
            rest[paths.index(path)].offset = end
        assert [(journal.path, end) for journal, end, _ in merged(rest)] == whole[stop:]


def test_a_clock_that_jumps_back_changes_no_order_inside_a_file(home: Path) -> None:
    paths = written(home, [[10, 20, 5, 21], [12, 20.5]])
    assert told(paths) == [[1, 0], [2, 0], [1, 1], [1, 2], [2, 1], [1, 3]]


def test_an_entry_without_a_moment_stays_with_the_one_in_front_of_it(home: Path) -> None:
    assert told(written(home, [[None, 10, None, 30], [9, 11, None]])) == [[1, 0], [2, 0], [1, 1], [1, 2], [2, 1], [2, 2], [1, 3]]


@pytest.mark.parametrize("at", [None, 7, [], {}, "", "yesterday", "\U0010ffff\U0010ffff"])
def test_a_moment_that_is_none_loses_nothing(home: Path, at: Any) -> None:
    first, second = OneDoor(home, 1), OneDoor(home, 2)
    second.takes("before", 1)
    odd = first.takes("odd")
    first.writer.append(Entry(odd.id, {"what": "odd too", "at": at}))
    first.takes("behind", 2)
    second.takes("after", 3)
    said = told([first.path, second.path])
    assert sorted(said) == ["after", "before", "behind", "odd", "odd too"]
    assert [word for word in said if word in ("odd", "odd too", "behind")] == ["odd", "odd too", "behind"]


def test_an_entry_that_is_no_form_is_passed_on_like_any_other(home: Path) -> None:
    door = OneDoor(home)
    door.writer.append(Entry(door.takes("x").id, ["not a form"]))  # type: ignore[arg-type]
    assert [entry.content for _, _, entry in merged(waiting([door.path]))][-1] == ["not a form"]


def test_whole_seconds_and_parts_of_them_are_in_order() -> None:
    seconds = [0, 0.000001, 0.5, 0.999999, 1, 59, 59.9, 60]
    assert sorted(moment(each) for each in reversed(seconds)) == [moment(each) for each in seconds]


def test_nothing_is_given_that_was_written_after_the_look(home: Path) -> None:
    doors = [OneDoor(home, 1), OneDoor(home, 2)]
    doors[1].takes("seen", 1)
    seen = waiting([door.path for door in doors])
    doors[1].takes("not seen", 2)
    assert [entry.content["what"] for _, _, entry in merged(seen)] == ["begun", "begun", "seen"]
    assert all(journal.is_read and not journal.damage for journal in seen)


def test_damage_ends_its_own_file_only(home: Path) -> None:
    paths = written(home, [[10, 20, 30], [11, 21, 31]])
    ends = [end for end, _ in really_read(paths[0], private_keys=waiting(paths)[0].private_keys)]
    content = bytearray(paths[0].read_bytes())
    content[ends[1] + 30] ^= 1
    paths[0].write_bytes(content)
    journals = waiting(paths)
    assert [entry.content["what"] for _, _, entry in merged(journals)][2:] == [[1, 0], [2, 0], [2, 1], [2, 2]]
    assert f"damaged at byte {ends[1]}" in journals[0].damage and not journals[1].damage
    for journal in journals:
        journal.past_damage, journal.damage = True, ""
    assert [entry.content["what"] for _, _, entry in merged(journals)][2:] == [[1, 0], [2, 0], [2, 1], [1, 2], [2, 2]]


def test_a_journal_without_its_key_holds_nobody_up(home: Path) -> None:
    journals = waiting(written(home, [[10], [11]]))
    journals[0].private_keys = {}
    assert [entry.content["what"] for _, _, entry in merged(journals)] == ["begun", [2, 0]]
    assert "no journal" in journals[0].damage and journals[0].is_read


@pytest.mark.parametrize("doors", [1, 3])
def test_of_a_long_backlog_few_files_are_in_memory(home: Path, monkeypatch: pytest.MonkeyPatch, doors: int) -> None:
    paths = long_backlog(home, doors)
    held: set[Path] = set()
    most = 0

    def counted(path: Path, **how: Any) -> Iterator[tuple[int, Entry]]:
        nonlocal most
        held.add(path)
        most = max(most, len(held))
        try:
            yield from really_read(path, **how)
        finally:
            held.discard(path)

    monkeypatch.setattr(merging, "read", counted)
    assert len(list(merged(waiting(paths)))) == len(paths) * 5 == doors * 100
    assert held == set() and doors <= most <= doors + 1


def long_backlog(home: Path, doors: int) -> list[Path]:
    """Twenty files of each door, one after the other; of two that follow, the moments touch."""
    begun = [OneDoor(home, number, since=(number // doors) * 50 + number % doors) for number in range(20 * doors)]
    for number, door in enumerate(begun):
        for place in range(1, 5):
            door.takes("x", (number // doors) * 50 + place * 12 + number % doors)
        door.close()
    return [door.path for door in begun]
