"""What a definition of an audience may look like: its JSON Schema, and the limits beyond it. Pure."""

from typing import Any

from groundswell.basics.languages import LONGEST
from groundswell.mailings.audiences.definition import ATOMS

LONGEST_TEXT = 20_000
DEEPEST = 8
MOST_CONDITIONS = 60
MOST_COMPOSED = 200
"""With everything that the saved audiences it names are made of."""
DEEPEST_COMPOSED = 20
POSTCODE = 4
"""So many characters of a postcode are kept: whoever asks for more would find nobody."""

# No control characters, no lone halves of a pair: neither is a name of anything.
_WORD = {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]+$"}
_SLUG = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,50}$"}
_DAY = {"type": "string", "pattern": "^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$"}
_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}


def _list(pattern: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "array", "minItems": 1, "maxItems": 200, "uniqueItems": True,
        "items": {"type": "string", "pattern": pattern, **more},
    }  # fmt: skip


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object", "additionalProperties": False, "required": required, "minProperties": 1, "properties": properties,
    }  # fmt: skip


_CONDITION = {"$ref": "#/$defs/condition"}
_SEVERAL = {"type": "array", "minItems": 1, "maxItems": 40, "items": _CONDITION}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Audience",
    "description": "Who a letter is for. Without `include`, everybody; then without everybody whom `exclude` names.",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "include": _CONDITION,
        "exclude": {"type": "array", "maxItems": 20, "items": _CONDITION},
        "cap": _object(
            ["letters", "days"], letters={"type": "integer", "minimum": 1, "maximum": 100},
            days={"type": "integer", "minimum": 1, "maximum": 90},
        ),
    },
    "$defs": {
        "condition": {
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
            "properties": {
                "all": _SEVERAL, "any": _SEVERAL, "not": _CONDITION,
                "signed": _SLUG, "source": _WORD, "joined_from": _WORD, "tag": _WORD, "topic": _WORD,
                "fact": _object(
                    ["name"], name=_SLUG, **{"is": {"anyOf": [_WORD, {"type": "boolean"}]}},
                    at_least={"anyOf": [{"type": "number", "minimum": -1e15, "maximum": 1e15}, _DAY]},
                    at_most={"anyOf": [{"type": "number", "minimum": -1e15, "maximum": 1e15}, _DAY]},
                ),
                "country": _list("^[A-Z]{2}$"),
                "region": {"type": "array", "minItems": 1, "maxItems": 200, "items": _WORD},
                "postcode_area": _list(f"^[A-Z0-9]{{1,{POSTCODE}}}$"),
                "language": _list("^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$", maxLength=LONGEST),
                "joined": {**_object([], **{"from": _DAY, "to": _DAY})},
                "mailed_within_hours": {"type": "integer", "minimum": 1, "maximum": 8760},
                "had_letters": _object(
                    ["at_least", "days"], at_least={"type": "integer", "minimum": 1, "maximum": 100},
                    days={"type": "integer", "minimum": 1, "maximum": 90}, coming={"type": "boolean"},
                ),
                "audience": _SLUG,
                "acted_within_days": {"type": "integer", "minimum": 1, "maximum": 7300},
                "share": _object(["of", "to"], of=_WORD, **{"from": _PERCENT, "to": _PERCENT}),
            },
        }
    },
}  # fmt: skip

if set(SCHEMA["$defs"]["condition"]["properties"]) != {"all", "any", "not", *ATOMS}:  # pragma: no cover
    raise AssertionError("the schema and the definition speak of different conditions")
