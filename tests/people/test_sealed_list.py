"""A sealed list reads as the file that it was, wherever one begins in it."""

import io
import random
from pathlib import Path

import pytest

from groundswell.basics.boxes import public_half
from groundswell.basics.keyring import KeyRing
from groundswell.basics.result import Refused
from groundswell.people.sheets.sealed import SealedList, SealingFile

RING = KeyRing({3: bytes(range(32))}, 3)
BLOCK = 64 * 1024


def sealed(path: Path, content: bytes, piece: int = 10_000) -> SealedList:
    with SealingFile(path, public_key=public_half(RING.current_key), key_id=3) as file:
        for at in range(0, len(content), piece):
            file.write(content[at : at + piece])
    return SealedList(path, RING)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 17])
def test_every_size_comes_back_whole(size: int, home: Path) -> None:
    content = random.Random(size).randbytes(size)
    for piece in (7_001, BLOCK, 10 * BLOCK):
        (home / "list").unlink(missing_ok=True)
        assert sealed(home / "list", content, piece).open("rb").read() == content


def test_it_is_read_from_anywhere_as_a_workbook_is(home: Path) -> None:
    content, dice = random.Random(1).randbytes(5 * BLOCK + 5), random.Random(2)
    plain, file = io.BytesIO(content), sealed(home / "list", content).open("rb")
    for _ in range(300):
        whence = dice.choice((0, 2))
        offset = dice.randrange(len(content)) - (len(content) if whence == 2 else 0)
        size = dice.choice((0, 1, 30, 5000, BLOCK, 2 * BLOCK))
        assert file.seek(offset, whence) == plain.seek(offset, whence) and file.read(size) == plain.read(size)


def test_lines_of_any_encoding_pass_from_block_to_block(home: Path) -> None:
    text = "".join(f"Zoë {n};Łódź\r\n" for n in range(20_000))
    for encoding in ("utf-8", "utf-16"):
        (home / "list").unlink(missing_ok=True)
        file = sealed(home / "list", text.encode(encoding)).open(encoding=encoding, errors="replace", newline="")
        assert list(file) == text.splitlines(keepends=True)


def test_another_installations_key_opens_nothing(home: Path) -> None:
    sealed(home / "list", b"Email\nada@example.org\n")
    assert b"ada@" not in (home / "list").read_bytes()
    for ring in (KeyRing({3: bytes(32)}, 3), KeyRing({4: bytes(range(32))}, 4)):
        with pytest.raises(Refused) as refused:
            SealedList(home / "list", ring).open("rb").read()
        assert "Upload it again" in str(refused.value.problems[0])


def test_blocks_in_another_order_are_refused(home: Path) -> None:
    content = random.Random(3).randbytes(4 * BLOCK)
    sealed(home / "list", content)
    whole, block = (home / "list").read_bytes(), BLOCK + 16
    head, one, two, rest = whole[:37], whole[37 : 37 + block], whole[37 + block : 37 + 2 * block], whole[37 + 2 * block :]
    (home / "list").write_bytes(head + two + one + rest)
    with pytest.raises(Refused):
        SealedList(home / "list", RING).open("rb").read()
