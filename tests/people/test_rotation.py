"""New keys while everything runs: nothing is lost half-way, and an old key goes only when nothing needs it."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from groundswell.actions import resealing
from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people import mailroom, queries
from groundswell.people import operations as people
from groundswell.people.models import Person, Suppression
from groundswell.people.operations import rotating
from groundswell.people.operations.rotating import uses
from groundswell.people.vault import store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
rotate = partial(rotating.rotate, elsewhere=resealing)


def address(text: str) -> Address:
    found = parse(text)
    assert isinstance(found, Address)
    return found


def somebody(name: str, now: datetime) -> PersonRef:
    person = people.enrol(email=address(f"{name}@example.org"), given_name=name, phone="+442079460958", now=now).person
    people.record_consent(
        person=person, given=True, organisation="Us", wording="w", version="1", language="en", source="s", how="form", now=now
    )
    return person


def test_everything_opens_and_is_found_after_both_rotations(now: datetime) -> None:
    persons = [somebody(f"p{n}", now) for n in range(5)]
    people.suppress_person(person=persons[0], reason="complaint", source="x", now=now)
    people.suppress(email=address("stranger@example.org"), reason="unsubscribed", source="x", now=now)
    before = uses("vault"), uses("index")
    assert before == ({1: 5}, {1: 7})
    done = rotate(ring="vault", staff_id=None, why="yearly", now=now)
    assert (done.current, done.people, done.retired, done.kept) == (2, 5, (1,), {})
    assert mailroom.cards(persons)[persons[3]].given_name == "p3"
    done = rotate(ring="index", staff_id=None, why="yearly", now=now)
    assert (done.current, done.people, done.retired, done.kept) == (2, 5, (), {1: 1}), "a stranger's hash can't be made anew"
    assert people.enrol(email=address("P3@example.org"), now=now).person == persons[3]
    assert store.named(people_index().sought("P3"), limit=9) == [persons[3]]
    assert store.by_phone(people_index().phones("+442079460958"), limit=9) == persons
    # A stranger who was suppressed under the old key stays so when they come, and the old key is free then.
    stranger = somebody("stranger", now)
    people.suppress(email=address("stranger@example.org"), reason="complaint", source="x", now=now)
    assert not queries.may_mail(stranger) and not queries.may_mail(persons[0]) and queries.may_mail(persons[1])
    assert not Suppression.objects.filter(index_key=1).exists()
    assert rotate(ring="index", staff_id=None, why="again", now=now).retired == (1, 2)


def people_index():  # type: ignore[no-untyped-def]
    from groundswell.people.keys import indexer

    return indexer()


def test_a_rotation_that_is_cut_goes_on_and_loses_nothing(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotating, "AT_ONCE", 2)
    persons = [somebody(f"p{n}", now) for n in range(7)]

    class Cut(Exception):
        pass

    def cut(count: int) -> None:
        raise Cut

    for ring in ("vault", "index"):
        with pytest.raises(Cut):
            rotate(ring=ring, staff_id=None, why="yearly", now=now, seen=cut)  # type: ignore[arg-type]
        assert uses(ring) == {1: 5, 2: 2}  # type: ignore[arg-type]
        # Half-way: everybody is read, found, not doubled, and can be suppressed, under whichever key they are.
        assert len(mailroom.cards(persons)) == 7
        for number, person in enumerate(persons):
            assert people.enrol(email=address(f"p{number}@example.org"), family_name="New", now=now).person == person
        rotate(ring=ring, staff_id=None, why="on", now=now)  # type: ignore[arg-type]
        assert set(uses(ring)) == {2} or uses(ring) == {1: 0, 2: 7}  # type: ignore[arg-type]
    assert Person.objects.count() == 7 and len(mailroom.cards(persons)) == 7
    people.suppress(email=address("p6@example.org"), reason="hard_bounce", source="x", now=now)
    assert not queries.may_mail(persons[6])


def test_an_import_can_be_taken_back_after_a_rotation(home: Path, now: datetime) -> None:
    ada = somebody("ada", now)
    path = home / "list.csv"
    path.write_text("email,last name\nada@example.org,Byron\n")
    report = people.import_list(path, organisation="o", wording="w", source="s", now=now)
    rotate(ring="vault", staff_id=None, why="yearly", now=now)
    assert report.run is not None
    people.undo_import(run_id=report.run, why="wrong", staff_id=None, in_use=lambda _: set(), now=now)
    assert store.get([ada])[0].family_name is None


def test_what_an_undo_gives_back_is_found_under_the_new_key(home: Path, now: datetime) -> None:
    from groundswell.people import reading_room
    from groundswell.staff.models import Account

    bob = Account.objects.create(username="bob")
    ada = people.enrol(
        email=address("ada@example.org"), given_name="Ada", family_name="Byron", phone="+442079460001", now=now
    ).person
    path = home / "list.csv"
    path.write_text("email,first name,last name,phone\nada@example.org,Augusta,King,+442079460002\n")
    over = ("given_name", "family_name", "phone")
    report = people.import_list(path, organisation="o", wording="w", source="s", overwrite=over, now=now)
    rotate(ring="index", staff_id=None, why="yearly", now=now)
    assert report.run is not None
    people.undo_import(run_id=report.run, why="wrong", staff_id=None, in_use=lambda _: set(), now=now)
    for sought, found in (("Ada Byron", [ada]), ("Augusta", []), ("+442079460001", [ada]), ("+442079460002", [])):
        assert [one.person for one in reading_room.find(sought=sought, staff_id=bob.pk, reason="x", now=now)] == found, sought


def test_the_wrong_key_is_said_so(now: datetime) -> None:
    from groundswell.basics.keyring import KeyRing

    ada = somebody("ada", now)
    settings.GROUNDSWELL.key_folder.write("vault", KeyRing({1: bytes(32)}, 1))
    with pytest.raises(Refused, match="don't open with the keys at hand"):
        mailroom.cards([ada])
