"""A row understood: whose it is, what it says of them, and whether it may stand for a yes. Pure; nothing is looked up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from groundswell.basics.addresses import Address, parse
from groundswell.basics.result import Problem
from groundswell.people.phones import normalised
from groundswell.people.rules import Reason, row_consents, row_reason
from groundswell.people.sheets import countries
from groundswell.people.sheets.mapping import Plan

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?").fullmatch
_MARKS = frozenset({"status", "unsubscribed", "bounced", "complained", "opted_in"})
_CAUTION: Mapping[Reason | None, int] = {None: 0, "unsubscribed": 1, "hard_bounce": 2, "legal": 3, "complaint": 4}
SEALED = ("given_name", "family_name", "phone", "street")
CLEAR = ("language", "country", "region", "postcode_area")


@dataclass(slots=True)
class Draft:
    """What a list says of one person. Its text shows nothing of them."""

    line: int
    email: Address
    sealed: dict[str, str]
    clear: dict[str, str]
    phone_e164: str | None
    joined: datetime | None
    tags: tuple[str, ...]
    facts: dict[str, str]
    reasons: frozenset[Reason] = frozenset()
    consents: bool = True
    rows: int = 1

    def __repr__(self) -> str:
        return f"Draft(line {self.line})"

    def join(self, other: "Draft") -> None:
        """The same person once more: blanks are filled, and the most cautious word about mail counts."""
        for name, value in other.sealed.items():
            self.sealed.setdefault(name, value)
        for name, value in other.clear.items():
            self.clear.setdefault(name, value)
        for name, value in other.facts.items():
            self.facts.setdefault(name, value)
        self.phone_e164 = self.phone_e164 or other.phone_e164
        self.joined = min(filter(None, (self.joined, other.joined)), default=None)
        self.tags = tuple(dict.fromkeys(self.tags + other.tags))
        self.reasons = self.reasons | other.reasons
        self.consents = self.consents and other.consents
        self.rows += other.rows


class Reader:
    """Understands rows under one plan."""

    def __init__(self, plan: Plan, *, now: datetime) -> None:
        self._columns = [(at, name) for at, name in plan.columns if name != "ignore"]
        self._marks = [(at, name) for at, name in self._columns if name in _MARKS]
        self._plain = [(at, name) for at, name in self._columns if name not in _MARKS]
        self._facts = [name for _, name in self._plain if name.startswith("fact:")]
        self._now = now

    def understand(self, line: int, cells: Sequence[str]) -> Draft | Problem:
        """The draft, or why the row can't be taken."""
        width = len(cells)
        said: dict[str, str] = {}
        for at, name in self._plain:
            if at < width and (value := cells[at].strip()) and name not in said:
                said[name] = value
        email = parse(said.pop("email", ""))
        if isinstance(email, Problem):
            return email
        clear = _places(said)
        sealed, e164 = _details(said, clear.get("country", ""))
        draft = Draft(
            line, email, sealed, clear, e164, self._joined(said.get("joined", "")), _tags(said.get("tags", "")),
            {name[5:]: said[name] for name in self._facts if name in said},
        )  # fmt: skip
        if self._marks:
            reason, draft.consents = _word(tuple((name, cells[at]) for at, name in self._marks if at < width))
            if reason:
                draft.reasons = frozenset((reason,))
        return draft

    def _joined(self, text: str) -> datetime | None:
        found = _moment(text) if text else None
        return found if found is not None and found <= self._now else None


@lru_cache(maxsize=20_000)
def _moment(text: str) -> datetime | None:
    """When; lists say days, and the same ones again and again."""
    try:
        found = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found.year >= 1990 else None


@lru_cache(maxsize=1000)
def _word(marks: tuple[tuple[str, str], ...]) -> tuple[Reason | None, bool]:
    """What the columns about mail say together; lists say the same few things a million times.

    Several columns may say one thing (“do not contact” and “do not e-mail” both mean that somebody left): one no is enough,
    whatever the others say.
    """
    said = [{name: value} for name, value in marks]
    reasons = {reason for row in said if (reason := row_reason(row)) is not None}
    return most_cautious(reasons), all(map(row_consents, said))


def _details(said: Mapping[str, str], country: str) -> tuple[dict[str, str], str | None]:
    given, family = _clean(said.get("given_name", "")), _clean(said.get("family_name", ""))
    if not given and not family and (whole := _clean(said.get("name", ""))):
        given, _, family = whole.partition(" ")
    phone = said.get("phone", "")[:40]
    e164 = normalised(phone, country) if phone else None
    street = ", ".join(part for part in (said.get("street", ""), said.get("city", "")) if part)
    found = {}
    if given:
        found["given_name"] = given[:120]
    if family:
        found["family_name"] = family[:120]
    if phone:
        found["phone"] = e164 or _clean(phone)
    if street and (street := _clean(street)[:300]):
        found["street"] = street
    return found, e164


def _places(said: Mapping[str, str]) -> dict[str, str]:
    found = {}
    if (text := said.get("language")) and _LANGUAGE(text):
        found["language"] = text.replace("_", "-")[:12]
    if (text := said.get("country")) and (country := countries.code(text)):
        found["country"] = country
    if (text := said.get("region")) and (region := _clean(text)[:80]):
        found["region"] = region
    if (text := said.get("postcode_area")) and (area := _area(text)):
        found["postcode_area"] = area
    return found


@lru_cache(maxsize=50_000)
def _area(postcode: str) -> str:
    """The first characters: enough for a region, too few for a door."""
    return "".join(mark for mark in postcode.upper().partition(" ")[0] if mark.isalnum())[:4]


def _clean(text: str) -> str:
    return text if text.isprintable() else " ".join(_CONTROL.sub(" ", text).split())


def _tags(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    found = (_clean(part.strip(' "'))[:60] for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in found if part))[:50]


def most_cautious(reasons: set[Reason]) -> Reason | None:
    """The reason that is shown where there are several."""
    return max(reasons, key=_CAUTION.__getitem__, default=None)
