"""What was acknowledged is on the disk, once, and nobody who copies the disk can read it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from groundswell.intake.journal import Entry, JournalDamaged, JournalWriter, public_half, read

PRIVATE = bytes(range(32))


def writer(folder: Path) -> JournalWriter:
    return JournalWriter(folder, public_key=public_half(PRIVATE), key_id=1)


def entries(folder: Path) -> list[Entry]:
    return [entry for path in sorted(folder.glob("*.journal")) for _, entry in read(path, private_keys={1: PRIVATE})]


def test_what_is_written_comes_back_in_order(home: Path) -> None:
    journal = writer(home)
    written = [Entry(uuid4(), {"n": n, "text": "ünï"}) for n in range(50)]
    for entry in written:
        journal.append(entry)
    journal.close()
    assert entries(home) == written


def test_those_who_wait_together_are_synced_together(home: Path) -> None:
    journal = writer(home)

    async def crowd() -> None:
        await asyncio.gather(*(journal.accept(Entry(UUID(int=n), {"n": n})) for n in range(500)))

    asyncio.run(crowd())
    assert sorted(entry.content["n"] for entry in entries(home)) == list(range(500))


def test_a_torn_tail_loses_only_what_was_never_acknowledged(home: Path) -> None:
    journal = writer(home)
    journal.append(Entry(UUID(int=1), {"n": 1}))
    (path,) = home.glob("*.journal")
    whole = path.stat().st_size
    journal.append(Entry(UUID(int=2), {"n": 2}))
    content = path.read_bytes()
    for cut in range(whole, len(content)):
        path.write_bytes(content[:cut])
        assert [entry.content["n"] for entry in entries(home)] == [1]


def test_damage_in_the_middle_is_named(home: Path) -> None:
    journal = writer(home)
    for n in range(3):
        journal.append(Entry(UUID(int=n), {"n": n}))
    (path,) = home.glob("*.journal")
    content = bytearray(path.read_bytes())
    content[70] ^= 1
    path.write_bytes(content)
    with pytest.raises(JournalDamaged, match="damaged at byte 37"):
        entries(home)


def test_a_copy_of_the_disk_and_the_public_key_opens_nothing(home: Path) -> None:
    journal = writer(home)
    journal.append(Entry(UUID(int=1), {"email": "ada@example.org"}))
    (path,) = home.glob("*.journal")
    assert b"ada" not in path.read_bytes()
    assert list(read(path, private_keys={1: public_half(PRIVATE)})) == []
    journal.append(Entry(UUID(int=2), {"email": "grace@example.org"}))
    with pytest.raises(JournalDamaged):
        list(read(path, private_keys={1: public_half(PRIVATE)}))
    with pytest.raises(JournalDamaged):
        list(read(path, private_keys={}))


def test_a_full_disk_is_an_error_and_leaves_no_torn_record(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = writer(home)
    journal.append(Entry(UUID(int=1), {"n": 1}))
    real = os.write

    def short(descriptor: int, data: bytes) -> int:
        return real(descriptor, bytes(data)[:10])

    monkeypatch.setattr("groundswell.intake.journal.os.write", short)
    with pytest.raises(OSError):
        journal.append(Entry(UUID(int=2), {"n": 2}))
    monkeypatch.undo()
    journal.append(Entry(UUID(int=3), {"n": 3}))
    assert [entry.content["n"] for entry in entries(home)] == [1, 3]


_WRITER = """
import sys
from pathlib import Path
from uuid import UUID
from groundswell.intake.journal import Entry, JournalWriter, public_half
journal = JournalWriter(Path(sys.argv[1]), public_key=public_half(bytes(range(32))), key_id=1)
n = 0
while True:
    journal.append(Entry(UUID(int=n), {"n": n}))
    print(n, flush=True)
    n += 1
"""


def test_kill_9_keeps_every_acknowledged_entry(home: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", _WRITER, str(home)], stdout=subprocess.PIPE, text=True)
    time.sleep(0.8)
    child.send_signal(signal.SIGKILL)
    out, _ = child.communicate()
    acknowledged = [int(line) for line in out.splitlines()[:-1]]
    assert acknowledged
    assert {entry.content["n"] for entry in entries(home)} >= set(acknowledged)
