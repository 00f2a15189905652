"""An installation of its own for measuring: database, keys, people in the sealed vault, letters, rows."""

import csv
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from groundswell.basics.ids import LetterId, PersonRef
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Letter, Sender

SIGNED, PLAIN = "signed.example.org", "plain.example.org"
"""From-domains with and without a key."""


@contextmanager
def installation(folder: Path) -> Iterator[None]:
    """Django and a running database in `folder`, with the durability that an operator gets: nothing is turned off."""
    os.environ["GROUNDSWELL_DATA"] = str(folder)
    os.environ["GROUNDSWELL_MODE"] = "development"
    os.environ.pop("DATABASE_URL", None)
    from groundswell.cli import ready
    from groundswell.site.installation import make_folder, make_keys
    from groundswell.site.settings import load

    settings = load()
    make_folder(settings)
    if not settings.key_folder.path("vault").exists():
        make_keys(settings)
    with ready.database():
        from groundswell.cli.signing import ensure_dkim_key

        ensure_dkim_key(SIGNED)
        yield


def people(folder: Path, count: int) -> list[PersonRef]:
    """`count` people who agreed, each sealed in the vault; those that are there already are used again."""
    from groundswell.people.operations import import_list
    from groundswell.people.queries import standings

    found = [person for person, why in standings() if not why]
    if len(found) < count:
        names = random.Random(1)  # noqa: S311 (names for measuring)
        path = folder / "people.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["email", "first name", "last name", "language"])
            for number in range(count):
                given = names.choice(["Ada", "Zoë", "Jürgen", "Amina", "李", "Olga", "", "Sean O'Neill"])
                rows.writerow([f"person{number}@example{number % 50}.org", given, "Example", "en"])
        import_list(path, organisation="Bench", wording="Yes, write to me.", source="a bench", now=datetime.now(UTC))
        found = [person for person, why in standings() if not why]
    return found[:count]


def letter(size: int, domain: str) -> Letter:
    """A letter of about `size` bytes on the wire, with the slots that every appeal has."""
    sender = Sender(
        "Lucía Romero", "and the team", "Common Ground", f"l@{domain}", f"r@{domain}", f"list.{domain}", "cground",
        "1 Example St", "You asked us to write.", "https://act.example.org/privacy",
    )  # fmt: skip
    paragraph = "The pause is still only a pause, and it may end on any morning without a word to anyone at all. " * 4
    head = '---\nsubject: Only a pause\n---\n{{ first_name | "Friend" }},\n\n::: ask\nAsk for the end\n:::\n\n'
    made = None
    for paragraphs in range(1, 400):
        source = head + f"{paragraph}\n\n" * paragraphs + "::: ask\nAsk today\n:::\n\nThank you,\n\n::: ps\nAsk once more\n:::\n"
        compiled = compile_appeal(source, sender=sender, sources={}, action=Action(1, "/a/x")).letter
        if compiled is None:
            raise RuntimeError("the bench's own letter does not compile")
        if made is not None and _length(compiled) > size:
            return made
        made = compiled
    raise RuntimeError("the bench's letter does not grow")


def rows(key: str, made: Letter, persons: list[PersonRef], *, others: int = 0) -> LetterId:
    """The letter lodged and addressed. `others` more rows of people who are nobody lie between, due a little later."""
    from django.db import connection

    from groundswell.post import operations as post

    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        # Letters of earlier runs lie days back: the rule of one letter a day is asked, and lets everyone through.
        cursor.execute("UPDATE post_traffic SET day = day - 3")
        cursor.execute("UPDATE post_delivery SET changed_at = changed_at - interval '2 days' WHERE state = 3")
    letter_id = post.lodge(key=f"{key}:{now.timestamp()}", letter=made, kind="mailing", action=None, now=now)
    if not others:
        post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=now)
        return letter_id
    # Rows of the people who get it lie far apart, as they do when an audience is drawn from a long list.
    step = others // len(persons)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO post_delivery (letter_id, person_id, state, reason, attempts, due_at, claimed_by, changed_at, clicked)
            SELECT %s, CASE WHEN n %% %s = 0 THEN (%s::bigint[])[n / %s + 1] ELSE 1000000000 + n END, 1, '', 0,
                   CASE WHEN n %% %s = 0 THEN %s ELSE %s END, '', %s, false
            FROM generate_series(0, %s) n
            """,
            [letter_id, step, [int(person) for person in persons], step, step, now - timedelta(minutes=1), now, now,
             step * len(persons) - 1],
        )  # fmt: skip
        cursor.execute("ANALYZE post_delivery")
    return letter_id


def _length(made: Letter) -> int:
    # Quoted-printable adds about five in a hundred; headers and signature about 2,400 bytes.
    constant = "".join(piece for template in (made.text, made.html) for piece in template if isinstance(piece, str))
    return int(len(constant.encode()) * 1.05) + 2400
