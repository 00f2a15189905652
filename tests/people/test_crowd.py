"""A crowd enrols as one person does: the same row for each, whoever else writes at that moment."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module

import pytest

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.people import operations as people
from groundswell.people.keys import indexer, vault_ring
from groundswell.people.models import Person
from groundswell.people.vault import store
from groundswell.people.vault.open import Opener

pytestmark = pytest.mark.django_db


def address(text: str) -> Address:
    parsed = parse(text)
    assert isinstance(parsed, Address)
    return parsed


def opened(person: PersonRef) -> dict[str, str | None]:
    (row,) = store.get([person])
    opener = Opener(vault_ring())
    return {field: opener.open(person, field, getattr(row, field)) for field in store.FIELDS}


def tokens_of(person: PersonRef) -> list[int]:
    with store.inside() as cursor:
        cursor.execute("SELECT name_tokens FROM vault.contact WHERE person = %s", [person])
        return list(cursor.fetchone()[0] or [])


@pytest.mark.parametrize("held", [500, 0], ids=["each address held", "alone"])
def test_a_crowd_is_kept_as_one_by_one(held: int, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    # The verb hides its module of the same name.
    monkeypatch.setattr(import_module("groundswell.people.operations.enrol_many"), "_HELD", held)
    here = people.enrol(email=address("here@example.org"), given_name="Ada", now=now).person
    forms = [("here@example.org", "Somebody", "Else"), ("b@example.org", "Böb", ""), ("c@example.org", "", ""),
             ("B@example.org", "Robert", "Ward"), ("d@example.org", "Grace Brewster", "Hopper")]  # fmt: skip
    newcomers = [people.Newcomer(address(email), given, family, "de", "GB", "", "SW1") for email, given, family in forms]
    persons = people.enrol_many(newcomers=newcomers, now=now)
    assert persons[0] == here and persons[1] == persons[3] and len(set(persons)) == 4
    assert opened(here) == dict(zip(store.FIELDS, ("here@example.org", "Ada", "Else", None, None), strict=True))
    assert opened(persons[1]) == dict(zip(store.FIELDS, ("b@example.org", "Böb", "Ward", None, None), strict=True))
    assert opened(persons[2]) == dict(zip(store.FIELDS, ("c@example.org", None, None, None, None), strict=True))
    alone = people.enrol(
        email=address("e@example.org"), given_name="Grace Brewster", family_name="Hopper", language="de", country="GB",
        postcode_area="SW1", now=now,
    ).person  # fmt: skip
    assert tokens_of(persons[4]) == tokens_of(alone) and tokens_of(alone) and not tokens_of(persons[2])
    rows = dict(Person.objects.in_bulk([persons[4], alone]))
    kept = [{name: value for name, value in vars(row).items() if name not in ("_state", "id")} for row in rows.values()]
    assert kept[0] == kept[1] and not rows[alone].may_mail
    assert people.enrol_many(newcomers=newcomers, now=now) == persons


def test_who_enrols_while_a_few_wait_for_the_address_is_the_person(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[PersonRef] = []

    def hold_all(indexes: Sequence[bytes]) -> None:
        assert indexer().email(address("a@example.org")) in indexes
        others.append(people.enrol(email=address("a@example.org"), now=now).person)

    monkeypatch.setattr(store, "hold_all", hold_all)
    newcomers = [people.Newcomer(address(email)) for email in ("a@example.org", "b@example.org")]
    persons = people.enrol_many(newcomers=newcomers, now=now)
    assert others == [persons[0]] and persons[1] != persons[0]
    assert Person.objects.count() == 2
