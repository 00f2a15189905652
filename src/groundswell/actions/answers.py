"""Answers to "may we write to you?" that wait: a yes counts once its person confirmed it was them, or staff let it in.

Anyone can type anyone's address into a form. Where an action asks for a confirmation, or a signature is held, the name waits,
and so does the yes; a no is written down at once (law 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from groundswell.actions.models import Holding, LaterYes, Pending, Signature
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.people import operations as people


def waiting_for(*, petition_id: ActionId, person: PersonRef) -> list[dict[str, Any]]:
    """The answers that this person's unconfirmed signature keeps."""
    rows = Pending.objects.filter(petition_id=petition_id, person_id=person).values_list("asked", flat=True)
    return [answer for asked in rows for answer in asked]


def let_in(*, signatures: Iterable[UUID], now: datetime) -> None:
    """Staff count these held signatures: what their people agreed to is written down with them."""
    asked = dict(Holding.objects.filter(pk__in=list(signatures)).exclude(asked=[]).values_list("pk", "asked"))
    persons = dict(Signature.objects.filter(pk__in=list(asked)).values_list("pk", "person_id"))
    record(answers=[(PersonRef(persons[pk]), each) for pk, answers in asked.items() if pk in persons for each in answers], now=now)
    Holding.objects.filter(pk__in=list(asked)).update(asked=[])


def drop_waiting(*, persons: Sequence[PersonRef]) -> None:
    """These people said no since: a yes of theirs that still waits is none any more."""
    Pending.objects.filter(person_id__in=list(persons)).update(asked=[])
    LaterYes.objects.filter(person_id__in=list(persons)).delete()
    held = Signature.objects.filter(person_id__in=list(persons), state="held").values("pk")
    Holding.objects.filter(pk__in=held).exclude(asked=[]).update(asked=[])


def record(*, answers: Sequence[tuple[PersonRef, Mapping[str, Any]]], now: datetime) -> None:
    """Into the consent ledger: ours, and those to partners."""
    ours: list[people.Said] = []
    partners: list[people.Said] = []
    for person, answer in answers:
        said = people.Said(
            person, True, answer["organisation"], answer["wording"], answer["version"], answer["language"], answer["source"]
        )
        (partners if answer.get("partner") else ours).append(said)
    people.record_consents(answers=ours, now=now)
    people.record_partner_consents(answers=partners, now=now)
