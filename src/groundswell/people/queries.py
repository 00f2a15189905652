"""Reads of the people room: numbers and reasons, never a detail."""

from collections.abc import Iterator

from django.db import connection

from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.people.keys import index_ring
from groundswell.people.models import Person
from groundswell.people.rules import why_not
from groundswell.people.vault.index import email_index

_STANDINGS = """
    SELECT p.id, p.may_mail,
           (SELECT c.given FROM people_consent c WHERE c.person_id = p.id ORDER BY c.at DESC, c.id DESC LIMIT 1)
    FROM people_person p WHERE p.language LIKE %s ORDER BY p.id
"""


def counts() -> dict[str, int]:
    """How many people are here, and how many may be mailed."""
    return {"people": Person.objects.count(), "supporters": Person.objects.filter(may_mail=True).count()}


def may_mail(person: PersonRef) -> bool:
    """Whether this person may be mailed now."""
    return Person.objects.filter(pk=person, may_mail=True).exists()


def standings(*, language: str = "") -> Iterator[tuple[PersonRef, str]]:
    """Everybody (of a language), each with the reason to leave them out, empty where there is none."""
    from groundswell.people.operations.reasons import reasons_by_person  # noqa: PLC0415 (the vault is behind it)

    reasons = reasons_by_person()
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [f"{language}%"])
        for person, may, consent in cursor.fetchall():
            why = "" if may else why_not(latest_consent=consent, suppressions=reasons.get(person, ()))
            yield PersonRef(person), why if may or why else "no contact details"


def index_of_address(email: Address) -> bytes:
    """The blind index of an address: what a suppression is looked up by."""
    return email_index(index_ring(), email)
