"""A yes to mail from somebody whose name stands already: kept until they confirm it from their own mailbox.

Anyone can type the address of anyone who signed. Their name is not touched, the page says what it says to everyone, and a yes
goes into the ledger only from the letter that asked for it (law 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from groundswell.actions.models import Holding, LaterYes, Pending
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.people import queries as people


@dataclass(frozen=True, slots=True)
class Again:
    """Somebody who had signed posted the form once more, and said yes. `held` where only staff's doubt stands before it."""

    petition: ActionId
    person: PersonRef
    answers: Sequence[Mapping[str, Any]]
    held: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    signature: UUID
    state: str


def keep(again: Sequence[Again], *, now: datetime) -> dict[ActionId, list[PersonRef]]:
    """Keep what they said yes to; returns who is to be asked by mail now, by petition: once while a yes of theirs waits.

    Nobody is asked for what they said before: a yes that stands, or that waits with the signature itself. Where that one is
    held and so is this form, the yes waits for staff with it, as a first one does.
    """
    found = _standing(again)
    waiting = _waiting([standing.signature for standing in found.values()])
    asked: dict[ActionId, list[PersonRef]] = {}
    for one in again:
        standing = found.get((one.petition, one.person))
        if standing is None:
            continue
        before = waiting.setdefault(standing.signature, set())
        wanted = [each for each in one.answers if _to_whom(each) not in before and not _agreed(one.person, each)]
        if not wanted:
            continue
        before |= {_to_whom(each) for each in wanted}
        if one.held and standing.state == "held":
            _with_the_held(standing.signature, wanted)
            continue
        row, first = LaterYes.objects.get_or_create(
            signature_id=standing.signature,
            defaults={"petition_id": one.petition, "person_id": one.person, "asked_at": now, "asked": list(wanted)},
        )
        if first:
            asked.setdefault(one.petition, []).append(one.person)
        else:
            row.asked = [*row.asked, *wanted]
            row.save(update_fields=["asked"])
    return asked


def take(*, petition_id: ActionId, person: PersonRef) -> list[dict[str, Any]]:
    """It was them: what they said yes to, which waits no more."""
    rows = LaterYes.objects.filter(petition_id=petition_id, person_id=person)
    said = [answer for asked in rows.values_list("asked", flat=True) for answer in asked]
    rows.delete()
    return said


def _standing(again: Sequence[Again]) -> dict[tuple[ActionId, PersonRef], _Standing]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT petition_id, person_id, id, state FROM actions_signature WHERE petition_id = ANY(%s) AND person_id = ANY(%s)"
            " AND state IN ('confirmed', 'held', 'unconfirmed')",
            [list({one.petition for one in again}), list({one.person for one in again})],
        )
        return {(ActionId(row[0]), PersonRef(row[1])): _Standing(row[2], row[3]) for row in cursor.fetchall()}


def _waiting(signatures: Sequence[UUID]) -> dict[UUID, set[tuple[str, bool]]]:
    """Signature → to whom a yes waits already."""
    found: dict[UUID, set[tuple[str, bool]]] = {}
    for table in (Pending, Holding, LaterYes):
        rows = table.objects.filter(pk__in=signatures).exclude(asked=[]).values_list("pk", "asked")
        for signature, asked in rows:
            found.setdefault(signature, set()).update(_to_whom(each) for each in asked)
    return found


def _with_the_held(signature: UUID, wanted: Sequence[Mapping[str, Any]]) -> None:
    for row in Holding.objects.filter(pk=signature, decision=""):
        row.asked = [*row.asked, *wanted]
        row.save(update_fields=["asked"])


def _to_whom(answer: Mapping[str, Any]) -> tuple[str, bool]:
    return str(answer["organisation"]), bool(answer.get("partner"))


def _agreed(person: PersonRef, answer: Mapping[str, Any]) -> bool:
    """They are written to already, or their last word to this partner was yes."""
    if not answer.get("partner"):
        return people.may_mail(person)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.given FROM people_consent c JOIN people_terms t ON t.id = c.terms_id"
            " WHERE t.organisation = %s AND t.purpose = 'partner' AND c.person_id = %s ORDER BY c.at DESC, c.id DESC LIMIT 1",
            [answer["organisation"], person],
        )
        row = cursor.fetchone()
        return bool(row and row[0])
