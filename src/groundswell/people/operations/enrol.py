"""Someone gives their details: found by the blind index, or new."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundswell.basics import languages
from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import indexer, sealer
from groundswell.people.models import Person
from groundswell.people.operations.suppress import bring_to_todays_key
from groundswell.people.phones import normalised
from groundswell.people.rules import CONTACT
from groundswell.people.vault import store


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who it is, and whether they are new here."""

    person: PersonRef
    created: bool


def enrol(
    *, email: Address, given_name: str | None = None, family_name: str | None = None, phone: str | None = None,
    street: str | None = None, language: str = "en", country: str = "", region: str = "", postcode_area: str = "",
    contact: bool = False, now: datetime,
) -> Enrolled:  # fmt: skip
    """The person behind this address, made if unknown. Fills blanks; overwrites nothing. Gives no consent by itself.

    As a `contact` (of a target, of an office that letters go to) somebody unknown is no supporter: in no audience, in no count.
    """
    with transaction.atomic():
        store.among_others()
        index, seal = indexer(), sealer()
        e164 = normalised(phone, country) if phone else None
        marks = store.Marks(
            index.email(email), index.phone(e164), index.name(given_name or ""), index.name(family_name or ""),
            index.key_id, seal.key_id,
        )  # fmt: skip

        def sealed(person: int, address: str | None) -> store.Sealed:
            values = (address, given_name, family_name, e164 or phone, street)
            return store.Sealed(
                person, *(seal.seal(person, field, value) for field, value in zip(store.FIELDS, values, strict=True))
            )

        known = store.person_by_index(*index.emails(email))
        if known is None:
            store.hold(marks.email)
            known = store.person_by_index(*index.emails(email))
        if known is None:
            person = Person.objects.create(
                language=languages.tag(language), country=country, region=region, postcode_area=postcode_area, joined_at=now,
                **({"why_not": CONTACT} if contact else {}),
            )  # fmt: skip
            if store.put(sealed(person.pk, email.shown), marks):
                bring_to_todays_key(index, [email])
                return Enrolled(PersonRef(person.pk), True)
            raise Refused.because("enrol-race", "The address was enrolled at this moment by somebody else.", "Try again.")
        if any((given_name, family_name, phone, street)):
            store.fill_blanks(sealed(known, None), marks)
        for field, value in (("country", country), ("region", region), ("postcode_area", postcode_area)):
            if value:
                Person.objects.filter(pk=known, **{field: ""}).update(**{field: value})
    return Enrolled(PersonRef(known), False)
