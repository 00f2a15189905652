"""Several doors write at the same time; what they took is applied once, in order, and accounted for file by file."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import OperationalError
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from groundswell.intake.journal import Entry
from groundswell.intake.models import Applied, Segment
from groundswell.intake.operations import apply_journals, reopen
from tests.intake.doors import MORNING, PRIVATE, OneDoor, written
from tests.intake.test_merging import FILES, by_hand

pytestmark = pytest.mark.django_db


class Recording:
    """Remembers what it applied. Refuses what is called "bad", as a whole batch and alone."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def __call__(self, entries: Sequence[Entry]) -> list[str]:
        said = [entry.content["what"] for entry in entries]
        if "bad" in said:
            raise ValueError("bad")
        self.seen += [what for what in said if what != "begun"]
        return ["done"] * len(entries)


def look(folder: Path, apply: Callable[[Sequence[Entry]], Sequence[str]], **how: Any) -> int:
    return apply_journals(folder=folder, private_keys={1: PRIVATE}, apply=apply, now=MORNING, **how)


def segment(door: OneDoor) -> Segment:
    return Segment.objects.get(name=door.name)


@pytest.mark.parametrize(("signs", "withdraws"), [(1, 2), (2, 1)])
def test_who_signs_by_one_door_and_withdraws_by_another_has_withdrawn(home: Path, signs: int, withdraws: int) -> None:
    doors = {begun: OneDoor(home, begun) for begun in (1, 2)}
    doors[signs].takes("sign", 10)
    doors[withdraws].takes("withdraw", 12)
    applying = Recording()
    assert look(home, applying) == 4 and look(home, applying) == 0
    assert applying.seen == ["sign", "withdraw"]
    assert [segment(door).offset for door in doors.values()] == [door.path.stat().st_size for door in doors.values()]


def test_what_is_written_during_a_look_waits_for_the_next_in_every_file(home: Path) -> None:
    early, late = OneDoor(home, 1), OneDoor(home, 2, since=50)
    early.takes("first", 10)
    applying = Recording()

    def meanwhile() -> bool:
        if Applied.objects.count() == 1:  # the early file is open, the late one is not
            early.takes("sign", 60)
            late.takes("withdraw", 62)
        return True

    assert look(home, applying, batch=1, go_on=meanwhile) == 3
    assert applying.seen == ["first"]
    assert look(home, applying) == 2
    assert applying.seen == ["first", "sign", "withdraw"]


def test_each_file_that_is_ended_and_applied_is_known_to_be(home: Path) -> None:
    doors = [OneDoor(home, begun) for begun in (1, 2, 3)]
    for at, door in enumerate(doors):
        door.takes(at, at)
    doors[0].close()
    doors[2].close()
    assert look(home, Recording()) == 6
    assert [segment(door).applied_at for door in doors] == [MORNING, None, MORNING]
    doors[1].close()
    assert look(home, Recording()) == 0
    assert segment(doors[1]).applied_at == MORNING


def test_a_damaged_file_is_applied_to_its_damage_and_holds_up_nobody(home: Path) -> None:
    doors = [OneDoor(home, begun) for begun in (1, 2)]
    doors[0].takes("a", 1)
    broken = doors[0].path.stat().st_size
    doors[0].takes("lost", 3)
    doors[0].takes("c", 5)
    doors[1].takes("b", 2)
    doors[1].takes("d", 6)
    for door in doors:
        door.close()
    content = bytearray(doors[0].path.read_bytes())
    content[broken + 40] ^= 1
    doors[0].path.write_bytes(content)
    applying = Recording()
    assert look(home, applying, batch=2) == 5
    assert applying.seen == ["a", "b", "d"]
    assert f"damaged at byte {broken}" in segment(doors[0]).damage and segment(doors[0]).applied_at is None
    assert segment(doors[0]).offset == broken
    assert segment(doors[1]).applied_at == MORNING and not segment(doors[1]).damage
    assert look(home, applying) == 0
    reopen(folder=home)
    assert look(home, applying, past_damage=True) == 6 and applying.seen == ["a", "b", "d", "c"]
    assert segment(doors[0]).applied_at == MORNING and not segment(doors[0]).damage


def test_what_fails_is_counted_for_its_own_file(home: Path) -> None:
    doors = [OneDoor(home, begun) for begun in (1, 2, 3)]
    doors[0].takes("a", 1)
    doors[1].takes("bad", 2)
    doors[2].takes("bad", 3)
    doors[1].takes("bad", 4)
    doors[0].takes("b", 5)
    applying = Recording()
    assert look(home, applying) == 8
    assert [segment(door).failed for door in doors] == [0, 2, 1]
    assert applying.seen == ["a", "b"]
    assert Applied.objects.filter(outcome="failed: ValueError").count() == 3


def test_the_same_entry_in_two_files_is_applied_once(home: Path) -> None:
    doors = [OneDoor(home, begun) for begun in (1, 2)]
    twice = doors[0].takes("pressed", 1)
    doors[1].writer.append(twice)
    applying = Recording()
    assert look(home, applying) == 4 and applying.seen == ["pressed"]
    reopen(folder=home)
    assert look(home, applying, batch=1) == 4 and applying.seen == ["pressed"]


@pytest.mark.parametrize("batch", [1, 2, 3, 5])
@pytest.mark.parametrize("stop", [1, 2, 3])
def test_after_a_fault_between_batches_it_goes_on_where_it_was(home: Path, batch: int, stop: int) -> None:
    written(home, [[1, 4, 5, 8], [2, 3, 6, 7]])
    applying = Recording()
    batches = 0

    def fault() -> bool:
        nonlocal batches
        batches += 1
        if batches == stop:
            raise KeyboardInterrupt
        return True

    try:
        done = look(home, applying, batch=batch, go_on=fault)
    except KeyboardInterrupt:
        done = batch * stop
    assert Applied.objects.count() == min(done, 10)
    look(home, applying, batch=batch)
    assert applying.seen == [[1, 0], [2, 0], [2, 1], [1, 1], [1, 2], [2, 2], [2, 3], [1, 3]]
    assert Segment.objects.filter(applied_at=MORNING).count() == 2


def test_a_caller_ends_it_between_two_batches_and_the_next_look_goes_on(home: Path) -> None:
    written(home, [[1, 4], [2, 3]])
    applying = Recording()
    assert look(home, applying, batch=2, go_on=lambda: False) == 2
    assert Applied.objects.count() == 2 and applying.seen == []
    assert look(home, applying, batch=2) == 4 and applying.seen == [[1, 0], [2, 0], [2, 1], [1, 1]]


def test_a_batch_that_the_database_refuses_moves_no_file(home: Path) -> None:
    written(home, [[1, 3], [2, 4]])
    applying = Recording()
    refused = 0

    def away(entries: Sequence[Entry]) -> list[str]:
        nonlocal refused
        if entries[0].content["what"] == [1, 0]:
            refused += 1
            raise OperationalError("away")
        return applying(entries)

    with pytest.raises(OperationalError):
        look(home, away, batch=2)
    assert refused == 1 and Applied.objects.count() == 2
    before = list(Segment.objects.order_by("name").values_list("offset", flat=True))
    assert len(set(before)) == 1, "each stands behind its first entry"
    assert look(home, applying, batch=3) == 4
    assert applying.seen == [[1, 0], [2, 0], [1, 1], [2, 1]]


def test_where_another_applier_was_meanwhile_the_look_ends(home: Path) -> None:
    doors = [OneDoor(home, begun) for begun in (1, 2)]
    doors[0].takes("a", 1)
    doors[1].takes("b", 2)
    doors[0].takes("c", 3)
    applying, other = Recording(), Recording()
    looks: list[int] = []

    def meanwhile() -> bool:
        looks.append(look(home, other))
        return True

    assert look(home, applying, batch=2, go_on=meanwhile) == 2
    assert looks == [3] and other.seen == ["a", "b", "c"] and applying.seen == []
    assert Applied.objects.count() == 5 and look(home, applying) == 0


@trying(max_examples=25)
@given(FILES, st.integers(1, 12))
def test_any_batch_gives_the_same_end(files: list[list[float | None]], batch: int) -> None:
    Applied.objects.all().delete()
    Segment.objects.all().delete()
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), files)
        applying = Recording()
        assert look(Path(folder), applying, batch=batch) == sum(len(moments) + 1 for moments in files)
        assert applying.seen == by_hand(files)
        ends = {path.name: path.stat().st_size for path in paths}
        assert dict(Segment.objects.exclude(applied_at=None).values_list("name", "offset")) == ends


def test_looking_at_what_is_applied_costs_no_more_for_many_doors(home: Path, django_assert_max_num_queries: Any) -> None:
    for begun in range(1, 9):
        OneDoor(home, begun)
    assert look(home, Recording()) == 8
    with django_assert_max_num_queries(8):
        assert look(home, Recording()) == 0
