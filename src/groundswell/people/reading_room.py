"""Window 2: one person, for a member of staff, with a reason, into the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import indexer, vault_ring
from groundswell.people.models import Person
from groundswell.people.phones import normalised
from groundswell.people.vault import second, store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note


@dataclass(frozen=True, slots=True)
class Note:
    """What a member of staff noted."""

    at: datetime
    by: int | None
    text: str

    def __repr__(self) -> str:
        return "Note(…)"


@dataclass(frozen=True, slots=True)
class Details:
    """One person's details, on one screen."""

    email: str
    given_name: str
    family_name: str
    phone: str = ""
    street: str = ""
    seconds: tuple[str, ...] = ()
    """Addresses that came to them by a merge; they are not written to at those."""
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return "Details(…)"


def read(*, person: PersonRef, staff_id: int, reason: str, now: datetime) -> Details | None:
    """The details, or None for who has none; who read them and why is written down first."""
    if not reason.strip():
        raise Refused.because("reason-missing", "Reading a person's details needs a reason.", "Say why.")
    with transaction.atomic():
        note(actor_id=staff_id, act="read details", about=f"person {person}", why=reason, now=now)
        rows, written, others = store.get([person]), second.notes_of(person), second.seconds_of(person)
    opener = Opener(vault_ring())
    for row in rows:
        email, given, family, phone, street = (opener.open(person, field, getattr(row, field)) or "" for field in store.FIELDS)
        return Details(
            email, given, family, phone, street,
            seconds=tuple(opener.open(whose, "email", sealed) or "" for whose, sealed in others),
            notes=tuple(Note(at, by, opener.open(whose, "note", text) or "") for whose, at, text, by in written),
        )  # fmt: skip
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was looked for, as much as telling them from others needs."""

    person: PersonRef
    name: str
    place: str

    def __repr__(self) -> str:
        return "Found(…)"


def find(*, sought: str, staff_id: int, reason: str, now: datetime, limit: int = 20) -> list[Found]:
    """Who has this address, this number, or a name of these words (whole, or their first three letters and more).

    Looking is reading: it needs a reason, and the ledger says that somebody looked, never for what.
    """
    if not reason.strip():
        raise Refused.because("reason-missing", "Looking for a person needs a reason.", "Say why.")
    index = indexer()
    address, number = parse(sought), normalised(sought, "")
    if isinstance(address, Address):
        one = store.person_by_index(*index.emails(address))
        persons = [] if one is None else [one]
    elif number:
        persons = store.by_phone(index.phones(number), limit=limit)
    else:
        tokens = [wanted for wanted in index.sought(sought) if wanted]
        persons = store.named(tokens, limit=limit) if tokens else []
    with transaction.atomic():
        note(actor_id=staff_id, act="looked for somebody", about=f"{len(persons)} found", why=reason, now=now)
    opener = Opener(vault_ring())
    places = dict(Person.objects.filter(pk__in=persons).values_list("pk", "country"))
    found = []
    for row in store.get(persons):
        names = (opener.open(row.person, "given_name", row.given_name), opener.open(row.person, "family_name", row.family_name))
        found.append(Found(PersonRef(row.person), " ".join(filter(None, names)) or "no name", places.get(row.person, "")))
    return sorted(found, key=lambda one: (one.name, one.person))


def given_to_staff(person: int, field: str, sealed: bytes) -> str:
    """What a person sent for staff to read or to look at: a note with their call, a photo to be shown. No address, no name."""
    if not field.startswith("deed "):
        raise Refused.because("window", "This window opens what people did, and nothing else of them.")
    return Opener(vault_ring()).open(person, field, sealed) or ""


def read_contact(
    *, person: PersonRef, field: str, role: bytes | memoryview | None, staff_id: int, reason: str, now: datetime
) -> tuple[Details, str] | None:
    """A target's contact person: the details, and the role that their room keeps sealed under `field`; None for who is gone."""
    details = read(person=person, staff_id=staff_id, reason=reason, now=now)
    return None if details is None else (details, Opener(vault_ring()).open(person, field, role) or "")
