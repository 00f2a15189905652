"""The house's own cap on letters, and who is at it: for definitions that name none, and for letters that have no definition."""

from datetime import datetime

from django.conf import settings

from groundswell.basics.ids import PersonRef
from groundswell.mailings.audiences import compiling
from groundswell.mailings.audiences.definition import Cap, Definition, capped
from groundswell.mailings.audiences.queries import catalogue, hold_still, quickly


def house_cap() -> Cap | None:
    """So many letters in so many days at most, by the settings; None where there is no cap."""
    asked = settings.GROUNDSWELL
    return Cap(asked.cap_letters, asked.cap_days) if asked.cap_letters else None


def at_the_cap(*, now: datetime) -> dict[PersonRef, str]:
    """Who had as many letters as the house allows, or will have had: each with the reason as a row gives it."""
    cap = house_cap()
    if cap is None:
        return {}
    with quickly() as cursor:
        hold_still()
        names = catalogue()
        statement = compiling.people(Definition(capped(cap)), names, now=now)
        (why,) = compiling.reasons(Definition(cap=cap), names)[-1:]
        cursor.execute(statement.sql, statement.values)
        return dict.fromkeys((PersonRef(person) for person, _ in cursor.fetchall()), why)
