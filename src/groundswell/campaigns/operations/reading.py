"""What somebody gives as an entry, read and looked at; the database is not asked yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from groundswell.basics.result import Problem, Refused
from groundswell.campaigns import errors
from groundswell.campaigns.rules.dates import Dated, read_date
from groundswell.campaigns.rules.names import slug_of
from groundswell.campaigns.rules.standing import BEARINGS
from groundswell.campaigns.rules.words import CERTAINTIES, KINDS

_BEARING_OF = {"extension": "extends", "narrowing": "narrows", "end": "withdraws"}
_CERTAINTY_OF = {"found-copy": "copy", "": "found"}
_NEEDED = {"actor": "who acted", "subject": "a headline", "summary": "a summary"}
_LONGEST = {"actor": 200, "subject": 300, "said_by": 200, "until": 200}


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that can be written."""

    key: str
    facts: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]
    target: str = ""
    commitment: str = ""
    corrects: str = ""
    disputes: str = ""
    answers: str = ""

    @property
    def points_to(self) -> tuple[str, ...]:
        """The keys that must be there before this one."""
        return tuple(key for key in (self.corrects, self.disputes, self.answers) if key)


def read_draft(given: Mapping[str, Any], today: date) -> tuple[Draft | None, list[Problem]]:
    """The entry, or everything that is wrong with it, at once."""
    problems = list[Problem]()
    said = {name: str(value).strip() for name, value in given.items() if isinstance(value, str)}

    def text(name: str) -> str:
        return said.get(name, "")

    dated = _dated(text("dated"), text("precision"), bool(given.get("about")), problems)
    if dated is not None and dated.first > today:
        problems.append(errors.FUTURE)
    kind = text("kind")
    if kind not in KINDS:
        problems.append(_unknown("kind", kind, KINDS))
    certainty = _CERTAINTY_OF.get(text("certainty"), text("certainty"))
    if certainty not in CERTAINTIES:
        problems.append(_unknown("certainty", certainty, CERTAINTIES))
    for name, words in _NEEDED.items():
        if not text(name):
            problems.append(Problem("entry-incomplete", f"The entry does not say {words}.", "Add it.", context={"field": name}))
    for name, longest in _LONGEST.items():
        if len(text(name)) > longest:
            problems.append(
                Problem("too-long", f"“{name}” is longer than {longest} characters.", "Shorten it.", context={"field": name})
            )
    sources = _sources(given, problems)
    commitment = text("commitment")
    bearing = text("bearing") if "bearing" in said else (_BEARING_OF.get(kind, "") if commitment else "")
    if bearing and bearing not in BEARINGS:
        problems.append(_unknown("bearing", bearing, BEARINGS))
    if bearing and not commitment:
        problems.append(
            Problem(
                "bearing-alone", "The entry bears on a commitment, and names none.", "Name it.", context={"field": "commitment"}
            )
        )
    expires, no_date = _expires(given.get("expires"), problems)
    begins = _day("begins", given.get("begins"), problems)
    subject = text("subject")
    key = text("key") or f"{text('dated')}-{kind}-{slug_of(text('actor'))[:30]}-{slug_of(subject)[:40]}".lower()
    key = "-".join(part for part in key.replace("_", "-").split("-") if part)[:120]
    if text("corrects") and text("corrects") == key:
        problems.append(errors.CIRCLE)
    if problems or dated is None:
        return None, problems
    facts = {
        "dated": dated.text, "precision": dated.precision, "about": dated.about, "first_day": dated.first,
        "last_day": dated.last, "kind": kind, "actor": text("actor"), "subject": subject, "summary": text("summary"),
        "wording": text("wording"), "scope": text("scope"), "said_by": text("said_by"), "certainty": certainty,
        "note": text("note"), "bearing": bearing, "expires_on": expires, "no_date": no_date, "until": text("until"),
        "conditions": text("conditions"), "begins_on": begins,
    }  # fmt: skip
    return Draft(
        key, facts, sources, text("target"), commitment, text("corrects"), text("disputes"), text("answers")
    ), problems  # fmt: skip


def _dated(text: str, precision: str, about: bool, problems: list[Problem]) -> Dated | None:
    try:
        return read_date(text, precision, about=about)
    except Refused as refused:
        problem = refused.problems[0]
        problems.append(Problem(problem.code, problem.message, problem.mend, context={"field": "dated"}))
        return None


def _sources(given: Mapping[str, Any], problems: list[Problem]) -> list[dict[str, Any]]:
    """The list under `sources`, or the one source that stands beside the other fields."""
    listed = given.get("sources")
    if listed is None:
        flat = {
            "publisher": given.get("publisher", ""), "title": given.get("source_title", ""), "url": given.get("source_url", ""),
            "dated": given.get("source_date", ""),
        }  # fmt: skip
        listed = [flat] if any(str(value).strip() for value in flat.values()) else []
    if not listed:
        problems.append(errors.NO_SOURCE)
    return [_source(source, problems) for source in listed]


def _source(source: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    url, copy = str(source.get("url") or "").strip(), source.get("copy") or None
    for field, name in (("publisher", "publisher"), ("title", "title")):
        if not str(source.get(field) or "").strip():
            problems.append(errors.missing(f"source_{field}", name))
    if not url and not copy:
        problems.append(errors.missing("source_url", "address", "Give its address, or keep a copy of it."))
    elif url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname or len(url) > 600):
        problems.append(
            Problem(
                "source-address", "The source's address is none of the web.",
                "It should look like https://example.org/page; for paper, keep a copy.", context={"field": "source_url"},
            )
        )  # fmt: skip
    return {
        "publisher": str(source.get("publisher") or "").strip()[:200], "title": str(source.get("title") or "").strip()[:400],
        "url": url, "dated": str(source.get("dated") or source.get("date") or "").strip()[:40],
        "retrieved_on": _day("retrieved_on", source.get("retrieved_on"), problems),
        "original": bool(source.get("original", True)), "copy_id": copy, "note": str(source.get("note") or "").strip(),
    }  # fmt: skip


def _expires(value: Any, problems: list[Problem]) -> tuple[date | None, bool]:
    if isinstance(value, str) and value.strip().lower() == "no date":
        return None, True
    return _day("expires", value, problems), False


def _day(field: str, value: Any, problems: list[Problem]) -> date | None:
    if value is None or isinstance(value, date):
        return value
    if not str(value).strip():
        return None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        problems.append(Problem("date-unreadable", f"“{value}” is no day.", "Write it as 2021-05-18.", context={"field": field}))
        return None


def _unknown(field: str, value: str, known: Sequence[str]) -> Problem:
    return Problem(
        f"{field}-unknown", f"“{value}” is no {field} of an entry.", f"Choose: {', '.join(known)}.", context={"field": field}
    )
