"""What a letter's subject and bodies are made of: constant text, slots that a person fills, and choices by a fact.

A template is a tuple of pieces. It is data: it names fields and filters, and can neither compute nor call anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that one person fills. `fallback` stands where the value is missing; `filters` apply in order.

    `name` is a field (`first_name`), a fact of the action (`count`, `goal`), `link:<position>` or `unsubscribe`.
    """

    name: str
    fallback: str = ""
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Text for people whose `fact` is one of `values` (any value at all where none is named), other text for the rest."""

    fact: str
    values: tuple[str, ...]
    then: "Template"
    otherwise: "Template" = ()

    def holds(self, value: str | None) -> bool:
        """Whether a person with this value of the fact reads `then`. Letter case does not count."""
        if value is None or not value.strip():
            return False
        return not self.values or value.strip().casefold() in {wanted.casefold() for wanted in self.values}


Piece = str | Slot | Choice
Template = tuple[Piece, ...]


def pieces_to_json(template: Template) -> list[Any]:
    """Plain lists and dictionaries; `pieces_from_json` gives back an equal template."""
    return [_piece_to_json(piece) for piece in template]


def pieces_from_json(content: Sequence[Any]) -> Template:
    """The template that `pieces_to_json` described."""
    return tuple(_piece_from_json(piece) for piece in content)


def slots(template: Template) -> Iterator[Slot]:
    """Every slot, both sides of a choice included, in reading order."""
    for piece in template:
        if isinstance(piece, Slot):
            yield piece
        elif isinstance(piece, Choice):
            yield from slots(piece.then)
            yield from slots(piece.otherwise)


def facts(template: Template) -> Iterator[str]:
    """The facts that choices ask for, in reading order, each as often as it is asked."""
    for piece in template:
        if isinstance(piece, Choice):
            yield piece.fact
            yield from facts(piece.then)
            yield from facts(piece.otherwise)


def filled(template: Template, value_of: Callable[[Slot], str], fields: Mapping[str, str | None]) -> str:
    """The text one person reads: slots by `value_of`, choices by `fields`."""
    return "".join(_filled(template, value_of, fields))


def _filled(template: Template, value_of: Callable[[Slot], str], fields: Mapping[str, str | None]) -> Iterator[str]:
    for piece in template:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Slot):
            yield value_of(piece)
        else:
            yield from _filled(piece.then if piece.holds(fields.get(piece.fact)) else piece.otherwise, value_of, fields)


def _piece_to_json(piece: Piece) -> Any:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Slot):
        return {"slot": piece.name, "fallback": piece.fallback, "filters": list(piece.filters)}
    return {
        "if": piece.fact,
        "is": list(piece.values),
        "then": pieces_to_json(piece.then),
        "else": pieces_to_json(piece.otherwise),
    }


def _piece_from_json(content: Any) -> Piece:
    if isinstance(content, str):
        return content
    if "slot" in content:
        return Slot(content["slot"], content["fallback"], tuple(content["filters"]))
    return Choice(content["if"], tuple(content["is"]), pieces_from_json(content["then"]), pieces_from_json(content["else"]))
