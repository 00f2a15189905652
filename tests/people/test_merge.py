"""Somebody who is in the list twice: suggested, decided by a person, nothing lost, nothing raised, and undone exactly."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from groundswell.actions.models import Petition, Signature
from groundswell.actions.operations import open_petition, sign
from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import DeliveryId, PersonRef
from groundswell.basics.result import Refused
from groundswell.campaigns.operations import open_campaign
from groundswell.people import mailroom, pairs, queries, reading_room, rights, suppressions
from groundswell.people import operations as people
from groundswell.people.models import Consent, Merge, Pair, Person, Suppression
from groundswell.people.operations.rotating import rotate
from groundswell.people.own_data import own_data
from groundswell.people.queries import may_mail
from groundswell.post.models import Delivery, Letter
from groundswell.post.queries import person_of
from groundswell.post.readers import persons_of
from groundswell.staff.models import Account, LedgerEntry

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


def address(text: str) -> Address:
    found = parse(text)
    assert isinstance(found, Address)
    return found


def here(email: str, now: datetime, **details: Any) -> PersonRef:
    return people.enrol(email=address(email), now=now, **details).person


def word(person: PersonRef, given: bool, now: datetime, how: str = "form") -> None:
    people.record_consent(
        person=person, given=given, organisation="Us", wording="Write to me", version="1", language="en", source="form", how=how,
        now=now,
    )  # fmt: skip


def merged(kept: PersonRef, gone: PersonRef, now: datetime) -> int:
    return people.merge(kept=kept, gone=gone, staff_id=None, why="She wrote to us", now=now)


def everything() -> list[Any]:
    """All that this installation knows of people; sealed bytes are opened elsewhere, and sealed anew by a merge."""
    tables = (
        "people_person", "people_tagged", "people_fact", "people_suppression", "people_consent", "actions_signature",
        "post_delivery", "actions_petition",
    )  # fmt: skip
    found: list[Any] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t) - 'reason' FROM {table} t WHERE to_jsonb(t)->>'person_id' IS DISTINCT FROM 'x'")
            found.append((table, sorted(str(row[0]) for row in cursor.fetchall() if '"person_id": null' not in str(row[0]))))
        cursor.execute("SET LOCAL ROLE groundswell_vault")
        cursor.execute("SELECT person, email_index, phone_index, given_name IS NULL, merged_into FROM vault.contact ORDER BY 1")
        found.append([tuple(bytes(x) if isinstance(x, memoryview) else x for x in row) for row in cursor.fetchall()])
        cursor.execute("SELECT person, (SELECT array_agg(t ORDER BY t) FROM unnest(name_tokens) t) FROM vault.contact ORDER BY 1")
        found.append(cursor.fetchall())
        cursor.execute("RESET ROLE")
    return found


@pytest.fixture
def petition(now: datetime) -> int:
    return opened("coal", now)


def opened(slug: str, now: datetime) -> int:
    campaign = open_campaign(slug=slug, title=slug, target_slug="t", target_name="T", summary="", now=now)
    return open_petition(
        slug=slug, campaign_id=campaign, title=slug, text="Stop.", goal=10, thanks_subject="Thanks", thanks_text="Thanks", now=now
    )


def signed(petition: int, person: PersonRef, now: datetime, reason: str = "") -> None:
    sign(
        entry_id=uuid4(), petition_id=petition, version=1, person=person, source="web", position="website",  # type: ignore[arg-type]
        delivery=None, signed_at=now, reason=reason,
    )  # fmt: skip


def test_the_same_number_and_the_same_name_near_by_are_suggested(now: datetime) -> None:
    ada = here("ada@example.org", now, given_name="Ada", family_name="Lovelace", phone="020 7946 0001", country="GB")
    also = here("a.lovelace@work.example", now, given_name="Ada", phone="+44 20 79460001", country="GB")
    here("byron@example.org", now, given_name="Byron", family_name="Lovelace", phone="+44 20 79460001", country="GB")
    grace = here("grace@example.org", now, given_name="Grace", family_name="Hopper", country="US", postcode_area="100")
    again = here("hopper@example.net", now, given_name="Gracé", family_name="HOPPER", country="US", postcode_area="100")
    here("far@example.net", now, given_name="Grace", family_name="Hopper", country="US", postcode_area="941")
    assert people.find_pairs(now=now) == 2
    found = {(pair.first.person, pair.second.person): pair for pair in pairs.open_pairs()}
    assert set(found) == {(ada, also), (grace, again)}
    assert "telephone" in found[ada, also].why and "same name" in found[grace, again].why
    assert people.keep_apart(pair_id=found[ada, also].id, staff_id=None, now=now)
    assert people.find_pairs(now=now + LATER) == 0 and pairs.how_many_open() == 1
    assert not people.keep_apart(pair_id=found[ada, also].id, staff_id=None, now=now)


def test_a_slip_of_the_finger_is_suggested_whoever_came_first_and_changed_by_nobody(now: datetime) -> None:
    ada, slip = here("ada.l@gmail.com", now), here("adal@gmial.com", now)
    here("ada@gmal.com", now)  # nobody is the right one of this
    assert people.find_pairs(now=now) == 1
    (pair,) = pairs.open_pairs()
    assert {pair.first.person, pair.second.person} == {ada, slip} and "slip of the finger" in pair.why
    # They come later, the slipped one first: each is found by the other, and nobody is looked at twice.
    bob_slip = here("bob@hotmial.com", now)
    assert people.find_pairs(now=now) == 0
    bob = here("bob@hotmail.com", now)
    eve, eve_slip = here("eve@yahoo.com", now), here("eve@yaho.com", now)
    assert people.find_pairs(now=now) == 2 and people.find_pairs(now=now) == 0
    found = {(each.first.person, each.second.person) for each in pairs.open_pairs()}
    assert {(bob_slip, bob), (eve, eve_slip)} < found
    assert people.keep_apart(pair_id=pair.id, staff_id=None, now=now) and people.find_pairs(now=now) == 0
    assert mailroom.cards([slip])[slip].email == "adal@gmial.com", "an address is only ever changed by its person"


def test_an_office_or_a_common_name_is_no_pair(now: datetime) -> None:
    for number in range(6):
        here(f"p{number}@example.org", now, phone="+442079460000")
        here(f"maria{number}@example.org", now, given_name="Maria", family_name="Garcia", country="ES", postcode_area="280")
    assert people.find_pairs(now=now) == 0


@pytest.mark.parametrize(("one", "other"), [("Ann", "Anna"), ("Alexandria", "Alexandrina")])
def test_a_name_that_only_begins_like_another_is_another(one: str, other: str, now: datetime) -> None:
    for name in (one, other):
        here(f"{name}@example.org", now, given_name=name, country="GB", postcode_area="LS1", phone="+442079460000")
    assert people.find_pairs(now=now) == 0


def test_all_that_is_theirs_follows_and_an_undo_gives_both_back(now: datetime, petition: int) -> None:
    kept = here("ada@example.org", now, given_name="Ada", country="GB")
    gone = here(
        "a@work.example", now - LATER, given_name="Augusta", family_name="King", phone="+442079460001", street="1 St James",
        postcode_area="SW1",
    )  # fmt: skip
    for person in (kept, gone):
        word(person, True, now)
    second = opened("oil", now)
    signed(petition, kept, now)
    signed(petition, gone, now)
    signed(second, gone, now, reason="My lungs")
    Petition.objects.filter(pk=petition).update(counted=2)
    Petition.objects.filter(pk=second).update(counted=1)
    people.tag(persons=[kept], name="member")
    people.tag(persons=[gone], name="member")
    people.tag(persons=[gone], name="volunteer")
    people.make_field(slug="shirt", label="Shirt", kind="choice", choices=["S", "M"])
    people.set_fact(person=gone, slug="shirt", value="M")
    people.write_note(person=gone, text="Called on Monday", staff_id=None, now=now)
    for key, who in (("one", (kept, gone)), ("two", (gone,))):
        letter = Letter.objects.create(key=key, kind="mailing", content={}, lodged_at=now)
        Delivery.objects.bulk_create(
            [Delivery(letter=letter, person_id=person, state=3, due_at=now, changed_at=now) for person in who]
        )
    before = everything()
    number = merged(kept, gone, now)
    held = rights.everything_of(person=kept, staff_id=None, reason="look", now=now)
    assert held is not None
    assert held["details"]["given_name"] == "Ada" and held["details"]["family_name"] == "King"
    assert held["details"]["phone"] == "+442079460001" and held["second_addresses"] == ["a@work.example"]
    assert held["facts"]["postcode_area"] == "SW1" and held["facts"]["joined_at"] == now - LATER
    assert held["tags"] == ["member", "volunteer"] and held["fields"] == {"Shirt": "M"}
    assert [each["note"] for each in held["notes"]] == ["Called on Monday"] and len(held["consents"]) == 2
    assert may_mail(kept) and Person.objects.get(pk=gone).why_not == "merged"
    assert sorted(Signature.objects.filter(person_id=kept).exclude(state="withdrawn").values_list("petition_id", flat=True)) == [
        petition, second,
    ]  # fmt: skip
    assert list(Petition.objects.order_by("pk").values_list("counted", flat=True)) == [1, 1]
    assert sorted(Person.objects.get(pk=kept).signed) == [petition, second] and Person.objects.get(pk=gone).signed == []
    assert Delivery.objects.filter(person_id=kept).count() == 2
    left = Delivery.objects.get(person_id=gone)
    assert person_of(DeliveryId(left.pk)) == kept == persons_of([DeliveryId(left.pk)])[DeliveryId(left.pk)]
    # They are found by the second address, and by the other name; another form of it changes nobody else.
    assert suppressions.person_with(address("A@work.example")) == kept and here("a@work.example", now) == kept
    bob = Account.objects.create(username="bob")
    for sought in ("king", "Augusta"):
        assert [one.person for one in reading_room.find(sought=sought, staff_id=bob.pk, reason="x", now=now)] == [kept]
    people.undo_merge(merge_id=number, staff_id=None, why="Mother and daughter", now=now)
    assert everything() == before
    back = rights.everything_of(person=gone, staff_id=None, reason="look", now=now)
    assert back is not None and [each["note"] for each in back["notes"]] == ["Called on Monday"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM actions_signature WHERE reason IS NOT NULL")
        (sealed,) = cursor.fetchone()
    from groundswell.people.roll import Roll

    assert Roll().reason(gone, second, bytes(sealed)) == "My lungs"
    assert Pair.objects.get().state == "apart"
    acts = list(LedgerEntry.objects.filter(act__contains="merge").values_list("act", flat=True))
    assert sorted(acts) == ["merge people", "undo merge"]


@pytest.mark.parametrize(
    ("first", "second", "mailed"),
    [
        (True, True, True), (True, None, True), (True, False, False), (None, True, False), (False, True, False),
        (None, None, False), (False, None, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("later", ["first", "second"])
def test_consent_never_rises(first: bool | None, second: bool | None, mailed: bool, later: str, now: datetime) -> None:
    kept, gone = here("ada@example.org", now), here("a@work.example", now)
    for person, said, when in ((kept, first, later == "first"), (gone, second, later == "second")):
        if said is not None:
            word(person, said, now + LATER * when)
    before = may_mail(kept), may_mail(gone)
    number = merged(kept, gone, now + LATER * 2)
    assert may_mail(kept) is mailed and not may_mail(gone)
    people.undo_merge(merge_id=number, staff_id=None, why="two", now=now + LATER * 3)
    assert (may_mail(kept), may_mail(gone)) == before


def test_the_ledger_of_consent_changes_hands_by_a_merge_only(now: datetime) -> None:
    one, other = here("ada@example.org", now), here("a@work.example", now)
    word(one, True, now)
    for change in ({"person_id": other}, {"given": False}):
        with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
            Consent.objects.update(**change)


@pytest.mark.parametrize("reason", ["unsubscribed", "hard_bounce", "complaint"])
@pytest.mark.parametrize("whose", ["kept", "gone"])
def test_a_suppression_of_either_holds(whose: str, reason: str, now: datetime) -> None:
    sides = {"kept": here("ada@example.org", now), "gone": here("a@work.example", now)}
    for person in sides.values():
        word(person, True, now)
    people.suppress_person(person=sides[whose], reason=reason, source="mail", now=now)  # type: ignore[arg-type]
    number = merged(sides["kept"], sides["gone"], now)
    assert not may_mail(sides["kept"])
    people.undo_merge(merge_id=number, staff_id=None, why="two", now=now)
    assert {name: may_mail(person) for name, person in sides.items()} == {"kept": whose == "gone", "gone": whose == "kept"}
    assert Suppression.objects.count() == 1


def test_a_goodbye_by_an_old_letter_reaches_who_was_kept(now: datetime) -> None:
    kept, gone = here("ada@example.org", now), here("a@work.example", now)
    word(kept, True, now)
    number = merged(kept, gone, now)
    assert people.suppress_person(person=gone, reason="unsubscribed", source="old letter", now=now)
    assert not may_mail(kept) and queries.counts()["people"] == 1
    own = own_data(gone)
    assert own is not None and own.details["email"] == "ada@example.org" and own.not_written_to_because == ["unsubscribed"]
    people.undo_merge(merge_id=number, staff_id=None, why="two", now=now)
    assert not may_mail(kept) and suppressions.reasons_of(gone) == {"unsubscribed"}


def test_a_list_that_names_both_addresses_is_one_person(home: Path, now: datetime) -> None:
    kept, gone = here("ada@example.org", now), here("a@work.example", now)
    word(kept, True, now)
    merged(kept, gone, now)
    path = home / "list.csv"
    path.write_text(
        "Email,First name,Phone,Status\na@work.example,Ada,+442079460001,subscribed\nada@example.org,Ada,,unsubscribed\n"
    )
    report = people.import_list(path, organisation="Us", wording="w", source="s", now=now)
    assert (report.new, report.known) == (0, 2) and not may_mail(kept)
    assert Person.objects.count() == 2


def test_forgetting_takes_the_second_address_too(now: datetime) -> None:
    kept, gone = here("ada@example.org", now), here("a@work.example", now)
    merged(kept, gone, now)
    people.forget(person=gone, staff_id=None, why="asked", now=now)
    assert suppressions.person_with(address("a@work.example")) is None
    assert suppressions.person_with(address("ada@example.org")) is None
    assert Suppression.objects.filter(reason="legal").count() == 2 and not Merge.objects.exists() and not Pair.objects.exists()


def test_three_rows_of_one_person_are_undone_in_their_order(now: datetime) -> None:
    one, two, three = (here(f"{name}@example.org", now) for name in ("a", "b", "c"))
    first = merged(two, one, now)
    second = merged(three, two, now)
    assert suppressions.person_with(address("a@example.org")) == three
    with pytest.raises(Refused, match="after this one"):
        people.undo_merge(merge_id=first, staff_id=None, why="x", now=now)
    people.undo_merge(merge_id=second, staff_id=None, why="x", now=now)
    assert suppressions.person_with(address("a@example.org")) == two
    people.undo_merge(merge_id=first, staff_id=None, why="x", now=now)
    assert suppressions.person_with(address("a@example.org")) == one
    for kept, gone in ((one, one), (one, PersonRef(999_999_999))):
        with pytest.raises(Refused):
            merged(kept, gone, now)
    with pytest.raises(Refused, match="reason"):
        people.merge(kept=one, gone=two, staff_id=None, why=" ", now=now)


@pytest.mark.parametrize("ring", ["vault", "index"])
def test_a_merge_is_undone_after_the_keys_were_changed(ring: Any, own_keys: Path, now: datetime) -> None:
    from groundswell.actions import resealing

    kept = here("ada@example.org", now)
    gone = here("a@work.example", now, given_name="Augusta", phone="+442079460001")
    number = merged(kept, gone, now)
    rotate(ring=ring, staff_id=None, why="test", now=now, elsewhere=resealing)
    assert suppressions.person_with(address("a@work.example")) == kept
    people.undo_merge(merge_id=number, staff_id=None, why="two", now=now)
    bob = Account.objects.create(username="bob")
    for sought in ("Augusta", "+442079460001"):
        assert [one.person for one in reading_room.find(sought=sought, staff_id=bob.pk, reason="x", now=now)] == [gone]
