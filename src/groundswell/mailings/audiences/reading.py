"""From text to a definition, or a clear refusal: whatever is in it, it is data. Pure."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from groundswell.basics.result import Refused
from groundswell.mailings.audiences.definition import Atom, Catalogue, Definition, build, conditions, evened
from groundswell.mailings.audiences.schema import (
    DEEPEST,
    DEEPEST_COMPOSED,
    LONGEST_TEXT,
    MOST_COMPOSED,
    MOST_CONDITIONS,
    POSTCODE,
    SCHEMA,
)


def _whole(validator: object, pattern: str, instance: object, schema: object) -> Iterator[ValidationError]:
    # In a JSON Schema “$” is the end. To Python it is also the place before a last line break: “FR\n” would be a country.
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError("of another form")


_VALIDATOR = extend(Draft202012Validator, {"pattern": _whole})(SCHEMA)  # type: ignore[no-untyped-call]


class Limits(NamedTuple):
    """How much a definition may be: conditions, parts of all kinds, and how deep they are nested."""

    conditions: int
    parts: int
    deepest: int


WRITTEN = Limits(MOST_CONDITIONS, 2 * MOST_CONDITIONS, DEEPEST)
"""What somebody writes."""
COMPOSED = Limits(MOST_COMPOSED, 5 * MOST_COMPOSED, DEEPEST_COMPOSED)
"""What it is with everything that the saved audiences it names are made of, and so what a letter keeps."""


def from_text(text: str) -> dict[str, Any]:
    """The JSON object that `text` is, of our shape; `Refused` says what is wrong and where."""
    if len(text) > LONGEST_TEXT:
        raise _wrong("audience-too-long", f"The definition is longer than {LONGEST_TEXT} characters.")
    try:
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep(WRITTEN) from None
    except ValueError as error:
        place = f" in line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _wrong("audience-no-json", f"The definition is no JSON{place}.") from None
    return checked(content)


def checked(content: Any, limits: Limits = WRITTEN) -> dict[str, Any]:
    """The same object, its languages as people have them, if it is of our shape."""
    _measure(content, limits)
    faults = sorted(_VALIDATOR.iter_errors(content), key=lambda fault: (-len(fault.absolute_path), str(list(fault.absolute_path))))
    if faults:
        raise _wrong("audience-shape", f"The definition is not understood at {_place(faults[0])}.", _mend(faults[0]))
    for atom in conditions(build(content)):
        _sensible(atom)
    return evened(content)


def understood(content: Any, catalogue: Catalogue, *, slug: str = "") -> Definition:
    """The definition, if everything that it names is there: an unknown petition would mean everybody has not signed it.

    It may be composed of saved audiences, never of itself: `slug` is the one that it is saved as. With all of them it is held
    to the limits that a letter's own copy is held to: what can be counted can be sent to.
    """
    definition = _composed(content, catalogue, (slug,), [MOST_COMPOSED])
    if any(atom.kind == "audience" for atom in conditions(definition)):
        _measure(_copy(content, catalogue), COMPOSED)
    return definition


def _composed(content: Any, catalogue: Catalogue, path: tuple[str, ...], left: list[int]) -> Definition:
    definition = _all_there(content, catalogue)
    left[0] -= len(conditions(definition))
    if left[0] < 0:
        raise _wrong("audience-too-much", f"With the audiences that it names, it has more than {MOST_COMPOSED} conditions.")
    for atom in conditions(definition):
        if atom.kind != "audience":
            continue
        if len(path) > DEEPEST_COMPOSED:
            raise _too_deep(COMPOSED)
        if atom.value in path:
            raise _wrong("audience-circle", f"The audience “{atom.value}” would be made of itself.", "Name another one.")
        try:
            _composed(catalogue.audiences[atom.value][1], catalogue, (*path, atom.value), left)
        except Refused as refused:
            (problem,) = refused.problems
            if problem.code in ("audience-circle", "audience-too-much", "audience-too-deep", "audience-within"):
                raise
            raise _wrong("audience-within", f"In the audience “{atom.value}”: {problem.message}", problem.mend) from None
    return definition


def flat(content: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The same definition without names of saved audiences, each in its place as conditions: a copy that nobody changes."""
    return checked(_copy(content, catalogue), COMPOSED)


def _copy(content: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    found = dict(content)
    if "include" in found:
        found["include"] = _flat(found["include"], catalogue)
    if "exclude" in found:
        found["exclude"] = [_flat(part, catalogue) for part in found["exclude"]]
    return found


def _flat(condition: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    ((kind, value),) = condition.items()
    if kind in ("all", "any"):
        return {kind: [_flat(part, catalogue) for part in value]}
    if kind == "not":
        return {"not": _flat(value, catalogue)}
    if kind != "audience":
        return dict(condition)
    inner = catalogue.audiences[value][1]
    parts = [inner["include"]] if "include" in inner else []
    parts += [{"not": part} for part in inner.get("exclude", ())]
    if cap := inner.get("cap"):
        parts.append({"not": {"had_letters": {"at_least": cap["letters"], "days": cap["days"], "coming": True}}})
    # Everybody is whoever is in the whole of any draw: a definition has no other way to say it inside of another.
    parts = parts or [{"share": {"of": "everybody", "to": 100}}]
    return _flat(parts[0] if len(parts) == 1 else {"all": parts}, catalogue)


def _all_there(content: Any, catalogue: Catalogue) -> Definition:
    definition = build(checked(content, COMPOSED))
    for atom in conditions(definition):
        known: Mapping[str, Any] | None = {
            "signed": catalogue.petitions, "tag": catalogue.tags, "topic": catalogue.topics, "fact": catalogue.facts,
            "audience": catalogue.audiences,
        }.get(atom.kind)  # fmt: skip
        name = atom.value["name"] if atom.kind == "fact" else atom.value
        if known is not None and name not in known:
            what = {"signed": "petition", "fact": "custom field", "audience": "saved audience"}.get(atom.kind, atom.kind)
            raise _wrong(f"audience-{atom.kind}", f"The definition names a {what} that is not there.", _there_are(known))
        if atom.kind == "fact":
            _fits(atom.value, catalogue.facts[name][1])
            _one_of(atom.value, catalogue)
    return definition


def _fits(value: Mapping[str, Any], kind: str) -> None:
    compares = "at_least" in value or "at_most" in value
    said = value.get("is")
    numbers = [value[key] for key in ("at_least", "at_most") if key in value]
    fits = {
        "choice": isinstance(said, str) and not compares,
        "yes": isinstance(said, bool) and not compares,
        "number": compares and said is None and not any(isinstance(number, str) for number in numbers),
        "date": compares and said is None and all(isinstance(number, str) for number in numbers),
    }[kind]
    if not fits:
        mend = {"choice": "`is` and a word", "yes": "`is` and true or false", "number": "`at_least` or `at_most` and a number",
                "date": "`at_least` or `at_most` and a day"}[kind]  # fmt: skip
        raise _wrong("audience-fact", "A custom field is compared with something it can't be.", f"Give it {mend}.")


def _one_of(value: Mapping[str, Any], catalogue: Catalogue) -> None:
    """A word that nobody can have would leave nobody out, and say nothing."""
    words = catalogue.choices.get(value["name"])
    if words and value["is"] not in words and not catalogue.in_use(value["name"], value["is"]):
        label = catalogue.facts[value["name"]][2]
        raise _wrong("audience-choice", f"The definition asks for a word that “{label}” does not have.", _there_are(words))


def _sensible(atom: Atom) -> None:
    try:
        if atom.kind == "joined":
            first, last = (date.fromisoformat(atom.value[key]) if key in atom.value else None for key in ("from", "to"))
            if first and last and last < first:
                raise _wrong("audience-joined", "The definition asks for people who joined after a day and before an earlier one.")
        if atom.kind == "fact":
            for key in ("at_least", "at_most"):
                if isinstance(atom.value.get(key), str):
                    date.fromisoformat(atom.value[key])
    except ValueError:
        raise _wrong("audience-day", "The definition names a day that no calendar has.", "Write 2026-01-31.") from None
    if atom.kind == "share" and atom.value.get("from", 0) >= atom.value["to"]:
        raise _wrong("audience-share", "A share ends where it begins, or before.", "`to` has to be more than `from`.")


def _measure(content: Any, limits: Limits) -> None:
    count, level = 0, [content]
    for _ in range(3 * limits.deepest):
        following: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                following.extend(value.values())
                if not all(isinstance(key, str) for key in value):
                    raise _wrong("audience-shape", "The definition is not understood: a name is no text.")
            elif isinstance(value, list):
                following.extend(value)
        count += sum(isinstance(value, dict) for value in following)
        if count > limits.parts:
            raise _wrong("audience-too-much", f"The definition has more than {limits.conditions} conditions.")
        if not following:
            return
        level = following
    raise _too_deep(limits)


def _too_deep(limits: Limits) -> Refused:
    within = "With the audiences that it names, the" if limits is COMPOSED else "The"
    return _wrong("audience-too-deep", f"{within} definition is nested more than {limits.deepest} deep.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _place(fault: ValidationError) -> str:
    path = [str(part) if isinstance(part, int) or part in _NAMES else "?" for part in fault.absolute_path]
    return "/".join(path) or "its beginning"


_NAMES = {"include", "exclude", "cap", "letters", "days", *SCHEMA["$defs"]["condition"]["properties"], "name", "is", "at_least",
          "at_most", "from", "to", "of"}  # fmt: skip


def _mend(fault: ValidationError) -> str:
    if "postcode_area" in fault.absolute_path and fault.validator == "pattern":
        return f"Of a postcode, the first {POSTCODE} letters and digits are kept: write no more, in capitals, as in SW1A or 750."
    if fault.validator in ("additionalProperties", "maxProperties", "minProperties"):
        allowed = sorted(fault.schema.get("properties", {})) if isinstance(fault.schema, dict) else []
        return f"Exactly one of: {', '.join(allowed)}." if "all" in allowed else f"Allowed: {', '.join(allowed)}."
    if fault.validator == "required":
        return f"Needed: {', '.join(map(str, _listed(fault.validator_value)))}."
    return {
        "type": f"It should be of type {fault.validator_value}.", "pattern": "It is not of the form that it should have.",
        "minimum": f"It should be at least {fault.validator_value}.", "maximum": f"It should be at most {fault.validator_value}.",
        "maxItems": f"At most {fault.validator_value}.", "maxLength": f"At most {fault.validator_value} characters.",
    }.get(str(fault.validator), "See the schema: groundswell audience schema.")  # fmt: skip


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _there_are(known: Collection[str]) -> str:
    names = sorted(known)[:12]
    return f"There are: {', '.join(names)}." if names else "There is none yet."


def _wrong(code: str, message: str, mend: str = "") -> Refused:
    return Refused.because(code, message, mend)
