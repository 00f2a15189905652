"""Window 4: a person sees their own. Asked for by a link that was sent to the address itself; changes nothing.

What is held is gathered by the same function as for staff (`rights.gathered`), so that no door gives out less than another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.basics.ids import PersonRef
from groundswell.people.keys import vault_ring
from groundswell.people.models import Consent, Person, Suppression
from groundswell.people.rights import gathered
from groundswell.people.vault import second, store
from groundswell.people.vault.open import Opener


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of the ledger of consent."""

    given: bool
    wording: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is held of one person, as their page shows it."""

    details: dict[str, str]
    language: str
    country: str
    postcode_area: str
    joined_at: datetime
    may_mail: bool
    answers: list[Answered]
    not_written_to_because: list[str]
    held: dict[str, Any]
    """All of it, and what the rooms above hold: what is taken away as a file."""

    def __repr__(self) -> str:
        return "OwnData(…)"


def own_data(person: PersonRef) -> OwnData | None:
    """The data, or None for who was forgotten."""
    person = PersonRef(second.now_is([person]).get(person, person))
    rows = store.get([person])
    who = Person.objects.filter(pk=person).first()
    if not rows or who is None:
        return None
    opener = Opener(vault_ring())
    details = {field: opener.open(person, field, getattr(rows[0], field)) or "" for field in store.FIELDS}
    rows_of = Consent.objects.filter(person_id=person).select_related("terms").order_by("at", "id")
    answers = [Answered(c.given, c.terms.wording, c.terms.source, c.at) for c in rows_of]
    reasons = Suppression.objects.filter(index=store.index_of(person), lifted_at=None).values_list("reason", flat=True)
    return OwnData(
        details, who.language, who.country, who.postcode_area, who.joined_at, who.may_mail, answers, sorted(reasons),
        gathered(person),
    )  # fmt: skip
