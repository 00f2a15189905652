"""Whoever carries the web host away, disk and memory, reads no signature that it took."""

import base64
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from groundswell.basics.boxes import public_half
from groundswell.intake.journal import JournalDamaged, read
from tests.pages.test_door_served import Served

SECRETS = (b"Hidden", b"hidden@example.org", b"hidden%40example.org", b"SW1A+9ZZ", b"SW1A 9ZZ", b"because of my son")


def test_a_copy_of_the_web_host_opens_no_journal(tmp_path: Path) -> None:
    private = os.urandom(32)
    served = Served(tmp_path, private)
    try:
        form = "name=Hidden+Person&email=hidden%40example.org&postcode=SW1A+9ZZ&consent=yes&reason=because+of+my+son"
        assert served.ask("POST", "/a/end-it/sign", form)[0] == 303
        disk = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        in_memory = found_in_memory(served, private)
        (journal,) = (path for path in disk if path.suffix == ".journal")
        with pytest.raises(JournalDamaged):  # a thief has no key of this number to offer: every other one fails
            list(read(journal, private_keys={}))
        tried = 0
        for key in candidates(disk):
            tried += 1
            with pytest.raises(JournalDamaged):
                list(read(journal, private_keys={1: key}))
        assert tried > 100 and public_half(private) in set(candidates(disk)), "the public half was among what was tried"
        for path, content in disk.items():
            assert not [secret for secret in (*SECRETS, private) if secret in content], path.name
        assert not in_memory, "the key that opens journals never was on this host"
        assert [content["fields"]["email"] for _, content in served.kept()] == ["hidden@example.org"], "its owner reads it"
    finally:
        served.close()


def candidates(disk: dict[Path, bytes]) -> Iterator[bytes]:
    """Everything on the host that could be a key of 32 bytes: whatever its settings hold, and every place of the journal."""
    for path, content in disk.items():
        if path.name == "door.json":
            for text in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", json.dumps(json.loads(content))):
                raw = base64.b64decode(text + "=" * (-len(text) % 4))
                yield from (raw[at : at + 32] for at in range(max(1, len(raw) - 31)) if len(raw[at : at + 32]) == 32)
        elif path.suffix == ".journal":
            yield from (content[at : at + 32] for at in range(len(content) - 31))


def found_in_memory(served: Served, secret: bytes) -> bool | None:
    """Whether `secret` lies in the memory of any of the door's processes; None where this system lets nobody look."""
    root = psutil.Process(served.children[0].pid)
    looked = 0
    for process in (root, *root.children(recursive=True)):
        try:
            with Path(f"/proc/{process.pid}/mem").open("rb") as memory:
                for begin, end in re.findall(r"(?m)^([0-9a-f]+)-([0-9a-f]+) rw", Path(f"/proc/{process.pid}/maps").read_text()):
                    try:
                        memory.seek(int(begin, 16))
                        if secret in memory.read(int(end, 16) - int(begin, 16)):
                            return True
                    except (OSError, ValueError, OverflowError):
                        continue
                    looked += 1
        except OSError:
            continue
    return False if looked else None
