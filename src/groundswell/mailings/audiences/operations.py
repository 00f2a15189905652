"""Audiences saved, and frozen into rows when a mailing starts."""

import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused
from groundswell.mailings.audiences import compiling
from groundswell.mailings.audiences.definition import build, conditions
from groundswell.mailings.audiences.queries import QUICKLY, catalogue, copy_of, hold_still
from groundswell.mailings.audiences.reading import checked, understood
from groundswell.mailings.models import Audience, Mailing
from groundswell.post.models import Delivery, Letter, State


def save_audience(*, slug: str, name: str, definition: Any, now: datetime) -> int:
    """Keep a definition under a name; the same slug again changes it. A definition that isn't understood is refused."""
    if not name.strip():
        raise Refused.because("audience-nameless", "An audience needs a name.", "Write a few words that say who they are.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,50}", slug):
        raise Refused.because("audience-slug", "An audience's short name is made of a-z, 0-9, - and _.", "Like north-1.")
    definition = checked(definition)
    understood(definition, catalogue(), slug=slug)
    row, _ = Audience.objects.update_or_create(
        slug=slug, defaults={"name": name.strip()[:120], "definition": definition, "changed_at": now},
        create_defaults={"name": name.strip()[:120], "definition": definition, "changed_at": now, "created_at": now},
    )  # fmt: skip
    return row.pk


def use_audience(*, slug: str, mailing_slug: str) -> None:
    """Give a draft a copy of this audience's definition. A mailing that is scheduled keeps the one that was approved."""
    drafts = Mailing.objects.filter(slug=mailing_slug, letter_id=None)
    if drafts.exclude(state="scheduled").update(definition=copy_of(slug)):
        return
    if drafts.exists():
        raise Refused.because("mailing-scheduled", f"“{mailing_slug}” is scheduled: its audience stays.", "Cancel it first.")
    raise Refused.because("mailing-started", f"There is no mailing “{mailing_slug}” that was not started.", "Name a draft.")


def remove_audience(*, slug: str) -> bool:
    """Forget a saved audience; letters that were sent to it keep their rows. One that others are made of stays."""
    for other, (name, content) in catalogue().audiences.items():
        if other != slug and any(atom.kind == "audience" and atom.value == slug for atom in conditions(build(content))):
            raise Refused.because("audience-needed", f"“{name}” is made of this audience.", "Change that one first.")
    return bool(Audience.objects.filter(slug=slug).delete()[0])


def freeze(*, letter_id: LetterId, definition: Any, now: datetime) -> int:
    """One row per person of the audience: ready, or withheld with the reason. Rows that exist stay; returns how many are new.

    What the letter is about decides for whom asked for letters on one campaign only. All of it in the database: two hundred
    thousand rows that went by way of Python would take a minute.
    """
    columns, values = fresh_row(letter_id, now)
    with transaction.atomic(), connection.cursor() as cursor:
        hold_still()
        names = catalogue()
        topic = Letter.objects.values_list("topic", flat=True).get(pk=letter_id)
        statement = compiling.people(understood(definition, names), names, now=now, topic=topic)
        cursor.execute(QUICKLY)
        # A statement that inserts is never run in parallel: who it is about is found first.
        cursor.execute("DROP TABLE IF EXISTS pg_temp.frozen")
        cursor.execute(f"CREATE TEMPORARY TABLE frozen ON COMMIT DROP AS {statement.sql}", statement.values)
        insert = (
            f"INSERT INTO post_delivery ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM pg_temp.frozen ORDER BY id"  # noqa: S608
        )
        new = _first_rows(cursor, letter_id, insert, values)
        if new is None:
            cursor.execute(f"{insert} ON CONFLICT DO NOTHING", values)
            new = int(cursor.rowcount)
        cursor.execute("DROP TABLE pg_temp.frozen")
    return new


def _first_rows(cursor: CursorWrapper, letter_id: LetterId, insert: str, values: dict[str, Any]) -> int | None:
    """How many rows the letter got, where it had none; None where it has some, or gets some from elsewhere at this moment.

    Asking for each row whether it is there takes a quarter of the time; for the first ones the answer is known.
    """
    if Delivery.objects.filter(letter_id=letter_id).exists():
        return None
    try:
        with transaction.atomic():
            cursor.execute(insert, values)
            return int(cursor.rowcount)
    except IntegrityError:
        return None


def fresh_row(letter_id: LetterId, now: datetime) -> tuple[dict[str, str], dict[str, Any]]:
    """The columns of a fresh row: what an audience decides, and the model's own defaults for the rest."""
    values: dict[str, Any] = {
        "letter": letter_id, "now": now, "ready": int(State.READY), "withheld": int(State.WITHHELD),
    }  # fmt: skip
    ours = {
        "letter_id": "%(letter)s", "person_id": "id", "reason": "why", "due_at": "%(now)s", "changed_at": "%(now)s",
        "state": "CASE WHEN why = '' THEN %(ready)s ELSE %(withheld)s END",
    }  # fmt: skip
    for field in Delivery._meta.concrete_fields:
        column = str(field.column)
        if column not in ours and not field.primary_key and (field.has_default() or not field.null):
            values[f"f_{column}"] = field.get_default()
            ours[column] = f"%(f_{column})s"
    return ours, values
