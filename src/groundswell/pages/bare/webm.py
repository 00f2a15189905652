"""WebM (RFC 8794 and 9559): tags, attachments, dates and names become `Void`; what playing needs stays as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from groundswell.pages.bare.patches import Patch, Source, Unreadable

_HEAD, _SEGMENT, _VOID, _CRC = 0x1A45DFA3, 0x18538067, 0xEC, 0xBF
_SEEK_HEAD, _INFO, _TRACKS, _CUES, _CLUSTER = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x1F43B675
_TOP = frozenset({_SEEK_HEAD, _INFO, _TRACKS, _CUES, _CLUSTER, 0x1254C367, 0x1941A469, 0x1043A770})
"""Those that may end a cluster whose size is not written: also tags, attachments and chapters."""
_SCALE, _DURATION, _MUXER, _WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
_SEEK, _SEEK_ID, _TRACK, _KIND, _NAME, _CODEC_NAME = 0x4DBB, 0x53AB, 0xAE, 0x83, 0x536E, 0x258688
_PICTURE, _SOUND, _SUBTITLES = 1, 2, 17
_MOST = 2_000_000


@dataclass(frozen=True, slots=True)
class _Element:
    at: int
    id: int
    inside: int
    end: int
    known: bool
    """False where its size is not written: it ends where something of its own level begins."""


def patches(file: BinaryIO, size: int) -> Sequence[Patch]:
    """What to write over the file; `Unreadable` where it can't be followed to its end."""
    source = Source(file, size)
    found = list(_elements(source, 0, size))
    if [element.id for element in found if element.id != _VOID] != [_HEAD, _SEGMENT]:
        raise Unreadable("it is no WebM, or more than one")
    segment = next(element for element in found if element.id == _SEGMENT)
    return [
        *(_void(element) for element in found if element.id == _VOID),
        *(patch for element in _elements(source, segment.inside, segment.end) for patch in _part(source, element)),
    ]


def _part(source: Source, element: _Element) -> Iterator[Patch]:
    if element.id == _INFO:
        yield from _info(source, element)
    elif element.id == _TRACKS:
        yield from _tracks(source, element)
    elif element.id == _SEEK_HEAD:
        yield from _seeks(source, element)
    elif element.id not in (_CLUSTER, _CUES):
        yield _void(element)


def _info(source: Source, info: _Element) -> Iterator[Patch]:
    for element in _elements(source, info.inside, info.end):
        if element.id in (_MUXER, _WRITER):  # must be there, and may be empty (zero bytes end a string)
            yield Patch(element.inside, zeros=element.end - element.inside)
        elif element.id not in (_SCALE, _DURATION):
            yield _void(element)


def _tracks(source: Source, tracks: _Element) -> Iterator[Patch]:
    for element in _elements(source, tracks.inside, tracks.end):
        if element.id != _TRACK:
            yield _void(element)
            continue
        for fact in _elements(source, element.inside, element.end):
            if fact.id == _KIND and source.number(fact.inside, fact.end - fact.inside) not in (_PICTURE, _SOUND, _SUBTITLES):
                raise Unreadable("it carries a data track")
            if fact.id in (_NAME, _CODEC_NAME, _CRC, _VOID):
                yield _void(fact)


def _seeks(source: Source, head: _Element) -> Iterator[Patch]:
    """The table of contents no longer leads to what is gone."""
    for element in _elements(source, head.inside, head.end):
        inside = list(_elements(source, element.inside, element.end)) if element.id == _SEEK else []
        targets = [source.number(each.inside, each.end - each.inside) for each in inside if each.id == _SEEK_ID]
        if targets not in ([_SEEK_HEAD], [_INFO], [_TRACKS], [_CUES], [_CLUSTER]):
            yield _void(element)


def _void(element: _Element) -> Patch:
    """The same number of bytes, said to be nothing."""
    whole = element.end - element.at
    if not element.known or whole < 2:
        raise Unreadable("a part of it does not say how long it is")
    if whole < 9:
        return Patch(element.at, bytes((_VOID, 0x80 | (whole - 2))), whole - 2)
    return Patch(element.at, bytes((_VOID, 0x01)) + (whole - 9).to_bytes(7, "big"), whole - 9)


def _elements(source: Source, at: int, end: int) -> Iterator[_Element]:
    seen = 0
    while at < end:
        identity, inside = _vint(source, at, marked=True)
        length, inside = _vint(source, inside, marked=False)
        known = length >= 0
        if known:
            stop = inside + length
        elif identity == _SEGMENT:
            stop = end
        elif identity == _CLUSTER:
            stop = _end_of_cluster(source, inside, end)
        else:
            raise Unreadable("a part of it does not say how long it is")
        if stop > end:
            raise Unreadable("a part of it is larger than what holds it")
        yield _Element(at, identity, inside, stop, known)
        at, seen = stop, seen + 1
        if seen > _MOST:
            raise Unreadable("it has too many parts")


def _end_of_cluster(source: Source, at: int, end: int) -> int:
    while at < end:
        identity, inside = _vint(source, at, marked=True)
        if identity in _TOP:
            return at
        length, inside = _vint(source, inside, marked=False)
        if length < 0:
            raise Unreadable("a part of it does not say how long it is")
        at = inside + length
    return end


def _vint(source: Source, at: int, *, marked: bool) -> tuple[int, int]:
    """A number of its own length and where it ends; -1 for a size that is not written. Identities keep their marker bit."""
    first = source.number(at, 1)
    width = 9 - first.bit_length()
    if width > (4 if marked else 8):
        raise Unreadable("it is no WebM")
    number = source.number(at, width)
    if not marked:
        number &= (1 << (7 * width)) - 1
        number = -1 if number == (1 << (7 * width)) - 1 else number
    return number, at + width
