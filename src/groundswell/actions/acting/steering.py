"""What staff do with an action of any kind, from the office or by command: end it, take it up again, take its numbers or names."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from groundswell.actions.acting.closing import close, reopen
from groundswell.actions.acting.deeds import by_whom, people_of
from groundswell.actions.acting.kinds import PETITION
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.people.exporting import export, harmless, sheet
from groundswell.staff.operations import note

NAMES = ("given_name", "family_name")
OUTCOMES = (
    "sent", "asked", "to confirm", "handed", "withheld", "nobody", "no name", "reached", "voicemail", "no-answer", "pledged",
    "given", "coming", "waiting",
)  # fmt: skip
"""Every outcome that a deed may have."""


def end(*, petition_id: ActionId, why: str, staff_id: int | None, now: datetime) -> bool:
    """Take nothing more; the page says `why` and the ledger who ended it. False where it was over before."""
    if not why.strip():
        raise Refused.because("reason-missing", "The page needs to say why it is over.", "Say it in a sentence.")
    with transaction.atomic():
        ended = close(petition_id=petition_id, why=why.strip(), now=now)
        if ended:
            note(actor_id=staff_id, act="close an action", about=_slug(petition_id), why=why, now=now)
    return ended


def take_up(*, petition_id: ActionId, staff_id: int | None, now: datetime) -> bool:
    """Take it up again, into the ledger. False where it was open."""
    with transaction.atomic():
        opened = reopen(petition_id=petition_id)
        if opened:
            note(actor_id=staff_id, act="reopen an action", about=_slug(petition_id), why="opened again", now=now)
    return opened


def totals(petition_id: ActionId) -> list[tuple[str, str, str]]:
    """A head, then outcomes by recipient, every cell text for a spreadsheet; numbers only, nobody is in it."""
    rows = [("to", "outcome", "how many")]
    for whom, outcomes in by_whom(petition_id):
        rows += [(harmless(whom), outcome, str(count)) for outcome, count in outcomes.items()]
    return rows


def write_totals(*, petition_id: ActionId, path: Path, why: str, staff_id: int | None, now: datetime) -> int:
    """`totals` as CSV (mode 600), into the ledger; returns how many rows below the head."""
    if not why.strip():
        raise Refused.because("reason-missing", "An export needs a reason.", "Say what it is for.")
    rows = totals(petition_id)
    note(actor_id=staff_id, act="export numbers", about=f"{_slug(petition_id)}: {len(rows) - 1} rows", why=why, now=now)
    with sheet(path, encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    return len(rows) - 1


def write_people(
    *, petition_id: ActionId, outcomes: Sequence[str], columns: Sequence[str] = NAMES, path: Path, why: str, staff_id: int | None,
    now: datetime,
) -> int:  # fmt: skip
    """Who did it with one of these outcomes (none: whatever came of it) and counts, once each, in the order in which they came.

    Mode 600, with a reason, into the ledger; `Refused` for what is no outcome, and for a petition.
    """
    if _kind(petition_id) == PETITION:
        raise Refused.because("action-petition", "People sign a petition, and do nothing beyond it.",
                              "Hand it over with `groundswell deliver`, or export an audience of its signers.")  # fmt: skip
    if unknown := [outcome for outcome in outcomes if outcome not in OUTCOMES]:
        raise Refused.because("action-outcome", f"There is no outcome “{unknown[0]}”.", f"There are: {', '.join(OUTCOMES)}.")
    persons = dict.fromkeys(people_of(petition_id, list(outcomes or OUTCOMES)))
    return export(persons=persons, columns=columns, path=path, staff_id=staff_id, why=why, now=now)


def _slug(petition_id: ActionId) -> str:
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    return str(Petition.objects.values_list("slug", flat=True).get(pk=petition_id))


def _kind(petition_id: ActionId) -> str:
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    return str(Petition.objects.values_list("kind", flat=True).get(pk=petition_id))
