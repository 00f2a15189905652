"""A small crowd that audiences are asked of."""

from datetime import datetime, timedelta

import pytest

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.campaigns import operations as campaigns
from groundswell.people import operations as people
from groundswell.people.models import Person
from tests.mailings.crowd import sign
from tests.people.test_people import supporter


@pytest.fixture
def petitions(now: datetime) -> dict[str, ActionId]:
    campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="T", summary="", now=now)
    return {
        slug: actions.open_petition(
            slug=slug,
            campaign_id=campaign,
            title=f"Stop {slug}",
            text="Stop.",
            goal=10,
            thanks_subject="T",
            thanks_text="T",
            now=now,
        )
        for slug in ("coal", "oil")
    }


@pytest.fixture
def crowd(now: datetime, petitions: dict[str, ActionId]) -> dict[str, PersonRef]:
    """Six people: Ada signed both, Bob coal long ago, Cem oil by a friend; Dan nothing; Eve left; Fay lives elsewhere."""
    crowd = {name: supporter(now, f"{name}@example.org", name.title()) for name in ("ada", "bob", "cem", "dan", "eve", "fay")}
    Person.objects.update(heard_at=None)  # that they agreed on a form just now is not what is looked at here
    sign(petitions["coal"], crowd["ada"], now)
    sign(petitions["oil"], crowd["ada"], now)
    sign(petitions["coal"], crowd["bob"], now - timedelta(days=400))
    sign(petitions["oil"], crowd["cem"], now, source="friend")
    people.suppress_person(person=crowd["eve"], reason="unsubscribed", source="letter", now=now)
    Person.objects.filter(pk=crowd["fay"]).update(
        country="FR", language="fr-ca", region="Québec", postcode_area="H2", joined_at=now - timedelta(days=900)
    )
    people.tag(persons=[crowd["bob"], crowd["dan"]], name="volunteer")
    people.tag(persons=[crowd["cem"]], name="climate", kind="topic")
    people.make_field(slug="age", label="Age", kind="number")
    people.make_field(slug="chapter", label="Chapter", kind="choice", choices=["North"])
    people.make_field(slug="member", label="Member", kind="yes")
    people.make_field(slug="since", label="Member since", kind="date")
    for slug, value in (("age", "36"), ("chapter", "North"), ("member", "yes"), ("since", "2020-05-01")):
        people.set_fact(person=crowd["dan"], slug=slug, value=value)
    return crowd
