"""A crowd enrols as one person does: the same row for each, whoever else writes at that moment."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module

import pytest

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import operations as people
from groundswell.people.keys import indexer, vault_ring
from groundswell.people.models import Consent, Person
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


def said(given: bool) -> list[people.Said]:
    return [people.Said(people.NOBODY_YET, given, "House", "May we write to you?", "1", "en", "petition 1")]


def test_what_a_crowd_says_is_written_down_with_it(now: datetime) -> None:
    angry = people.enrol(email=address("angry@example.org"), now=now).person
    people.suppress(email=address("angry@example.org"), reason="complaint", source="t", now=now)
    people.suppress(email=address("never@example.org"), reason="legal", source="t", now=now)
    forms = [("yes@example.org", said(True)), ("no@example.org", said(False)), ("silent@example.org", []), ("never@example.org", said(True)),
             ("angry@example.org", said(True)), ("twice@example.org", said(True)), ("Twice@example.org", said(False)),
             ("changed@example.org", said(False)), ("changed@example.org", said(True))]  # fmt: skip
    newcomers = [people.Newcomer(address(email)) for email, _ in forms]
    persons = people.enrol_many(newcomers=newcomers, saying=[answers for _, answers in forms], now=now)
    rows = Person.objects.in_bulk(persons)
    assert [rows[person].why_not for person in persons] == [
        "", "no consent", "no consent", "legal", "complaint", "no consent", "no consent", "", "",
    ]  # fmt: skip
    assert all(row.may_mail == (row.why_not == "") for row in rows.values()) and persons[4] == angry
    lines = Consent.objects.order_by("id").values_list("person_id", "given")
    assert list(lines) == [(person, answers[0].given) for person, (_, answers) in zip(persons, forms, strict=True) if answers]


def test_a_yes_whose_words_are_missing_makes_nobody(now: datetime) -> None:
    wordless = [said(True)[0]._replace(wording=" ")]
    with pytest.raises(Refused, match="words people agreed to"):
        people.enrol_many(newcomers=[people.Newcomer(address("yes@example.org"))], saying=[wordless], now=now)
    assert not Person.objects.exists()


def test_opened_together_is_what_is_opened_alone_and_a_moved_value_opens_in_neither(now: datetime) -> None:
    ada, other = (people.enrol(email=address(f"{name}@example.org"), given_name="Ada", now=now).person for name in ("ada", "other"))
    opener = Opener(vault_ring())
    opened = opener.many(("given_name", "family_name"))
    sealed = {person: [given, family] for person, given, family in store.names([ada, other])}
    assert opened(ada, sealed[ada]) == ("Ada", None) == (opener.open(ada, "given_name", sealed[ada][0]), None)
    given = sealed[other][0]
    assert given is not None
    for moved in (given, b"\xff" + given[1:]):
        with pytest.raises(Refused, match="don't open"):
            opened(ada, [moved, None])
        with pytest.raises(Refused, match="don't open"):
            opener.open(ada, "given_name", moved)
