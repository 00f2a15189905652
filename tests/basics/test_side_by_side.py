"""Two threads, one batch apart: everything arrives once and in order, and an error on either side ends both."""

import contextvars
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from groundswell.basics.side_by_side import fed, one_ahead


def test_what_is_fed_arrives_once_in_order_and_another_thread_uses_it() -> None:
    made_in, used_in = set(), set()

    def source() -> Iterator[int]:
        for number in range(500):
            made_in.add(threading.get_ident())
            yield number

    def use(items: Iterator[int]) -> list[int]:
        used_in.add(threading.get_ident())
        return list(items)

    assert fed(source(), use) == list(range(500))
    assert made_in == {threading.get_ident()} and used_in and not used_in & made_in


def test_nothing_is_fed_and_still_used() -> None:
    assert fed([], lambda items: ("ended", list(items))) == ("ended", [])


def test_what_the_user_raises_is_raised_here_and_ends_the_source() -> None:
    made = []

    def source() -> Iterator[int]:
        for number in range(1_000_000):
            made.append(number)
            yield number

    def use(items: Iterator[int]) -> None:
        raise OSError(28, f"no room after {next(items)}")

    with pytest.raises(OSError, match="no room after 0"):
        fed(source(), use)
    assert len(made) < 5


def test_a_user_who_has_enough_ends_the_source() -> None:
    made = []

    def source() -> Iterator[int]:
        for number in range(1_000_000):
            made.append(number)
            yield number

    assert fed(source(), lambda items: [next(items), next(items)]) == [0, 1]
    assert len(made) < 6


def test_what_the_source_raises_reaches_the_user_and_is_raised_here() -> None:
    seen: list[object] = []

    def source() -> Iterator[int]:
        yield 1
        raise ValueError("the database is gone")

    def use(items: Iterator[int]) -> None:
        try:
            seen.extend(items)
        except ValueError as error:
            seen.append(str(error))
            raise

    with pytest.raises(ValueError, match="the database is gone"):
        fed(source(), use)
    assert seen == [1, "the database is gone"]
    assert not [thread for thread in threading.enumerate() if thread.name == "fed"]


def test_what_is_told_to_this_thread_is_known_to_the_other() -> None:
    language = contextvars.ContextVar("language", default="en")
    language.set("ar")
    assert fed([1], lambda items: (language.get(), list(items))) == ("ar", [1])


def test_one_ahead_gives_all_and_raises_where_the_error_was() -> None:
    def source() -> Iterator[int]:
        yield from range(3)
        raise ValueError("line 4")

    seen = []
    with pytest.raises(ValueError, match="line 4"), closing(one_ahead(source())) as items:
        for item in items:
            seen.append(item)
    assert seen == [0, 1, 2]


def test_one_ahead_ends_its_thread_when_it_is_closed() -> None:
    items = one_ahead(iter(range(1_000_000)))
    assert next(items) == 0
    items.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "one ahead"]
