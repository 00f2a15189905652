"""Who sends a byte a minute gets an end, and a server that stops is not held up by it."""

import asyncio

import pytest

from groundswell.pages.door import patience
from groundswell.pages.door.patience import Patience


async def never() -> bytes:
    await asyncio.Event().wait()
    return b""


async def soon(after: float) -> bytes:
    await asyncio.sleep(after)
    return b"a form"


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_LOOK", 0.01)


def test_what_takes_too_long_is_ended_and_what_comes_in_time_is_read() -> None:
    async def both() -> list[object]:
        waiting = Patience()
        return await asyncio.gather(
            waiting.wait(never(), 0.05), waiting.wait(soon(0.0), 60), waiting.wait(soon(0.2), 60), return_exceptions=True
        )

    late, at_once, later = asyncio.run(both())
    assert isinstance(late, TimeoutError) and (at_once, later) == (b"a form", b"a form")


def test_after_an_end_the_next_one_is_read_by_the_same_task() -> None:
    async def again() -> tuple[bool, bytes]:
        waiting, ended = Patience(), False
        try:
            await waiting.wait(never(), 0.02)
        except TimeoutError:
            ended = True
        return ended, await waiting.wait(soon(0.05), 60)

    assert asyncio.run(again()) == (True, b"a form")


def test_who_ends_the_task_for_another_reason_is_obeyed() -> None:
    async def ended() -> bool:
        waiting = Patience()
        reading = asyncio.create_task(waiting.wait(never(), 60))
        await asyncio.sleep(0.03)
        reading.cancel()
        await asyncio.wait([reading])
        return reading.cancelled()

    assert asyncio.run(ended())
