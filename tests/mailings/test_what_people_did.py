"""What people signed stands on their own rows, and whom letters reached as bits: copies that the database keeps true."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.definition import Catalogue
from groundswell.mailings.audiences.reached import keep_reached
from groundswell.mailings.models import Reached
from groundswell.people.models import Person
from groundswell.post import operations as post
from groundswell.post.models import Delivery, State
from tests.mailings.crowd import mail, names, sign
from tests.people.test_people import supporter
from tests.post.test_post import lodged

pytestmark = pytest.mark.django_db


def test_what_people_did_stays_true_on_their_own_rows(
    crowd: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime
) -> None:
    """The copy of who signed what follows every change: taken back, signed again, moved, deleted."""
    from groundswell.actions.models import Signature

    def did(name: str) -> tuple[list[int], list[str]]:
        row = Person.objects.get(pk=crowd[name])
        assert row.signed_bits == bits(row.signed)
        return row.signed, row.sources

    assert did("ada") == ([petitions["coal"], petitions["oil"]], ["website"]) and did("cem") == ([petitions["oil"]], ["friend"])
    actions.withdraw(petition_id=petitions["coal"], person=crowd["ada"])
    assert did("ada") == ([petitions["oil"]], ["website"]) and names({"include": {"signed": "coal"}}, crowd, now) == "bob"
    sign(petitions["coal"], crowd["ada"], now, source="mail")
    assert did("ada") == ([petitions["coal"], petitions["oil"]], ["mail", "website"])
    Signature.objects.filter(person_id=crowd["cem"]).update(person_id=crowd["dan"])
    assert did("cem") == ([], []) and did("dan") == ([petitions["oil"]], ["friend"])
    Signature.objects.filter(person_id=crowd["dan"]).delete()
    assert did("dan") == ([], []) and Person.objects.get(pk=crowd["dan"]).acted_at is None


def bits(petitions: list[int]) -> int:
    """What the database makes of them: 64 bits with a sign."""
    return int.from_bytes(sum({1 << number % 64 for number in petitions}).to_bytes(8, "big"), "big", signed=True)


def test_petitions_that_share_a_bit_are_told_apart(
    crowd: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime
) -> None:
    """Four hundred petitions of a large house: whoever signed one is never taken for a signer of another, nor missed."""
    from groundswell.actions.models import Petition, Signature

    coal = petitions["coal"]
    assert names({"exclude": [{"signed": "coal"}]}, crowd, now) == "cem dan fay"
    campaign = Petition.objects.get(pk=coal).campaign_id
    above = (max(petitions.values()) // 64 + 1) * 64  # no number from here on is taken, whatever the numbers of the first ones are
    like_coal = [above + coal % 64 + 64 * turn for turn in range(5)]
    signs = [above + 63 + 64 * turn for turn in range(5, 10)]
    for number in (*like_coal, *signs):
        Petition.objects.create(pk=number, slug=f"p{number}", campaign_id=campaign, open_since=now)
    version = Signature.objects.values_list("version_id", flat=True)[0]
    for number, who in ((like_coal[0], "dan"), (like_coal[3], "ada"), (signs[0], "fay")):
        Signature.objects.create(
            id=uuid4(), petition_id=number, version_id=version, person_id=crowd[who], source="x", signed_at=now
        )
        row = Person.objects.get(pk=crowd[who])
        assert number in row.signed and row.signed_bits == bits(row.signed)
    like, other, last = f"p{like_coal[0]}", f"p{like_coal[3]}", f"p{signs[0]}"
    assert names({"include": {"signed": "coal"}}, crowd, now) == "ada bob"
    assert names({"exclude": [{"signed": "coal"}]}, crowd, now) == "cem dan fay"
    assert names({"include": {"signed": like}}, crowd, now) == "dan"
    assert names({"include": {"signed": last}}, crowd, now) == "fay", "the bit that is the number's sign"
    assert names({"include": {"any": [{"signed": "coal"}, {"signed": last}]}}, crowd, now) == "ada bob fay"
    assert names({"exclude": [{"any": [{"signed": "oil"}, {"signed": like}]}]}, crowd, now) == "bob fay"
    assert names({"include": {"all": [{"signed": "coal"}, {"signed": other}]}}, crowd, now) == "ada"


@pytest.mark.django_db(transaction=True)
def test_two_signatures_of_one_person_at_once_are_both_seen(now: datetime, petitions: dict[str, ActionId]) -> None:
    import threading

    from django.db import transaction

    ada = supporter(now, "ada@example.org")
    first_wrote, second_may_end = threading.Event(), threading.Event()

    def sign_slowly() -> None:
        try:
            with transaction.atomic():
                sign(petitions["coal"], ada, now)
                first_wrote.set()
                second_may_end.wait(1)  # the other waits for this one's row; a wait that ends early would show it did not
        finally:
            connection.close()

    thread = threading.Thread(target=sign_slowly)
    thread.start()
    assert first_wrote.wait(10)
    sign(petitions["oil"], ada, now)
    second_may_end.set()
    thread.join()
    assert sorted(Person.objects.get(pk=ada).signed) == sorted(petitions.values())


def had(crowd: dict[str, PersonRef], now: datetime, letters: int) -> str:
    return names({"include": {"had_letters": {"at_least": letters, "days": 7}}}, crowd, now)


def test_whom_letters_reached_is_asked_of_bits_and_says_the_same(crowd: dict[str, PersonRef], now: datetime) -> None:
    mail(crowd["ada"], crowd["bob"], now=now, at=now - timedelta(days=2), key="one")
    mail(crowd["bob"], crowd["fay"], now=now, at=now - timedelta(days=5), key="two")
    mail(crowd["cem"], now=now, at=now - timedelta(days=30), key="old")
    asked = (
        {"cap": {"letters": 1, "days": 7}}, {"cap": {"letters": 2, "days": 7}}, {"cap": {"letters": 1, "days": 3}},
        {"include": {"mailed_within_hours": 72}}, {"exclude": [{"mailed_within_hours": 24 * 40}]}, {"cap": {"letters": 3, "days": 90}},
    )  # fmt: skip
    before = [names(content, crowd, now) for content in asked]
    assert before[:2] == ["cem dan", "ada cem dan fay"]
    assert keep_reached(now=now) == 3 and keep_reached(now=now) == 0, "kept once"
    with CaptureQueriesContext(connection) as sent:
        assert [names(content, crowd, now) for content in asked] == before
    assert not any("post_delivery x" in query["sql"] for query in sent.captured_queries), "no person's row was looked at"
    late = supporter(now, "gil@example.org")
    assert names({"cap": {"letters": 1, "days": 7}}, {**crowd, "gil": late}, now) == "cem dan gil", "newer than the bits"


def test_a_letter_under_way_or_in_doubt_is_asked_row_by_row(crowd: dict[str, PersonRef], now: datetime) -> None:
    letter = mail(crowd["ada"], crowd["bob"], now=now, at=now - timedelta(days=2))
    for state in (State.READY, State.CLAIMED, State.RETRY, State.UNCERTAIN):
        Delivery.objects.filter(letter_id=letter, person_id=crowd["bob"]).update(state=state)
        assert keep_reached(now=now) == 0
        assert had(crowd, now, 1) == ("ada bob" if state == State.UNCERTAIN else "ada")
    Delivery.objects.filter(letter_id=letter, person_id=crowd["bob"]).update(state=State.REFUSED, reason="mailbox gone")
    assert keep_reached(now=now) == 1 and had(crowd, now, 1) == "ada"


def test_the_database_lets_go_of_bits_that_could_be_untrue(crowd: dict[str, PersonRef], now: datetime) -> None:
    letter = mail(crowd["ada"], crowd["bob"], now=now, at=now - timedelta(days=2))
    rows = Delivery.objects.filter(letter_id=letter)

    def kept_after(change: Callable[[], object]) -> bool:
        keep_reached(now=now)
        assert Reached.objects.exclude(bits=None).exists()
        change()
        return Reached.objects.exists()

    bob = rows.filter(person_id=crowd["bob"])
    assert kept_after(lambda: bob.update(state=State.BOUNCED, changed_at=now)), "it left all the same"
    assert not kept_after(lambda: bob.update(state=State.REFUSED, reason="never left"))
    assert not kept_after(lambda: bob.update(state=State.ACCEPTED, reason=""))
    assert not kept_after(lambda: bob.update(person_id=crowd["cem"]))
    assert had(crowd, now, 1) == "ada cem"
    assert not kept_after(lambda: rows.filter(person_id=crowd["cem"]).delete())
    assert not kept_after(lambda: post.address(letter_id=letter, persons=[(crowd["dan"], "")], now=now))
    rows.filter(person_id=crowd["dan"]).update(state=State.ACCEPTED)
    assert keep_reached(now=now) == 1 and had(crowd, now, 1) == "ada dan"
    other = lodged(now)
    assert kept_after(lambda: operations.freeze(letter_id=other, definition={}, now=now)) == (other != letter)


def test_bits_that_go_while_they_are_asked_for_are_asked_for_again(
    crowd: dict[str, PersonRef], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail(crowd["ada"], now=now, at=now - timedelta(days=2))
    keep_reached(now=now)
    looked = queries.catalogue
    gone = iter([True])

    def looked_too_early() -> Catalogue:
        found = looked()
        if next(gone, False):
            Reached.objects.all().delete()
        return found

    monkeypatch.setattr(queries, "catalogue", looked_too_early)
    assert queries.count({"include": {"had_letters": {"at_least": 1, "days": 7}}}, now=now) == 1
