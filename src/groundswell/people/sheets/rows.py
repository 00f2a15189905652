"""A row understood: whose it is, what it says of them, and whether it may stand for a yes. Pure; nothing is looked up."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from groundswell.basics import postcodes
from groundswell.basics.addresses import Address, parse
from groundswell.basics.result import Problem
from groundswell.people.phones import normalised
from groundswell.people.rules import Reason, row_consents, row_reasons
from groundswell.people.sheets import countries, facts, languages
from groundswell.people.sheets.mapping import Plan

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_GO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)? ?(Z|[+-]\d\d:?\d\d)?(?: [A-Z]{1,5}| [+-]\d\d(?:\d\d)?)?(?: m=\S+)?"
).fullmatch
"""A moment as Go's programs write it (listmonk): with an offset behind a space, and the zone's name behind that."""
_MARKS = frozenset({"status", "unsubscribed", "bounced", "complained", "opted_in"})
_TOLD = 1000
"""Lines that are named for values of one field that we don't understand. A list may have a million of them."""
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
    unread: tuple[str, ...] = ()
    """Fields whose value was not understood, and left out."""

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
        columns = [(at, name) for at, name in plan.columns if name != "ignore"]
        self._marks = [(at, name) for at, name in columns if name in _MARKS]
        self._plain = [(at, name) for at, name in columns if name not in _MARKS]
        self._facts = list(dict.fromkeys(name for _, name in self._plain if name.startswith("fact:")))
        self._of_all = (("status", plan.status),) if plan.status else ()
        self._kinds, self._told, self._now = plan.kinds, Counter[str](), now

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
        unread: list[str] = []
        clear = _places(said, unread)
        sealed, e164 = _details(said, clear.get("country", ""))
        draft = Draft(
            line, email, sealed, clear, e164, self._joined(said.get("joined", ""), unread), _tags(said.get("tags", "")),
            self._facts_of(said, unread) if self._facts else {},
        )  # fmt: skip
        if self._marks or self._of_all:
            # A row that ends before such a column leaves it blank.
            marks = tuple([(name, cells[at] if at < width else "") for at, name in self._marks])
            draft.reasons, draft.consents = _word(marks + self._of_all)
        if unread:
            draft.unread = self._to_be_told(unread)
        return draft

    def _joined(self, text: str, unread: list[str]) -> datetime | None:
        found = _moment(text) if text else None
        if found is not None and found <= self._now:
            return found
        if text.strip("0-:/. TZ"):
            unread.append("joined")
        return None

    def _facts_of(self, said: Mapping[str, str], unread: list[str]) -> dict[str, str]:
        found = {}
        for name in self._facts:
            if value := _clean(said.get(name, "")):
                found[name[5:]] = value
                kind = self._kinds.get(name[5:])
                if kind is not None and facts.value_of(kind, value) is None:
                    unread.append(name[5:])
        return found

    def _to_be_told(self, unread: list[str]) -> tuple[str, ...]:
        self._told.update(unread)
        return tuple(name for name in unread if self._told[name] <= _TOLD)


@lru_cache(maxsize=20_000)
def _moment(text: str) -> datetime | None:
    """When; lists say days, and the same ones again and again."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        parts = _GO(text)
        if parts is None:
            return None
        try:
            found = datetime.fromisoformat(f"{parts[1]}T{parts[2]}{parts[3] or ''}")
        except ValueError:
            return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found.year >= 1990 else None


@lru_cache(maxsize=1000)
def _word(marks: tuple[tuple[str, str], ...]) -> tuple[frozenset[Reason], bool]:
    """What the columns about mail say together; lists say the same few things a million times.

    Several columns may say one thing (“do not contact” and “do not e-mail” both mean that somebody left): one no is enough,
    whatever the others say. And they may say different things: then each of them stands.
    """
    said = [{name: value} for name, value in marks]
    return frozenset[Reason]().union(*map(row_reasons, said)), all(map(row_consents, said))


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
    if phone and (phone := e164 or _clean(phone)):
        found["phone"] = phone
    if street and (street := _clean(street)[:300]):
        found["street"] = street
    return found, e164


def _places(said: Mapping[str, str], unread: list[str]) -> dict[str, str]:
    found = {}
    if text := said.get("language"):
        if language := languages.tag(text):
            found["language"] = language
        else:
            unread.append("language")
    if text := said.get("country"):
        if country := countries.code(text):
            found["country"] = country
        else:
            unread.append("country")
    if (text := said.get("region")) and (region := _clean(text)[:80]):
        found["region"] = region
    if (text := said.get("postcode_area")) and (area := postcodes.area(text)):
        found["postcode_area"] = area
    return found


def _clean(text: str) -> str:
    return text if text.isprintable() else " ".join(_CONTROL.sub(" ", text).split())


def _tags(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    found = (_clean(part.strip(' "'))[:60] for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in found if part))[:50]
