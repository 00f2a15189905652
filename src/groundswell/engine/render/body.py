"""The body as a program: encoded constants and slots, one straight run for each way that the letter's choices can go.

Values stand on lines of their own between soft line breaks, which vanish on decoding; so no constant is ever encoded,
wrapped or escaped again for a person.
"""

import base64
from collections.abc import Iterator, Mapping

from groundswell.engine.message import Letter, Picture
from groundswell.engine.mime import quoted_printable
from groundswell.engine.pieces import Choice, Piece, Slot, Template, slots
from groundswell.engine.render.values import constant_of, escaped

_SOFT = b"=\r\n"
_MANY = 512

Program = tuple[tuple[bytes, ...], tuple[int, ...]]
"""Constants with an empty place at every second position, and what goes there: twice the slot's number, one more in HTML."""


class Body:
    """Both parts of a letter (and its pictures), ready to be filled."""

    def __init__(self, letter: Letter, boundary: str) -> None:
        self._letter, self._boundary = letter, boundary
        everywhere = (*slots(letter.text), *slots(letter.html))
        self.slots = list(dict.fromkeys(slot for slot in everywhere if constant_of(slot, letter) is None))
        self._choices = tuple(_choices(letter.text)) + tuple(_choices(letter.html))
        self._programs: dict[tuple[bool, ...], Program] = {}
        self._only = None if self._choices else self._written({})

    def program(self, fields: Mapping[str, str | None]) -> Program:
        """The run of constants and slots for a person with these fields."""
        if self._only is not None:
            return self._only
        ways = tuple(choice.holds(fields.get(choice.fact)) for choice in self._choices)
        found = self._programs.get(ways)
        if found is None:
            if len(self._programs) >= _MANY:
                self._programs.clear()
            found = self._programs[ways] = self._written(fields)
        return found

    def _written(self, fields: Mapping[str, str | None]) -> Program:
        letter, boundary = self._letter, self._boundary
        run: list[bytes | tuple[int, bool]] = [f"--{boundary}\r\n".encode(), _part("text/plain")]
        run += self._encoded(letter.text, fields, False)
        run.append(f"\r\n--{boundary}\r\n".encode())
        if letter.pictures:
            run.append(_related(boundary))
        run.append(_part("text/html"))
        run += self._encoded(letter.html, fields, True)
        run += [b"\r\n", *(_picture(picture, boundary) for picture in letter.pictures)]
        if letter.pictures:
            run.append(f"--{boundary}.r--\r\n".encode())
        run.append(f"--{boundary}--\r\n".encode())
        return _joined(run)

    def _encoded(self, template: Template, fields: Mapping[str, str | None], in_html: bool) -> Iterator[bytes | tuple[int, bool]]:
        constant, after_slot = "", False
        for piece in [*_chosen(template, fields), None]:
            text = piece if isinstance(piece, str) else None if piece is None else constant_of(piece, self._letter)
            if text is not None:
                constant += escaped(text) if in_html and not isinstance(piece, str) else text
                continue
            if after_slot and not constant.startswith("\n"):
                yield _SOFT
            encoded = quoted_printable(constant)
            yield encoded
            if isinstance(piece, Slot):
                if encoded and not encoded.endswith(b"\r\n"):
                    yield _SOFT
                yield self.slots.index(piece), in_html
            constant, after_slot = "", True


def _joined(run: list[bytes | tuple[int, bool]]) -> Program:
    constants, places = [b""], list[int]()
    for item in run:
        if isinstance(item, bytes):
            constants[-1] += item
        else:
            places.append(2 * item[0] + item[1])
            constants += b"", b""
    return tuple(constants), tuple(places)


def _chosen(template: Template, fields: Mapping[str, str | None]) -> Iterator[str | Slot]:
    for piece in template:
        if isinstance(piece, Choice):
            yield from _chosen(piece.then if piece.holds(fields.get(piece.fact)) else piece.otherwise, fields)
        else:
            yield piece


def _choices(template: Template) -> Iterator[Choice]:
    for piece in template:
        if isinstance(piece, Choice):
            yield piece
            yield from _choices(piece.then)
            yield from _choices(piece.otherwise)


def _part(kind: str) -> bytes:
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()


def _related(boundary: str) -> bytes:
    return (f'Content-Type: multipart/related; type="text/html";\r\n boundary="{boundary}.r"\r\n\r\n--{boundary}.r\r\n').encode()


def _picture(picture: Picture, boundary: str) -> bytes:
    coded = base64.b64encode(picture.data)
    lines = b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
    head = (
        f"--{boundary}.r\r\nContent-Type: {picture.content_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{picture.content_id}>\r\nContent-Disposition: inline\r\n\r\n"
    )
    return head.encode() + lines + b"\r\n"


__all__ = ["Body", "Piece", "Program"]
