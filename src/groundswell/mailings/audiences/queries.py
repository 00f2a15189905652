"""Audiences counted and explained: one statement each, of our own making."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.actions import queries as actions
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings.audiences import compiling
from groundswell.mailings.audiences.definition import Catalogue, Definition, Sent
from groundswell.mailings.audiences.reading import flat, understood
from groundswell.mailings.audiences.statement import Statement
from groundswell.mailings.audiences.words import said, text
from groundswell.mailings.models import Audience, Reached
from groundswell.people import queries as people
from groundswell.post import queries as post
from groundswell.post.wishes import anybody_wishes

_CORES = os.cpu_count() or 2
# As many as there are cores, the one that asks among them: more would only wait for each other. Two are quicker with a hash
# table each than with one that both fill and look things up in: a sixth of the time, of ten million people.
QUICKLY = (
    f"SET LOCAL work_mem = '256MB'; SET LOCAL max_parallel_workers_per_gather = {max(1, _CORES - 1)};"
    f" SET LOCAL enable_parallel_hash = {'on' if _CORES > 2 else 'off'}"
)


@dataclass(frozen=True, slots=True)
class Explained:
    """An audience in numbers: who would get a letter, and who not, by reason."""

    eligible: int
    left_out: Mapping[str, int]
    words: str
    """“42,113 people: 51,000 who have signed …, minus 8,887 no consent, …”."""
    depends: int = 0
    """So many of the eligible get it only where it is about the one campaign that they want letters on."""


@dataclass(frozen=True, slots=True)
class AudienceView:
    """A saved audience."""

    slug: str
    name: str
    definition: Mapping[str, Any]
    words: str


def catalogue() -> Catalogue:
    """What a definition can name: the petitions, tags, topics, custom fields and saved audiences that are there."""
    tags, topics, facts = people.named_things()
    petitions = {slug: (number, title) for slug, number, title in actions.titles()}
    kept = {
        row[0]: row[1:] for row in Reached.objects.exclude(bits=None).values_list("letter_id", "first_at", "last_at", "numbers")
    }
    letters = [
        Sent(sent.letter, sent.lodged_at, *kept.get(sent.letter, (None, None, 0)), sent.last_day, sent.waiting)
        for sent in post.list_letters()
    ]
    saved = {
        slug: (name, content) for slug, name, content in Audience.objects.order_by("name").values_list("slug", "name", "definition")
    }
    return Catalogue(
        petitions, tags, topics, facts, letters, saved, actions.kinds(), anybody_wishes(), people.choices(), people.word_in_use
    )


def count(content: Any, *, now: datetime, topic: int | None = None) -> int:
    """How many would get a letter now (on this topic, where that is known): what is shown while a person edits."""
    return int(_asked(content, compiling.count, now, topic)[2][0][0])


def explain(content: Any, *, now: datetime, topic: int | None = None) -> Explained:
    """The audience in numbers and in a sentence, for a letter on this topic; without one, for whatever it will be about."""
    definition, names, rows = _asked(content, compiling.explain, now, topic)
    eligible, depends, found = 0, 0, Counter[str]()
    for why, may, only_on_one, *numbers in rows:
        if why:
            found[why] += may + sum(numbers)
        else:
            eligible, depends = may, only_on_one
            # One by one: two exclusions may be told in the same words.
            for reason, number in zip(compiling.reasons(definition, names), numbers, strict=True):
                found[reason] += number
    left_out = {why: number for why, number in sorted(found.items(), key=lambda each: (-each[1], each[0])) if number}
    return Explained(eligible, left_out, _sentence(definition, names, eligible, left_out, depends), depends)


def members(content: Any, *, now: datetime, topic: int | None = None) -> Iterator[tuple[PersonRef, str]]:
    """Everybody of it, each with the reason they are left out for, or none."""
    with transaction.atomic():
        hold_still()
        names = catalogue()
        statement = compiling.people(understood(content, names), names, now=now, topic=topic)
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement.sql, statement.values)
            while rows := cursor.fetchmany(10_000):
                yield from ((PersonRef(person), why) for person, why in rows)


def hold_still() -> None:
    """What is known of letters that have left stays as it is until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM mailings_reached FOR SHARE")


def in_words(content: Any) -> str:
    """The definition as a text that a person can check."""
    names = catalogue()
    return text(understood(content, names), names)


def audiences() -> list[AudienceView]:
    """The saved ones, by name. One that names something that is gone says so instead of its text."""
    names = catalogue()
    return [_view(row, names) for row in Audience.objects.order_by("name")]


def audience_named(slug: str) -> AudienceView | None:
    """The saved audience of this slug."""
    row = Audience.objects.filter(slug=slug).first()
    return _view(row, catalogue()) if row else None


def copy_of(slug: str) -> dict[str, Any]:
    """A saved audience's definition for a letter to keep, flat: no other audience can change it. Refused where it is gone."""
    names = catalogue()
    if slug not in names.audiences:
        raise Refused.because("audience-unknown", f"There is no audience “{slug}”.", "Save it first, or choose one of the list.")
    content = names.audiences[slug][1]
    understood(content, names, slug=slug)
    return flat(content, names)


def in_use(persons: Sequence[int]) -> set[int]:
    """Who of these people signed something, was written to, or is whom letters of ours go to: that must not be lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM actions_signature WHERE person_id = ANY(%(persons)s)"
            " UNION SELECT person_id FROM post_delivery WHERE person_id = ANY(%(persons)s)"
            " UNION SELECT person_id FROM actions_recipient WHERE person_id = ANY(%(persons)s)"
            " UNION SELECT person_id FROM campaigns_targetcontact WHERE person_id = ANY(%(persons)s) AND ended_at IS NULL",
            {"persons": list(persons)},
        )
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def quickly() -> Iterator[CursorWrapper]:
    """A cursor with memory for large joins, and every core for the time of one statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(QUICKLY)
        yield cursor


def _asked(
    content: Any, compiled: Callable[..., Statement], now: datetime, topic: int | None
) -> tuple[Definition, Catalogue, list[tuple[Any, ...]]]:
    """The answer to one statement. What was kept of a letter may be let go between looking and asking: then once more."""
    for again in (True, False):
        names = catalogue()
        definition = understood(content, names)
        statement = compiled(definition, names, now=now, topic=topic)
        try:
            with quickly() as cursor:
                cursor.execute(statement.sql, statement.values)
                return definition, names, list(cursor.fetchall())
        except DataError:
            if not again:
                raise
    raise AssertionError("one of two returns or raises")


def _view(row: Audience, names: Catalogue) -> AudienceView:
    try:
        words = text(understood(row.definition, names), names)
    except Refused as refused:
        words = str(refused.problems[0])
    return AudienceView(row.slug, row.name, row.definition, words)


def _sentence(definition: Definition, names: Catalogue, eligible: int, left_out: Mapping[str, int], depends: int) -> str:
    total = eligible + sum(left_out.values())
    who = f"who {said(definition.include, names)}" if definition.include else "on the list"
    minus = "".join(f", minus {count:,} {_plural(why)}" for why, count in left_out.items())
    asked = f" {depends:,} of those who get it asked for letters on one campaign only, and get it where it is about that one."
    return f"{eligible:,} {'person' if eligible == 1 else 'people'}: {total:,} {who}{minus}.{asked if depends else ''}"


def _plural(why: str) -> str:
    """A reason after a number: it is said of one person in a row, and of many here."""
    if why.startswith(("left out: ", "had ", "asked ")):
        return f"who {why.removeprefix('left out: ')}"
    return {
        "has signed already": "who have signed already", "no consent": "without consent", "hard bounce": "who can't be reached",
        "unsubscribed": "who unsubscribed", "complaint": "who complained", "legal": "who asked not to be written to",
        "no contact details": "without contact details",
    }.get(why, f"({why})")  # fmt: skip
