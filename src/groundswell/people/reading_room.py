"""Window 2: one person, for a member of staff, with a reason, into the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import vault_ring
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note


@dataclass(frozen=True, slots=True)
class Details:
    """One person's details, on one screen."""

    email: str
    given_name: str
    family_name: str

    def __repr__(self) -> str:
        return "Details(…)"


def read(*, person: PersonRef, staff_id: int, reason: str, now: datetime) -> Details | None:
    """The details, or None for who has none; who read them and why is written down first."""
    if not reason.strip():
        raise Refused.because("reason-missing", "Reading a person's details needs a reason.", "Say why.")
    with transaction.atomic():
        note(actor_id=staff_id, act="read details", about=f"person {person}", why=reason, now=now)
        rows = store.get([person])
    opener = Opener(vault_ring())
    for row in rows:
        return Details(*(opener.open(person, field, getattr(row, field)) or "" for field in store.FIELDS))
    return None
