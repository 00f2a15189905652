"""MP4 and QuickTime (ISO/IEC 14496-12): only boxes that playing needs are kept; all others become `free` and are emptied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from groundswell.pages.bare.patches import Patch, Source, Unreadable

_PICTURE_AND_SOUND = (b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp")
_WORDS = (b"tx3g", b"text", b"wvtt", b"stpp", b"sbtt", b"c608", b"c708")
_PICTURES = (b"avc", b"hvc", b"hev", b"vp0", b"av0", b"mp4v", b"dvh", b"ap", b"jpeg", b"mjp")
_MOST_BOXES = 200_000
_TABLES = (
    "stsd stts ctts cslg stss stps stsc stsz stz2 stco co64 sdtp stsh padb subs sbgp sgpd saiz saio stdp"
)  # fmt: skip
_KEPT = {
    "": "ftyp styp moov mdat moof mfra sidx ssix pdin", "moov": "mvhd trak mvex iods", "trak": "tkhd tapt edts mdia",
    "tapt": "clef prof enof", "edts": "elst", "mdia": "mdhd hdlr elng minf", "minf": "vmhd smhd sthd nmhd gmhd hdlr dinf stbl",
    "dinf": "dref", "stbl": _TABLES, "mvex": "mehd trex leva", "moof": "mfhd traf",
    "traf": "tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc", "mfra": "tfra mfro",
}  # fmt: skip
"""Box → what is kept in it. Places, times, devices and names stand in `udta`, `meta`, `uuid` and makers' own: none is here."""
_ALLOWED = {parent: frozenset(name.encode() for name in names.split()) for parent, names in _KEPT.items()}


@dataclass(frozen=True, slots=True)
class _Box:
    at: int
    kind: bytes
    head: int
    end: int

    @property
    def inside(self) -> int:
        return self.at + self.head

    @property
    def length(self) -> int:
        return self.end - self.inside


def patches(file: BinaryIO, size: int) -> Sequence[Patch]:
    """What to write over the file; `Unreadable` where it can't be followed to its end."""
    source = Source(file, size)
    top = list(_boxes(source, 0, size))
    if not top or top[0].kind != b"ftyp" or not any(box.kind == b"moov" for box in top):
        raise Unreadable("it is no MP4")
    if not {b"mvhd", b"trak"} <= {box.kind for box in _only(source, top, b"moov")}:
        raise Unreadable("its table of contents is packed, or says nothing")
    return list(_walk(source, "", top, fragmented=any(box.kind == b"moof" for box in top)))


def _walk(source: Source, parent: str, boxes: Sequence[_Box], *, fragmented: bool) -> Iterator[Patch]:
    for box in boxes:
        if box.kind not in _ALLOWED[parent]:
            yield from _freed(box)
        elif box.kind == b"trak":
            yield from _track(source, box, fragmented=fragmented)
        elif (name := box.kind.decode("latin-1")) in _ALLOWED:
            yield from _walk(source, name, list(_boxes(source, box.inside, box.end)), fragmented=fragmented)
        elif box.kind in (b"mvhd", b"tkhd", b"mdhd"):
            yield _times(source, box)
        elif box.kind == b"hdlr":
            # The name is the maker's as often as not; which kind of track it is stands before it.
            yield Patch(box.inside + 12, zeros=max(0, box.length - 12))
        elif box.kind == b"stsd":
            yield from _makers(source, box)
        elif box.kind == b"dref":
            yield from _elsewhere(source, box)


def _track(source: Source, track: _Box, *, fragmented: bool) -> Iterator[Patch]:
    inside = list(_boxes(source, track.inside, track.end))
    media = _only(source, inside, b"mdia")
    handler = _one(media, b"hdlr")
    if handler.length < 12:
        raise Unreadable("a track does not say what it is")
    if source.read(handler.inside + 8, 4) in _PICTURE_AND_SOUND:
        yield from _walk(source, "trak", inside, fragmented=fragmented)
        return
    # Neither picture, sound nor words: a camera's positions and readings, or the time of day. Its samples lie among the others.
    if fragmented:
        raise Unreadable("it carries a data track in fragments")
    tables = _only(source, _only(source, media, b"minf"), b"stbl")
    left = source.size
    for at, length in _samples(source, tables):
        left -= length
        if at + length > source.size or left < 0:
            raise Unreadable("a track points outside it")
        yield Patch(at, zeros=length)
    yield from _freed(track)


def _samples(source: Source, tables: Sequence[_Box]) -> Iterator[tuple[int, int]]:
    """Where a track's chunks lie, and how long each is."""
    sizes, spread = _one(tables, b"stsz"), _one(tables, b"stsc")
    wide = [box for box in tables if box.kind == b"co64"]
    chunks = wide[0] if wide else _one(tables, b"stco")
    alike, count = source.numbers(sizes.inside + 4, 2)
    each = [alike] * count if alike and count < 1 << 24 else list(source.numbers(sizes.inside + 12, _fits(sizes, count, 12, 4)))
    offsets = source.numbers(chunks.inside + 8, _fits(chunks, source.number(chunks.inside + 4), 8, 8 if wide else 4),
                             length=8 if wide else 4)  # fmt: skip
    runs = source.numbers(spread.inside + 8, 3 * _fits(spread, source.number(spread.inside + 4), 8, 12))
    steps = [(runs[at], runs[at + 1]) for at in range(0, len(runs), 3)]
    taken = 0
    for number, offset in enumerate(offsets, start=1):
        while len(steps) > 1 and steps[1][0] <= number:
            steps.pop(0)
        wanted = steps[0][1] if steps else 0
        yield offset, sum(each[taken : taken + wanted])
        taken += wanted


def _times(source: Source, box: _Box) -> Patch:
    """When it was made and changed: two numbers, of four bytes or eight."""
    long = source.number(box.inside, 1) == 1
    if box.length < (20 if long else 12):
        raise Unreadable("a head in it is too short")
    return Patch(box.inside + 4, zeros=16 if long else 8)


def _makers(source: Source, table: _Box) -> Iterator[Patch]:
    """Who made the encoder: a mark of four letters and, for pictures, a name of 32."""
    at = table.inside + 8
    for entry in _boxes(source, at, table.end):
        if entry.kind not in _WORDS and entry.end - entry.at >= 36:
            yield Patch(entry.at + 20, zeros=4)
        if entry.kind.startswith(_PICTURES) and entry.end - entry.at >= 86:
            yield Patch(entry.at + 50, zeros=32)


def _elsewhere(source: Source, table: _Box) -> Iterator[Patch]:
    """Data in other files, by their paths on somebody's disk: it must be in this one."""
    for entry in _boxes(source, table.inside + 8, table.end):
        if entry.length < 4 or not source.number(entry.inside) & 1:
            raise Unreadable("its picture or sound lies in another file")
        if entry.length > 4:
            yield Patch(entry.inside + 4, zeros=entry.length - 4)


def _freed(box: _Box) -> Iterator[Patch]:
    """The same place, now `free`: what says its size stays, and nothing is left inside."""
    yield Patch(box.at + 4, b"free")
    yield Patch(box.inside, zeros=box.length)


def _boxes(source: Source, at: int, end: int) -> Iterator[_Box]:
    seen = 0
    while at < end:
        if end - at < 8:
            if any(source.read(at, end - at)):  # QuickTime ends a list with four zero bytes
                raise Unreadable("something follows its last box")
            return
        size, kind, head = source.number(at), source.read(at + 4, 4), 8
        if size == 1:
            size, head = source.number(at + 8, 8), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise Unreadable("a box in it is larger than what holds it")
        yield _Box(at, kind, head, at + size)
        at, seen = at + size, seen + 1
        if seen > _MOST_BOXES:
            raise Unreadable("it has too many parts")


def _one(boxes: Sequence[_Box], kind: bytes) -> _Box:
    found = [box for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise Unreadable(f"it has no “{kind.decode('latin-1')}” where one belongs, or several")
    return found[0]


def _only(source: Source, boxes: Sequence[_Box], kind: bytes) -> list[_Box]:
    found = _one(boxes, kind)
    return list(_boxes(source, found.inside, found.end))


def _fits(box: _Box, count: int, head: int, width: int) -> int:
    if head + count * width > box.length:
        raise Unreadable("a table in it is longer than its box")
    return count
