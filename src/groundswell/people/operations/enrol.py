"""Someone gives their details: found by the blind index, or new."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.keys import index_ring, sealer
from groundswell.people.models import Person
from groundswell.people.vault import store
from groundswell.people.vault.index import email_index


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who it is, and whether they are new here."""

    person: PersonRef
    created: bool


def enrol(
    *, email: Address, given_name: str | None = None, family_name: str | None = None, language: str = "en",
    country: str = "", region: str = "", postcode_area: str = "", now: datetime,
) -> Enrolled:  # fmt: skip
    """The person behind this address, made if unknown. Fills blanks; overwrites nothing. Gives no consent by itself."""
    index = email_index(index_ring(), email)
    seal = sealer().seal
    with transaction.atomic():
        known = store.person_by_index(index)
        if known is None:
            person = Person.objects.create(
                language=language, country=country, region=region, postcode_area=postcode_area, joined_at=now
            )
            row = store.Sealed(
                person.pk,
                seal(person.pk, "email", email.shown),
                seal(person.pk, "given_name", given_name),
                seal(person.pk, "family_name", family_name),
            )
            if store.put(row, index):
                return Enrolled(PersonRef(person.pk), True)
            # Somebody enrolled the same address between our look and our write: theirs stands.
            person.delete()
            known = store.person_by_index(index)
        if known is None:
            raise Refused.because("enrol-race", "The address was enrolled and removed at the same moment.", "Try again.")
        store.fill_blanks(store.Sealed(known, None, seal(known, "given_name", given_name), seal(known, "family_name", family_name)))
        for field, value in (("country", country), ("region", region), ("postcode_area", postcode_area)):
            if value:
                Person.objects.filter(pk=known, **{field: ""}).update(**{field: value})
    return Enrolled(PersonRef(known), False)
