"""Whom to write to at a target: in the vault, opened with a reason only, and gone when nobody needs it."""

from datetime import datetime

import pytest
from django.db import connection

from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns import operations, queries, resealing
from groundswell.campaigns.models import TargetContact
from groundswell.mailings.audiences import queries as audiences
from groundswell.mailings.audiences.operations import freeze
from groundswell.mailings.audiences.queries import in_use
from groundswell.people import mailroom, reading_room
from groundswell.people import operations as people
from groundswell.people import queries as people_queries
from groundswell.people.models import Person
from groundswell.people.operations.rotating import rotate
from groundswell.staff.models import Account, LedgerEntry
from groundswell.staff.operations import one_time_password
from tests.mailings.crowd import sign
from tests.people.test_merge import opened as opened_petition
from tests.people.test_people import supporter
from tests.post.test_post import lodged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(now: datetime) -> int:
    """Alice, who keeps contacts."""
    one_time_password(username="alice", now=now)
    return Account.objects.get().pk


PRESS = {"given_name": "Petra", "family_name": "Presswood", "role": "head of public policy", "phone": "+1 206 555 0100"}


def address(text: str) -> Address:
    found = parse(text)
    assert isinstance(found, Address)
    return found


def contact(now: datetime, email: str = "petra@acme.example", **facts: str) -> int:
    operations.name_target(slug="acme", name="Acme")
    return operations.keep_contact(
        target_slug="acme",
        email=email,
        **{**PRESS, **facts},
        staff_id=Account.objects.get().pk,
        why="their own press page",
        now=now,
    )


def opened(contact_id: int, now: datetime) -> tuple[reading_room.Details, str]:
    sealed = queries.sealed_contact(contact_id)
    assert sealed is not None
    found = reading_room.read_contact(
        person=sealed.person,
        field=sealed.field,
        role=sealed.role,
        staff_id=Account.objects.get().pk,
        reason="to call them",
        now=now,
    )
    assert found is not None
    return found


def test_nothing_in_clear_says_who_it_is_and_the_reading_room_does(now: datetime) -> None:
    number = contact(now)
    with connection.cursor() as cursor:
        for table in ("campaigns_targetcontact", "campaigns_target", "people_person", "staff_ledgerentry"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            told = " ".join(row[0] for row in cursor.fetchall())
            assert not any(word in told.lower() for word in ("petra", "presswood", "policy", "+1206")), table
    details, role = opened(number, now)
    assert (details.email, details.given_name, details.family_name) == ("petra@acme.example", "Petra", "Presswood")
    assert details.phone == "+12065550100" and role == "head of public policy"
    acts = list(LedgerEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-2:] == ["contact kept", "read details"]
    assert "petra" not in repr(queries.sealed_contact(number)).lower()


def test_a_letter_to_the_target_finds_its_contact(now: datetime) -> None:
    contact(now)
    acme = queries.targets()[0]
    person = queries.contact_of(acme.id)
    assert person is not None and acme.contacts[0].calls
    card = mailroom.cards([person])[person]
    assert card.email == "petra@acme.example" and not card.may_mail  # the post office takes outreach to them, and no appeals


def test_a_target_who_is_a_supporter_too_stays_both_and_nobody_is_told(now: datetime) -> None:
    supporter = people.enrol(email=address("petra@acme.example"), given_name="Pet", now=now).person
    people.record_consent(
        person=supporter,
        given=True,
        wording="yes",
        version="1",
        language="en",
        organisation="Us",
        source="form",
        how="form",
        now=now,
    )
    number = contact(now)
    assert TargetContact.objects.get().person_id == supporter and Person.objects.count() == 1
    assert Person.objects.get().may_mail, "an occasion to write to them as a target changes no consent"
    details, _ = opened(number, now)
    assert details.given_name == "Pet", "what they wrote themselves is not overwritten"
    assert operations.end_contact(contact_id=number, in_use=in_use, staff_id=Account.objects.get().pk, why="left", now=now)
    assert Person.objects.get().may_mail and mailroom.cards([supporter]), "the supporter stays when the contact goes"


def test_a_contact_that_ended_is_erased_unless_somebody_else_needs_them(now: datetime) -> None:
    first = contact(now)
    operations.name_target(slug="other", name="Other")
    second = operations.keep_contact(
        target_slug="other", email="petra@acme.example", staff_id=Account.objects.get().pk, why="she moved", now=now
    )  # fmt: skip
    person = PersonRef(TargetContact.objects.get(pk=first).person_id)
    assert operations.end_contact(contact_id=first, in_use=in_use, staff_id=Account.objects.get().pk, why="moved", now=now)
    assert not operations.end_contact(contact_id=first, in_use=in_use, staff_id=Account.objects.get().pk, why="moved", now=now)
    assert mailroom.cards([person]) and TargetContact.objects.get(pk=first).role is None
    assert operations.end_contact(contact_id=second, in_use=in_use, staff_id=Account.objects.get().pk, why="retired", now=now)
    assert not mailroom.cards([person])


def test_a_contact_who_asks_to_be_forgotten_is_one_no_more(now: datetime) -> None:
    number = contact(now)
    person = PersonRef(TargetContact.objects.get().person_id)
    people.forget(person=person, staff_id=None, why="asked", now=now)
    row = TargetContact.objects.get(pk=number)
    assert row.role is None and row.ended_at is not None and not row.calls
    assert queries.contact_of(row.target_id) is None and queries.sealed_contact(number) is None


def test_the_nightly_rules_keep_a_contact_who_was_never_written_to(now: datetime) -> None:
    contact(now)
    later = now.replace(year=now.year + 5)
    assert people.retain(silent_months=12, in_use=in_use, now=later).silent == 0


@pytest.mark.usefixtures("own_keys")
def test_a_new_key_opens_the_role_and_the_old_one_can_go(now: datetime) -> None:
    number = contact(now)
    done = rotate(ring="vault", staff_id=None, why="test", now=now, elsewhere=resealing)
    assert done.retired and resealing.uses() == {done.current: 1}
    assert opened(number, now)[1] == "head of public policy"


def test_what_is_wrong_with_a_contact_is_said_at_once(now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        operations.keep_contact(target_slug="nobody", email="not an address", staff_id=Account.objects.get().pk, why=" ", now=now)
    assert {problem.code for problem in refused.value.problems} >= {"target-unknown", "why-missing"}
    assert not TargetContact.objects.exists() and not Person.objects.exists()


def test_a_contact_person_is_no_supporter(now: datetime) -> None:
    contact(now)
    petra, ada = Person.objects.get(), supporter(now, "ada@example.org", "Ada")
    assert people_queries.counts() == {"people": 1, "supporters": 1}
    everybody = {"share": {"of": "all", "to": 100}}
    for content in ({}, {"include": everybody}, {"exclude": [{"country": ["FR"]}]}):
        assert [person for person, _ in audiences.members(content, now=now)] == [ada], "not even left out"
        assert audiences.explain(content, now=now).words.startswith(
            "1 person: 1 who are in 0 to 100" if "include" in content else "1 "
        )
        assert not audiences.explain(content, now=now).left_out
    letter = lodged(now)
    assert freeze(letter_id=letter, definition={}, now=now) == 1, "no row in a mailing"
    assert [person for person, _ in people_queries.standings()] == [ada]
    people.suppress_person(person=PersonRef(petra.pk), reason="hard_bounce", source="delivery 1", now=now)
    petra.refresh_from_db()
    assert petra.why_not == "contact person", "a bounce makes no supporter of them"


def test_a_contact_person_who_agrees_or_signs_is_one(now: datetime) -> None:
    contact(now)
    petra = PersonRef(Person.objects.get().pk)
    sign(ActionId(opened_petition("coal", now)), petra, now)
    assert list(audiences.members({}, now=now)) == [(petra, "no consent")] and people_queries.counts()["people"] == 1
    assert supporter(now, "petra@acme.example", "Petra") == petra
    assert list(audiences.members({}, now=now)) == [(petra, "")]
    contact(now)
    assert list(audiences.members({}, now=now)) == [(petra, "")], "and stays one when named again"


def test_contact_persons_are_not_suggested_as_pairs(now: datetime) -> None:
    contact(now)
    contact(now, email="desk@acme.example")
    people.enrol(email=address("p@example.org"), given_name="Petra", family_name="Presswood", phone="+12065550100", now=now)
    assert people.find_pairs(now=now) == 0
