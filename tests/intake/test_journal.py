"""What was acknowledged is on the disk, once, and nobody who copies the disk can read it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from groundswell.basics.boxes import public_half
from groundswell.intake.journal import Entry, JournalDamaged, JournalWriter, is_ended, read

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


def test_those_who_wait_together_are_synced_together(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = writer(home)
    syncs: list[int] = []
    real = os.fdatasync

    def counted(descriptor: int) -> None:
        syncs.append(descriptor)
        real(descriptor)

    monkeypatch.setattr("groundswell.intake.journal.os.fdatasync", counted)

    async def crowd() -> None:
        await asyncio.gather(*(journal.accept(Entry(UUID(int=n), {"n": n})) for n in range(500)))

    asyncio.run(crowd())
    assert sorted(entry.content["n"] for entry in entries(home)) == list(range(500))
    assert len(syncs) < 50


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


def test_a_disk_that_does_not_sync_acknowledges_nothing_and_keeps_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = writer(home)
    journal.append(Entry(UUID(int=1), {"n": 1}))

    def failing(descriptor: int) -> None:
        raise OSError(5, "input/output error")

    async def crowd() -> list[object]:
        return await asyncio.gather(*(journal.accept(Entry(UUID(int=n), {"n": n})) for n in (2, 3)), return_exceptions=True)

    monkeypatch.setattr("groundswell.intake.journal.os.fdatasync", failing)
    assert all(isinstance(answer, OSError) for answer in asyncio.run(crowd()))
    monkeypatch.undo()
    journal.append(Entry(UUID(int=4), {"n": 4}))
    assert [entry.content["n"] for entry in entries(home)] == [1, 4]
    assert len(list(home.glob("*.journal"))) == 2, "the same place under the same key is never sealed twice"


def test_a_header_that_does_not_fit_leaves_no_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = writer(home)
    monkeypatch.setattr("groundswell.intake.journal.os.write", lambda descriptor, data: 3)
    with pytest.raises(OSError):
        journal.append(Entry(UUID(int=1), {"n": 1}))
    monkeypatch.undo()
    assert list(home.iterdir()) == []
    journal.append(Entry(UUID(int=2), {"n": 2}))
    assert [entry.content["n"] for entry in entries(home)] == [2]


def test_an_entry_that_no_journal_takes_fails_alone(home: Path) -> None:
    journal = writer(home)

    async def crowd() -> list[object]:
        contents = ({"n": 1}, {"n": "x" * 300_000}, {"n": object()}, {"n": 2})
        waits = (journal.accept(Entry(UUID(int=n), content)) for n, content in enumerate(contents))
        return await asyncio.wait_for(asyncio.gather(*waits, return_exceptions=True), 20)

    assert [type(answer) for answer in asyncio.run(crowd())] == [type(None), ValueError, TypeError, type(None)]
    assert [entry.content["n"] for entry in entries(home)] == [1, 2]


def test_a_changed_byte_anywhere_before_the_last_record_is_never_taken_for_the_end(home: Path) -> None:
    journal = writer(home)
    for n in range(3):
        journal.append(Entry(UUID(int=n), {"n": n}))
    (path,) = home.glob("*.journal")
    content = path.read_bytes()
    last = [offset for offset, _ in read(path, private_keys={1: PRIVATE})][1]
    for place in range(37, last):
        path.write_bytes(content[:place] + bytes((content[place] ^ 1,)) + content[place + 1 :])
        with pytest.raises(JournalDamaged, match=path.name):
            entries(home)


def test_reading_goes_on_where_it_ended(home: Path) -> None:
    journal = writer(home)
    journal.append(Entry(UUID(int=1), {"n": 1}))
    (path,) = home.glob("*.journal")
    ((offset, _),) = read(path, private_keys={1: PRIVATE})
    journal.append(Entry(UUID(int=2), {"n": 2}))
    assert [entry.content["n"] for _, entry in read(path, private_keys={1: PRIVATE}, offset=offset)] == [2]
    path.write_bytes(path.read_bytes()[:20])
    assert list(read(path, private_keys={1: PRIVATE})) == []


def test_an_old_file_is_followed_by_a_new_one_and_known_to_be_ended(home: Path) -> None:
    seconds = [0.0]
    journal = JournalWriter(home, public_key=public_half(PRIVATE), key_id=1, rotate_seconds=10, clock=lambda: seconds[0])
    for n, moment in enumerate((0.0, 9.0, 10.0, 30.0)):
        seconds[0] = moment
        journal.append(Entry(UUID(int=n), {"n": n}))
    files = sorted(home.glob("*.journal"))
    assert [is_ended(path) for path in files] == [True, True, False]
    assert [entry.content["n"] for entry in entries(home)] == [0, 1, 2, 3]
    journal.close()
    assert is_ended(files[-1])


def test_threads_and_coroutines_write_side_by_side(home: Path) -> None:
    journal = writer(home)

    async def crowd() -> None:
        appended = (asyncio.to_thread(journal.append, Entry(UUID(int=n), {"n": n})) for n in range(40))
        accepted = (journal.accept(Entry(UUID(int=n), {"n": n})) for n in range(40, 80))
        await asyncio.gather(*appended, *accepted)

    asyncio.run(crowd())
    assert sorted(entry.content["n"] for entry in entries(home)) == list(range(80))


_WRITER = """
import sys
from pathlib import Path
from uuid import UUID
from groundswell.basics.boxes import public_half
from groundswell.intake.journal import Entry, JournalWriter
journal = JournalWriter(Path(sys.argv[1]), public_key=public_half(bytes(range(32))), key_id=1)
n = 0
while True:
    journal.append(Entry(UUID(int=n), {"n": n}))
    print(n, flush=True)
    n += 1
"""


def test_kill_9_keeps_every_acknowledged_entry(home: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", _WRITER, str(home)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    early = [child.stdout.readline() for _ in range(50)]  # in the middle of its work, however slow the machine
    child.send_signal(signal.SIGKILL)
    out, _ = child.communicate()
    acknowledged = [int(line) for line in [*early, *out.splitlines()[:-1]]]
    assert len(acknowledged) >= 50
    assert {entry.content["n"] for entry in entries(home)} >= set(acknowledged)
    assert all(is_ended(path) for path in home.glob("*.journal")), "a dead writer holds no file"
