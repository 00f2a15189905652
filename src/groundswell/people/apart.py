"""A list understood in a process of its own, while this one writes: `python -m groundswell.people.apart`.

Python lets one thread of a process work at a time; reading a list is half of an import's work, and asks nobody. What is to be
read, and under which keys, comes on its standard input (never in its arguments or its environment, where others could look);
what it understood goes out on its standard output, a batch at a time. It writes nothing to the disk, opens no database, and ends
when nobody takes what it says.
"""

import fcntl
import gc
import marshal
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from groundswell.basics.addresses import Address
from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Problem, Refused
from groundswell.basics.side_by_side import one_ahead
from groundswell.people import understanding
from groundswell.people.sheets import mapping
from groundswell.people.sheets.mapping import Plan
from groundswell.people.sheets.reading import Looked, sheet
from groundswell.people.sheets.rows import Draft, Reader
from groundswell.people.sheets.sealed import SealedList
from groundswell.people.understanding import Marks, Note, Understood
from groundswell.people.vault.index import Indexer

WORTH_IT = 20_000
"""Rows from which on another process pays: it takes half a second to begin."""
PIECE = 250
"""Rows that are understood and said at a time: they are still at hand where they are said, in the processor's own memory."""
_LENGTH = 4
_PIPE = 1 << 20
_VERSION = 2
"""Of marshal's format, without its search for what was said before: that costs more than it saves."""


class Asked(NamedTuple):
    """What is to be read: a file that was looked at, under a plan, from its row `skip` on."""

    path: Path | SealedList
    looked: Looked
    plan: Plan
    now: datetime
    skip: int
    ring: KeyRing
    """The blind index's keys."""


def read_apart(asked: Asked) -> Generator[Understood, None, None]:
    """The list's rows in batches. `Refused` as reading it here would be, or where the other process died. Closing it ends that."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            if child.stdin is None or child.stdout is None:
                raise RuntimeError("a process without the pipes that it was started with")
            with suppress(BrokenPipeError):  # it died at once: said below
                child.stdin.write(pickle.dumps(asked))
                child.stdin.close()
            with closing(one_ahead(_batches(_frames(child.stdout)))) as taken:
                try:
                    yield from taken
                finally:
                    child.kill()  # first: the thread that listens to it hears of its end
        finally:
            child.kill()


def _frames(pipe: IO[bytes]) -> Iterator[bytes]:
    while True:
        head = pipe.read(_LENGTH)
        frame = pipe.read(int.from_bytes(head, "big"))
        if len(head) < _LENGTH or len(frame) < int.from_bytes(head, "big"):
            raise Refused.because(
                "import-reader", "The process that reads the list was ended, perhaps for want of memory.",
                "Import the file again: it goes on where it was.",
            )  # fmt: skip
        if not frame:
            return
        yield frame


def _batches(frames: Iterator[bytes]) -> Iterator[Understood]:
    while some := list(islice(frames, max(1, understanding.BATCH // PIECE))):
        yield _read(some)


def _read(frames: Sequence[bytes]) -> Understood:
    batch = Understood(0, [], [], 0, [], partial(_read, frames))
    for frame in frames:
        refused, rows, drafts, marks, batch.index_key, notes = marshal.loads(frame)  # noqa: S302 (our own process wrote it)
        if refused:
            raise Refused(*[Problem(*problem) for problem in refused])
        batch.rows += rows
        batch.drafts += [_draft(*each) for each in drafts]
        batch.marks += map(Marks._make, marks)
        batch.notes += [Note(*each) for each in notes]
    return batch


def _draft(line: int, email: tuple[Any, ...], joined: str | None, reasons: tuple[Any, ...], *rest: Any) -> Draft:
    sealed, clear, phone, tags, facts, consents = rest
    return Draft(
        line, tuple.__new__(Address, email), sealed, clear, phone, _moment(joined) if joined else None, tags, facts,
        frozenset(reasons), consents,
    )  # fmt: skip


_moment = lru_cache(maxsize=20_000)(datetime.fromisoformat)


# The other process


def main() -> None:
    """Read what is asked for, and say it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for whoever started it, who ends it
    gc.disable()  # batches make many objects and no cycle
    asked: Asked = pickle.load(sys.stdin.buffer)  # noqa: S301 (from whoever started it)
    out = sys.stdout.buffer
    with suppress(OSError, AttributeError):  # a longer pipe, where there is such a thing
        fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, _PIPE)
    index = Indexer(asked.ring)
    problems: tuple[tuple[str, str, str], ...]
    try:
        opened = sheet(asked.path, asked.looked, mapping.known)
        rows = islice(opened.rows, asked.skip, None)
        for batch in understanding.batches(rows, Reader(asked.plan, now=asked.now), lambda: index, PIECE):
            drafts = [_said(draft) for draft in batch.drafts]
            _say(out, ((), batch.rows, drafts, list(map(tuple, batch.marks)), batch.index_key, list(map(tuple, batch.notes))))
    except Refused as refused:
        problems = tuple((problem.code, problem.message, problem.mend) for problem in refused.problems)
        _say(out, (problems, 0, (), (), 0, ()))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 (its words may hold what the list says; its kind does not)
        _say(out, ((("import-reader", f"Reading the list failed: {type(error).__name__}.", ""),), 0, (), (), 0, ()))
    out.write(bytes(_LENGTH))
    out.flush()


def _said(draft: Draft) -> tuple[Any, ...]:
    joined = draft.joined.isoformat() if draft.joined else None
    return (
        draft.line, tuple(draft.email), joined, tuple(draft.reasons), draft.sealed, draft.clear, draft.phone_e164, draft.tags,
        draft.facts, draft.consents,
    )  # fmt: skip


def _say(out: IO[bytes], what: tuple[Any, ...]) -> None:
    frame = marshal.dumps(what, _VERSION)
    out.write(len(frame).to_bytes(_LENGTH, "big"))
    out.write(frame)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more; what is in the buffer is for nobody
