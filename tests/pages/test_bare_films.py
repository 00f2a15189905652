"""A video is shown without where, when and with what it was filmed; what it shows is not touched."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.basics.result import Refused
from groundswell.pages.bare import bare, readable

PLACE, DEVICE = b"+48.8577+002.295/", b"PhoneMaker 15 Pro"
PICTURE, POSITIONS = b"PICTURE-AND-SOUND", b"GPS 48.8577 2.295"


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I", 8 + len(content)) + kind + content


def full(kind: bytes, *inside: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]), *inside)


def track(handler: bytes, entry: bytes, chunk: int, size: int, *more: bytes) -> bytes:
    times = struct.pack(">II", 0xE0000001, 0xE0000002)
    table = box(
        b"stbl", full(b"stsd", struct.pack(">I", 1), entry), full(b"stts", struct.pack(">III", 1, 1, 1)),
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)), full(b"stsz", struct.pack(">II", size, 1)),
        full(b"stco", struct.pack(">II", 1, chunk)),
    )  # fmt: skip
    data = full(b"dref", struct.pack(">I", 1), box(b"url ", struct.pack(">I", 1)))
    media = box(
        b"mdia", full(b"mdhd", times, bytes(12)), full(b"hdlr", bytes(4), handler, b"appl" + bytes(8), DEVICE + b"\0"),
        box(b"minf", box(b"dinf", data), table),
    )  # fmt: skip
    return box(b"trak", full(b"tkhd", times, bytes(72)), media, *more)


def film(*, long: bool = False) -> bytes:
    """As a telephone writes it: place and device in `udta`, `meta` and XMP, its positions as a track of their own."""
    entry = struct.pack(">I", 86) + b"avc1" + bytes(12) + b"appl" + bytes(26) + b"\x11" + DEVICE.ljust(31, b"\0") + bytes(4)
    head = box(b"ftyp", b"qt  ", bytes(4), b"qt  ")
    first = len(head) + (16 if long else 8)
    media = PICTURE + POSITIONS
    data = struct.pack(">I4sQ", 1, b"mdat", 16 + len(media)) + media if long else box(b"mdat", media)
    place = box(b"udta", box(b"\xa9xyz", PLACE), full(b"meta", box(b"ilst", DEVICE)))
    return head + data + box(
        b"moov", full(b"mvhd", struct.pack(">QQ", 1 << 33, 1 << 33), bytes(88), version=1) if long else full(
            b"mvhd", struct.pack(">II", 0xE0000001, 0xE0000002), bytes(88)),
        track(b"vide", entry, first, len(PICTURE), place), track(b"meta", box(b"mebx", bytes(8)), first + len(PICTURE), len(POSITIONS)),
        place, box(b"free", DEVICE),
    ) + box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", b"<x:xmpmeta>" + PLACE)  # fmt: skip


def element(identity: int, *inside: bytes, unknown: bool = False) -> bytes:
    content = b"".join(inside)
    size = b"\x01" + b"\xff" * 7 if unknown else struct.pack(">Q", len(content) | 1 << 56)
    return identity.to_bytes((identity.bit_length() + 7) // 8, "big") + size + content


def webm(*, live: bool = False, kind: int = 1) -> bytes:
    track = element(0xAE, element(0xD7, b"\x01"), element(0x83, bytes([kind])), element(0x86, b"V_VP8"), element(0x536E, DEVICE))
    parts = [
        element(0x114D9B74, element(0x4DBB, element(0x53AB, b"\x12\x54\xc3\x67"), element(0x53AC, b"\x40")),
                element(0x4DBB, element(0x53AB, b"\x16\x54\xae\x6b"), element(0x53AC, b"\x20"))),
        element(0x1549A966, b"\xbf\x84\x01\x02\x03\x04", element(0x2AD7B1, b"\x0f\x42\x40"), element(0x4461, bytes(8)[:7] + b"\x07"),
                element(0x4D80, DEVICE), element(0x5741, DEVICE), b"\x7b\xa9\x83Ada"),
        element(0x1654AE6B, track), element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80" + PICTURE), unknown=live),
        element(0x1254C367, element(0x7373, element(0x67C8, PLACE))), element(0x1941A469, DEVICE),
    ]  # fmt: skip
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, *parts, unknown=live)


@pytest.mark.parametrize("long", [False, True])
def test_an_mp4_keeps_its_picture_and_its_offsets_and_nothing_of_the_camera(tmp_path: Path, long: bool) -> None:
    path, before = tmp_path / "film.mp4", film(long=long)
    path.write_bytes(before)
    assert PLACE in before and DEVICE in before
    bare(path, suffix=".mp4")
    after = path.read_bytes()
    assert len(after) == len(before) and after.index(PICTURE) == before.index(PICTURE)
    for told in (
        PLACE,
        DEVICE,
        POSITIONS,
        b"xmpmeta",
        b"udta",
        b"uuid",
        b"mebx",
        b"appl",
        b"\xe0\x00\x00\x01",
        b"\xe0\x00\x00\x02",
    ):
        assert told not in after, told
    assert struct.pack(">QQ", 1 << 33, 1 << 33) not in after and b"stco" in after and b"vide" in after
    assert bare(path, suffix=".mp4") and path.read_bytes() == after, "what is bare stays as it is"


@pytest.mark.parametrize("live", [False, True])
def test_a_webm_keeps_its_picture_and_nothing_of_the_camera(tmp_path: Path, live: bool) -> None:
    path, before = tmp_path / "film.webm", webm(live=live)
    path.write_bytes(before)
    bare(path, suffix=".webm")
    after = path.read_bytes()
    assert len(after) == len(before) and after.index(PICTURE) == before.index(PICTURE)
    for told in (PLACE, DEVICE, b"Ada", b"\x44\x61", b"\x12\x54\xc3\x67", b"\x19\x41\xa4\x69", b"\xbf\x84"):
        assert told not in after, told
    assert b"V_VP8" in after and b"\x16\x54\xae\x6b" in after and b"\x0f\x42\x40" in after
    bare(path, suffix=".webm")
    assert path.read_bytes() == after


@pytest.mark.parametrize(
    ("suffix", "content", "why"),
    [
        (".mp4", b"", "no MP4"), (".mp4", b"\x00\x00\x00\x18ftypmp42", "larger than what holds it"), (".mp4", film()[:-40], "larger"),
        (".mp4", film() + b"trailer", "follows its last box"), (".mp4", webm(), "larger"), (".webm", film(), "no WebM"),
        (".mp4", film().replace(b"mvhd", b"cmov"), "packed"), (".mp4", box(b"moof") .join((film(), b"")), "in fragments"),
        (".webm", webm()[:-1], "larger"), (".webm", webm(kind=33), "data track"), (".webm", webm() + b"x", "too early"),
        (".mp4", film().replace(b"url \0\0\0\1", b"url \0\0\0\0"), "another file"), (".avi", film(), "can't be opened"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_through_is_refused_and_not_touched(tmp_path: Path, suffix: str, content: bytes, why: str) -> None:
    path = tmp_path / f"film{suffix}"
    path.write_bytes(content)
    for attempt in (readable, bare):
        with pytest.raises(Refused, match=why):
            attempt(path, suffix=suffix)
    assert path.read_bytes() == content


@settings(max_examples=150, deadline=None)
@given(data=st.data(), suffix=st.sampled_from([".mp4", ".webm"]))
def test_any_bytes_are_a_film_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, suffix: str) -> None:
    content = bytearray(film() if suffix == ".mp4" else webm())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(content)
    try:
        bare(path, suffix=suffix)
    except Refused:
        assert path.read_bytes() == content
    assert path.stat().st_size == len(content), "never longer, never shorter"
