"""What an audience says of itself is so: its numbers add up, its words mean what is asked, and what finds nobody is refused."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings import operations as mailings
from groundswell.mailings.audience import shown
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.reading import checked, from_text
from groundswell.mailings.composing import choosing
from groundswell.mailings.models import Mailing, SenderProfile
from groundswell.people import operations as people
from groundswell.people.models import Fact, FactKind
from groundswell.post.models import Delivery, State
from tests.engine.test_letter import SENDER
from tests.mailings.crowd import mail, names
from tests.post.test_post import lodged

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing(petitions: dict[str, ActionId], now: datetime) -> Mailing:
    mailings.keep_sender(slug="s", **{n: getattr(SENDER, n) for n in SENDER.__dataclass_fields__})
    sender = SenderProfile.objects.get()
    return Mailing.objects.create(slug="w", appeal="x", sender=sender, petition_id=petitions["coal"], created_at=now)


def test_two_exclusions_told_in_the_same_words_are_added(crowd: dict[str, PersonRef], now: datetime) -> None:
    signed = {"exclude": [{"signed": "coal"}, {"signed": "oil"}]}
    assert names(signed, crowd, now) == "dan fay"  # it asks whether the numbers add up
    assert queries.explain(signed, now=now).left_out == {"has signed already": 3, "unsubscribed": 1}
    long = {"exclude": [{"region": ["A" * 100, "B" * 40]}, {"region": ["A" * 100, "Québec"]}]}
    assert names(long, crowd, now) == "ada bob cem dan"
    assert sum(queries.explain(long, now=now).left_out.values()) == 2


def test_a_no_is_told_as_a_no(crowd: dict[str, PersonRef], now: datetime) -> None:
    people.set_fact(person=crowd["cem"], slug="member", value="no")
    for said, negated, who, words in (
        (True, False, "dan", "have yes in"), (False, False, "cem", "have no in"),
        (True, True, "ada bob cem fay", "have anything but yes, or nothing, in"),
        (False, True, "ada bob dan fay", "have anything but no, or nothing, in"),
    ):  # fmt: skip
        fact: Any = {"fact": {"name": "member", "is": said}}
        content = {"include": {"not": fact} if negated else fact}
        assert names(content, crowd, now) == who
        assert queries.in_words(content) == f"People who {words} “Member”."


def test_more_of_a_postcode_than_is_kept_is_refused_with_what_to_write(crowd: dict[str, PersonRef], now: datetime) -> None:
    for side in ({"include": {"postcode_area": ["75011"]}}, {"exclude": [{"not": {"postcode_area": ["SW1", "SW1A1AA"]}}]}):
        with pytest.raises(Refused, match="first 4 letters and digits are kept"):
            queries.count(side, now=now)
    assert names({"include": {"postcode_area": ["SW1", "7501"]}}, crowd, now) == "ada bob cem dan"


def test_a_word_that_nobody_can_have_is_refused_and_an_old_one_is_not(crowd: dict[str, PersonRef], now: datetime) -> None:
    typo = {"exclude": [{"fact": {"name": "chapter", "is": "north"}}]}
    with pytest.raises(Refused, match="a word that “Chapter” does not have"):
        operations.save_audience(slug="x", name="X", definition=typo, now=now)
    with pytest.raises(Refused, match="does not have"):
        queries.count(typo, now=now)
    kind = FactKind.objects.get(slug="chapter")
    Fact.objects.create(kind=kind, person_id=crowd["bob"], word="Old North")  # written before the field had its choices
    assert names({"include": {"fact": {"name": "chapter", "is": "Old North"}}}, crowd, now) == "bob"
    people.make_field(slug="trade", label="Trade", kind="text")
    assert names({"include": {"fact": {"name": "trade", "is": "baker"}}}, crowd, now) == "", "any words fit there"


def _forty(name: str) -> dict[str, Any]:
    return {"include": {"any": [{"share": {"of": f"{name}-{n}", "to": 1}} for n in range(40)]}}


def test_what_is_saved_and_counted_can_be_sent_to(crowd: dict[str, PersonRef], mailing: Mailing, now: datetime) -> None:
    for n in range(4):
        operations.save_audience(slug=f"a{n}", name="A", definition=_forty(f"a{n}"), now=now)
    whole = {"include": {"any": [{"audience": f"a{n}"} for n in range(4)]}}
    operations.save_audience(slug="sum", name="Sum", definition=whole, now=now)
    operations.use_audience(slug="sum", mailing_slug="w")
    kept = Mailing.objects.get().definition
    assert "audience" not in json.dumps(kept) and len(json.dumps(kept)) > 5000
    assert queries.count(kept, now=now) == queries.count(whole, now=now) == shown(kept, now=now).explained.eligible
    letter = lodged(now)
    operations.freeze(letter_id=letter, definition=kept, now=now)
    assert Delivery.objects.filter(letter_id=letter, reason="").count() == queries.count(whole, now=now)
    choosing.choose(mailing_id=mailing.pk, audience="sum")
    with pytest.raises(Refused, match="more than 60 conditions"):
        from_text(json.dumps(kept))  # what somebody writes stays short
    operations.save_audience(slug="a4", name="A", definition=_forty("a4"), now=now)
    with pytest.raises(Refused, match="more than 200 conditions"):
        operations.save_audience(
            slug="more", name="More", definition={"include": {"any": [{"audience": s} for s in ("sum", "a4")]}}, now=now
        )


def _nested(times: int, inner: dict[str, Any]) -> dict[str, Any]:
    return inner if not times else {"any": [{"all": [_nested(times - 1, inner), {"tag": "volunteer"}]}, {"tag": "volunteer"}]}


@pytest.mark.parametrize("layer", [lambda inner: {"include": _nested(2, inner)}, lambda inner: {"exclude": [inner]},
                                   lambda inner: {"include": {"not": {"not": {"not": {"not": {"not": inner}}}}}}])  # fmt: skip
def test_audiences_of_audiences_end_with_a_reason_before_they_are_too_deep_to_send_to(
    layer: Any, crowd: dict[str, PersonRef], mailing: Mailing, now: datetime
) -> None:
    operations.save_audience(slug="d0", name="D", definition={"include": {"signed": "coal"}}, now=now)
    for n in range(1, 100):
        definition = layer({"audience": f"d{n - 1}"})
        try:
            operations.save_audience(slug=f"d{n}", name="D", definition=definition, now=now)
        except Refused as refused:
            assert "nested more than 20 deep" in str(refused) and n > 5
            break
        assert queries.count(queries.copy_of(f"d{n}"), now=now) == queries.count(definition, now=now)
        operations.use_audience(slug=f"d{n}", mailing_slug="w")
        assert queries.in_words(Mailing.objects.get().definition)
    else:
        pytest.fail("nothing stopped it")


def test_a_copy_counts_the_letters_on_their_way_as_the_audience_does(crowd: dict[str, PersonRef], now: datetime) -> None:
    letter = mail(crowd["ada"], now=now, at=now - timedelta(hours=3))
    Delivery.objects.filter(letter_id=letter).update(state=State.READY)
    operations.save_audience(slug="rested", name="Rested", definition={"cap": {"letters": 1, "days": 7}}, now=now)
    operations.save_audience(slug="outer", name="Outer", definition={"include": {"audience": "rested"}}, now=now)
    copy = queries.copy_of("outer")
    assert names({"include": {"audience": "rested"}}, crowd, now) == names(copy, crowd, now) == "bob cem dan fay"
    assert (
        queries.in_words(copy) == "People who did not have one letter or more in the last 7 days, with those that wait to be sent."
    )


def test_a_scheduled_letter_keeps_the_audience_that_was_approved(
    crowd: dict[str, PersonRef], mailing: Mailing, now: datetime
) -> None:
    operations.save_audience(slug="all", name="All", definition={}, now=now)
    Mailing.objects.update(state="scheduled", scheduled_for=now + timedelta(hours=1))
    with pytest.raises(Refused, match="“w” is scheduled: its audience stays"):
        operations.use_audience(slug="all", mailing_slug="w")
    assert Mailing.objects.get().definition is None
    with pytest.raises(Refused, match="no mailing “gone”"):
        operations.use_audience(slug="all", mailing_slug="gone")
    Mailing.objects.update(state="draft", scheduled_for=None)
    operations.use_audience(slug="all", mailing_slug="w")
    assert Mailing.objects.get().definition == {}


def test_reading_changes_nothing_of_what_it_reads() -> None:
    content = {"include": {"language": ["EN"]}, "exclude": [{"language": ["FR"]}]}
    assert checked(content) != content == {"include": {"language": ["EN"]}, "exclude": [{"language": ["FR"]}]}


def test_a_line_break_at_the_end_of_a_word_is_no_part_of_it(crowd: dict[str, PersonRef], now: datetime) -> None:
    for place in (
        {"country": ["FR\n"]},
        {"postcode_area": ["H2\n"]},
        {"language": ["fr\n"]},
        {"region": ["Québec\n"]},
        {"source": "x\n"},
    ):
        with pytest.raises(Refused, match="not understood at exclude/0"):
            queries.count({"exclude": [place]}, now=now)
