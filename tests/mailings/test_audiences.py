"""Who a letter is for: said in a definition, checked as a text, compiled to one statement, and never more than data."""

import json
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings.audience import counted
from groundswell.mailings.audiences import operations, queries
from groundswell.mailings.audiences.reading import flat
from groundswell.people.models import Person
from groundswell.post.models import Delivery, State
from groundswell.post.operations import address
from groundswell.post.queries import withheld
from tests.mailings.crowd import mail, names
from tests.post.test_post import lodged

pytestmark = pytest.mark.django_db


COALERS = {"include": {"signed": "coal"}, "exclude": [{"tag": "volunteer"}], "cap": {"letters": 1, "days": 7}}


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        ({"signed": "coal"}, "ada bob"),
        ({"not": {"signed": "coal"}}, "cem dan fay"),
        ({"all": [{"signed": "coal"}, {"signed": "oil"}]}, "ada"),
        ({"any": [{"signed": "coal"}, {"signed": "oil"}]}, "ada bob cem"),
        ({"not": {"any": [{"signed": "coal"}, {"tag": "volunteer"}]}}, "cem fay"),
        ({"not": {"all": [{"signed": "coal"}, {"tag": "volunteer"}]}}, "ada cem dan fay"),
        ({"not": {"not": {"signed": "oil"}}}, "ada cem"),
        ({"source": "friend"}, "cem"),
        ({"joined_from": "form"}, "ada bob cem dan fay"),
        ({"joined_from": "nowhere"}, ""),
        ({"tag": "volunteer"}, "bob dan"),
        ({"topic": "climate"}, "cem"),
        ({"country": ["FR", "DE"]}, "fay"),
        ({"region": ["Québec"]}, "fay"),
        ({"postcode_area": ["SW", "H2"]}, "ada bob cem dan fay"),
        ({"language": ["fr"]}, "fay"),
        ({"not": {"language": ["fr-CA", "de"]}}, "ada bob cem dan"),
        ({"joined": {"to": "2025-12-31"}}, "fay"),
        ({"joined": {"from": "2026-11-24", "to": "2026-11-24"}}, "ada bob cem dan"),
        ({"acted_within_days": 30}, "ada cem"),
        ({"not": {"acted_within_days": 30}}, "bob dan fay"),
        ({"mailed_within_hours": 48}, "dan"),
        ({"had_letters": {"at_least": 1, "days": 7}}, "dan"),
        ({"had_letters": {"at_least": 2, "days": 7}}, ""),
        ({"audience": "coalers"}, "ada"),
        ({"not": {"audience": "coalers"}}, "bob cem dan fay"),
        ({"any": [{"audience": "coalers"}, {"topic": "climate"}]}, "ada cem"),
        ({"fact": {"name": "age", "at_least": 30, "at_most": 40}}, "dan"),
        ({"fact": {"name": "age", "at_least": 37}}, ""),
        ({"fact": {"name": "chapter", "is": "North"}}, "dan"),
        ({"fact": {"name": "member", "is": True}}, "dan"),
        ({"fact": {"name": "since", "at_most": "2020-05-01"}}, "dan"),
        ({"not": {"fact": {"name": "member", "is": True}}}, "ada bob cem fay"),
        ({"share": {"of": "x", "to": 100}}, "ada bob cem dan fay"),
    ],
)
def test_each_condition_finds_whom_it_says(condition: Any, who: str, crowd: dict[str, PersonRef], now: datetime) -> None:
    mail(crowd["dan"], now=now, at=now - timedelta(hours=20))
    operations.save_audience(slug="coalers", name="Coalers", definition=COALERS, now=now)
    assert names({"include": condition}, crowd, now) == who
    everybody = {"ada", "bob", "cem", "dan", "fay"}
    assert set(names({"exclude": [condition]}, crowd, now).split()) == everybody - set(who.split()), "excluding is the opposite"
    assert queries.in_words({"include": condition}).startswith("People who ")


def test_draws_are_stable_disjoint_and_of_their_size(now: datetime) -> None:
    Person.objects.bulk_create([Person(joined_at=now, may_mail=True, why_not="") for _ in range(4000)])

    def draw(of: str, first: float, last: float) -> set[int]:
        share = {"share": {"of": of, "from": first, "to": last}}
        return {person for person, _ in queries.members({"include": share}, now=now)}

    first, second, other = draw("subject", 0, 50), draw("subject", 50, 100), draw("day", 0, 50)
    assert not first & second and len(first | second) == 4000
    assert draw("subject", 0, 50) == first and draw("subject", 0, 25) < first
    assert 1800 < len(first) < 2200 and 800 < len(first & other) < 1200


def test_an_audience_explains_itself(crowd: dict[str, PersonRef], now: datetime) -> None:
    content = {"include": {"any": [{"signed": "coal"}, {"language": ["en"]}]}, "exclude": [{"signed": "oil"}, {"tag": "volunteer"}]}
    found = queries.explain(content, now=now)
    assert found.eligible == 0 and found.left_out == {
        "has signed already": 2, "left out: carry the tag “volunteer”": 2, "unsubscribed": 1,
    }  # fmt: skip
    assert found.words == (
        "0 people: 5 who have signed “Stop coal” or read en, minus 2 who have signed already,"
        " minus 2 who carry the tag “volunteer”, minus 1 who unsubscribed."
    )


def test_the_text_says_it_all(crowd: dict[str, PersonRef]) -> None:
    content = {
        "include": {
            "all": [
                {"not": {"any": [{"signed": "coal"}, {"country": ["FR"]}]}}, {"not": {"tag": "volunteer"}},
                {"fact": {"name": "age", "at_least": 18}}, {"joined": {"from": "2024-01-01"}}, {"not": {"acted_within_days": 1}},
                {"not": {"fact": {"name": "member", "is": True}}}, {"share": {"of": "a", "to": 10}},
            ]
        },
        "exclude": [{"mailed_within_hours": 48}, {"not": {"source": "friend"}}, {"not": {"joined": {"to": "2026-01-01"}}}],
        "cap": {"letters": 1, "days": 7},
    }  # fmt: skip
    assert queries.in_words(content) == (
        "People who (have not signed “Stop coal” and do not live in FR); don't carry the tag “volunteer”;"
        " have at least 18 in “Age”; joined not before 2024-01-01; have not acted in the last day;"
        " (have anything but yes, or nothing, in “Member”); and are in 0 to 10 percent of the draw “a”."
        " Without those who were written to in the last 48 hours. Without those who never acted by way of “friend”."
        " Without those who did not join not after 2026-01-01. Nobody who had one letter in the last 7 days."
    )
    assert queries.in_words({}) == "Everybody."


def test_nobody_gets_more_letters_than_the_cap_allows(crowd: dict[str, PersonRef], now: datetime) -> None:
    mail(crowd["ada"], now=now, at=now - timedelta(days=2))
    assert names({"cap": {"letters": 1, "days": 7}}, crowd, now) == "bob cem dan fay"
    assert "ada" in names({"cap": {"letters": 2, "days": 7}}, crowd, now)
    assert "ada" in names({"cap": {"letters": 1, "days": 1}}, crowd, now)
    left_out = queries.explain({"cap": {"letters": 1, "days": 7}}, now=now).left_out
    assert left_out == {"had one letter in 7 days": 1, "unsubscribed": 1}


def test_the_house_has_a_cap_of_its_own(
    crowd: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime, settings: Any
) -> None:
    mail(crowd["cem"], now=now, at=now - timedelta(days=2))
    asked = partial(counted, petition_id=petitions["coal"], language="en", now=now)
    assert asked()["eligible"] == 2
    settings.GROUNDSWELL = settings.GROUNDSWELL.model_copy(update={"cap_letters": 1, "cap_days": 3})
    assert asked() == {"eligible": 1, "has signed already": 2, "unsubscribed": 1, "had one letter in 3 days": 1}
    assert asked(definition={"exclude": [{"signed": "coal"}]})["had one letter in 3 days"] == 1
    own = asked(definition={"include": {"language": ["en"]}, "exclude": [{"signed": "coal"}], "cap": {"letters": 2, "days": 3}})
    assert own["eligible"] == 2, "an audience's own cap is the one that counts"


def test_starting_freezes_everybody_with_their_reason(crowd: dict[str, PersonRef], now: datetime) -> None:
    letter_id = lodged(now)
    content = {"include": {"language": ["en"]}, "exclude": [{"signed": "coal"}]}
    assert operations.freeze(letter_id=letter_id, definition=content, now=now) == 5
    assert operations.freeze(letter_id=letter_id, definition=content, now=now) == 0, "asking again changes nothing"
    assert withheld(letter_id) == {"has signed already": 2, "unsubscribed": 1}
    assert queries.explain(content, now=now).left_out == withheld(letter_id), "a dry run says the same"
    ready = Delivery.objects.filter(letter_id=letter_id, state=State.READY)
    assert {row.person_id for row in ready} == {crowd["cem"], crowd["dan"]}
    assert {(row.claimed_by, row.attempts, row.due_at) for row in ready} == {("", 0, now)}


def test_a_row_that_comes_from_elsewhere_meanwhile_stays_and_the_others_are_made(
    crowd: dict[str, PersonRef], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = lodged(now)
    address(letter_id=letter_id, persons=[(next(iter(crowd.values())), "was here first")], now=now)
    monkeypatch.setattr(QuerySet, "exists", lambda self: False)  # as it was a moment before
    everybody = len(crowd)
    assert operations.freeze(letter_id=letter_id, definition={}, now=now) == everybody - 1
    assert Delivery.objects.filter(letter_id=letter_id).count() == everybody
    assert Delivery.objects.filter(letter_id=letter_id, reason="was here first").count() == 1


def test_saved_audiences_are_kept_and_say_when_what_they_name_is_gone(crowd: dict[str, PersonRef], now: datetime) -> None:
    operations.save_audience(slug="climate", name="Climate", definition={"include": {"topic": "climate"}}, now=now)
    operations.save_audience(slug="climate", name="Climate people", definition={"include": {"topic": "climate"}}, now=now)
    (saved,) = queries.audiences()
    assert (saved.name, saved.words) == ("Climate people", "People who want the topic “climate”.")
    from groundswell.people.models import Tag

    Tag.objects.all().delete()
    gone = queries.audience_named("climate")
    assert gone is not None and "not there" in gone.words
    assert operations.remove_audience(slug="climate") and queries.audience_named("climate") is None
    for name, definition in ((" ", {}), ("Wrong", {"include": {"signed": "gas"}})):
        with pytest.raises(Refused):
            operations.save_audience(slug="x", name=name, definition=definition, now=now)


def test_audiences_are_made_of_audiences_and_never_of_themselves(crowd: dict[str, PersonRef], now: datetime) -> None:
    save = partial(operations.save_audience, name="Some", now=now)
    save(slug="coalers", definition=COALERS)
    save(slug="both", definition={"include": {"any": [{"audience": "coalers"}, {"signed": "oil"}]}})
    save(slug="all", definition={})
    both = {"include": {"audience": "all"}, "exclude": [{"audience": "both"}]}
    assert names(both, crowd, now) == "bob dan fay"
    assert queries.in_words(both) == "People who are in the audience “Some”. Without those who are in the audience “Some”."
    assert queries.explain(both, now=now).left_out == {"left out: are in the audience “Some”": 2, "unsubscribed": 1}
    for slug, definition in (("coalers", {"include": {"audience": "coalers"}}), ("coalers", {"exclude": [{"audience": "both"}]})):
        with pytest.raises(Refused, match="made of itself"):
            save(slug=slug, definition=definition)
    with pytest.raises(Refused, match="made of this audience"):
        operations.remove_audience(slug="coalers")
    for n in range(8):  # each is six of the one before: more than a million conditions, seen before they are asked
        try:
            save(slug=f"bomb{n}", definition={"include": {"any": [{"audience": f"bomb{n - 1}"} if n else {"signed": "coal"}] * 6}})
        except Refused as refused:
            assert "more than 200 conditions" in str(refused) and n > 1
            break
    else:
        pytest.fail("nobody stopped it")
    people_of_oil = {"include": {"audience": "both"}}
    from groundswell.people.models import Tag

    Tag.objects.filter(name="volunteer").delete()
    with pytest.raises(Refused, match="In the audience “coalers”: The definition names a tag that is not there"):
        queries.count(people_of_oil, now=now)


def test_a_mailing_keeps_its_own_copy_of_all_that_an_audience_is_made_of(crowd: dict[str, PersonRef], now: datetime) -> None:
    catalogue = queries.catalogue
    operations.save_audience(slug="coalers", name="Coalers", definition=COALERS, now=now)
    operations.save_audience(slug="all", name="All", definition={}, now=now)
    content = {"include": {"any": [{"audience": "coalers"}, {"not": {"audience": "all"}}]}, "exclude": [{"audience": "coalers"}]}
    mail(crowd["bob"], now=now, at=now - timedelta(days=3))
    for each in (
        content,
        {"include": {"audience": "coalers"}},
        {"include": {"audience": "all"}},
        {"exclude": [{"audience": "all"}]},
    ):
        copy = flat(each, catalogue())
        assert "audience" not in json.dumps(copy)
        operations.save_audience(slug="kept", name="Kept", definition=each, now=now)
        assert queries.copy_of("kept") == copy, "what a draft gets"
        assert names(copy, crowd, now) == names(each, crowd, now)
