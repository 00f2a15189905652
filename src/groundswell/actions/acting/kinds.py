"""The kinds of action and what each needs beyond its words: plain data, read strictly. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from groundswell.actions.acting.places import Place, reads
from groundswell.basics.addresses import parse
from groundswell.basics.result import Problem, Refused

PETITION = "petition"
KINDS = (PETITION, "letter", "call", "pledge", "photo", "event")
HANDED_OVER = frozenset({PETITION, "pledge"})
"""Kinds whose names are handed to the target: their pages say so, and the others' pages say the opposite."""
REPEATED = frozenset({"call"})
"""What may be done again: each time is a deed of its own, by one person who is counted once."""
MOST_OFFICES = 400
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{3,24}")


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody in office whom people write to or call: what is public of them, and whose they are (empty: everybody's)."""

    name: str
    address: str = ""
    """Their public mail address or telephone number; empty where it lies in the vault."""
    role: str = ""
    places: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """From plain data."""
        places = content.get("places") or ()
        if isinstance(places, str):
            places = [part.strip() for part in re.split(r"[,;\n]", places) if part.strip()]
        name, address, role = (str(content.get(key) or "").strip() for key in ("name", "address", "role"))
        return cls(name, address, role, tuple(places))


@dataclass(frozen=True, slots=True)
class LetterAct:
    """A letter to the target: from the person's own mail program, or sent by us with Reply-To of the person."""

    subject: str
    text: str
    ours: bool = False
    offices: tuple[Office, ...] = ()
    """Whom the person's own mail program writes to; where we send, the recipients lie in the vault."""
    per_hour: int = 60
    """Letters that one recipient gets from us in an hour at most; the others wait their turn."""

    def problems(self) -> list[Problem]:
        """What an author must mend."""
        found = [] if self.subject.strip() and self.text.strip() else [_wrong("letter", "The letter has no subject or no text.")]
        if not self.ours:
            found += _unreachable(self.offices, mail=True)
        return found + ([] if 1 <= self.per_hour <= 3600 else [_wrong("per_hour", "Choose 1 to 3,600 letters an hour.")])


@dataclass(frozen=True, slots=True)
class CallAct:
    """A call: what to say, and to whom."""

    script: str
    offices: tuple[Office, ...]

    def problems(self) -> list[Problem]:
        """What an author must mend."""
        return ([] if self.script.strip() else [_wrong("script", "There is nothing to say.")]) + _unreachable(
            self.offices, mail=False
        )


@dataclass(frozen=True, slots=True)
class PledgeAct:
    """A promise of the person's own, until the target keeps its own."""

    until: str
    """“they end it in writing”, after “until”."""
    commitment: str = ""
    """The slug of the commitment on the record: when it is kept, the pledge is over."""

    def problems(self) -> list[Problem]:
        """What an author must mend."""
        return [] if self.until.strip() else [_wrong("until", "A pledge needs its end: until when?")]


@dataclass(frozen=True, slots=True)
class PhotoAct:
    """A photo of oneself with a sign."""

    sign: str
    """What stands on the sign."""
    shown: int = 60
    """Photos on the page at most, the newest first."""

    def problems(self) -> list[Problem]:
        """What an author must mend."""
        return [] if self.sign.strip() else [_wrong("sign", "It is not said what stands on the sign.")]


@dataclass(frozen=True, slots=True)
class EventAct:
    """A meeting at a time and a place."""

    starts: str
    ends: str
    zone: str
    place: str
    capacity: int = 0
    """Seats; 0 for as many as come."""
    cancelled: bool = False

    @property
    def begins_at(self) -> datetime:
        """With its zone."""
        return datetime.fromisoformat(self.starts).replace(tzinfo=ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """With its zone."""
        return datetime.fromisoformat(self.ends).replace(tzinfo=ZoneInfo(self.zone))

    def problems(self) -> list[Problem]:
        """What an author must mend."""
        try:
            right = self.begins_at < self.ends_at
        except (ValueError, ZoneInfoNotFoundError):
            return [_wrong("when", "The times or the time zone are not understood.")]
        found = [] if right else [_wrong("when", "The event ends before it begins.")]
        return found + ([] if self.place.strip() else [_wrong("place", "It is not said where it is.")])


Act = LetterAct | CallAct | PledgeAct | PhotoAct | EventAct
_OF: Mapping[str, type[Act]] = {
    "letter": LetterAct, "call": CallAct, "pledge": PledgeAct, "photo": PhotoAct, "event": EventAct,
}  # fmt: skip


def act_of(kind: str, setting: Mapping[str, Any]) -> Act | None:
    """What an action of this kind needs; None for a petition. `Refused` where the setting is not of that kind."""
    if kind == PETITION:
        return None
    made = _OF.get(kind)
    if made is None:
        raise Refused.because("action-kind", f"There is no action of the kind “{kind}”.", f"There are: {', '.join(KINDS)}.")
    values = {key: value for key, value in setting.items() if key in made.__dataclass_fields__ and value is not None}
    if "offices" in made.__dataclass_fields__:
        values["offices"] = tuple(Office.of(office) for office in values.get("offices", ()))[:MOST_OFFICES]
    try:
        return made(**values)
    except TypeError:
        missing = ", ".join(each.name for each in fields(made) if each.default is MISSING and each.name not in values)
        raise Refused.because("action-setting", f"An action of the kind “{kind}” lacks: {missing}.", "Fill it in.") from None


def setting_of(kind: str, setting: Mapping[str, Any]) -> dict[str, Any]:
    """The setting as it is kept; `Refused` where it is not whole."""
    act = act_of(kind, setting)
    if act is None:
        return {}
    if problems := act.problems():
        raise Refused(*problems)
    kept: dict[str, Any] = asdict(act)
    if "offices" in kept:
        kept["offices"] = [{**office, "places": list(office["places"])} for office in kept["offices"]]
    return kept


def _unreachable(offices: Sequence[Office], *, mail: bool) -> list[Problem]:
    found = [] if offices else [_wrong("offices", "Nobody is named to write to." if mail else "Nobody is named to call.")]
    for office in offices:
        good = not isinstance(parse(office.address), Problem) if mail else bool(_NUMBER.fullmatch(office.address))
        if not good or not office.name:
            what = "mail address" if mail else "telephone number"
            found.append(_wrong("offices", f"“{office.name or 'Somebody'}” needs a name and a {what} that can be right."))
        found += [
            _wrong("offices", f"“{place}” is no place: write a country, or a country and a region or the beginning of a postcode.")
            for place in office.places if reads(place) == Place("", "")
        ]  # fmt: skip
    return found


def _wrong(what: str, message: str) -> Problem:
    return Problem(f"action-{what}", message, "Mend it, then publish.")
