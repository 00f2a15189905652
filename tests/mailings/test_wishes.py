"""What people asked for themselves is known before a letter leaves: counted while staff edit, said in words, frozen as a reason."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.mailings.audience import counted, freeze
from groundswell.mailings.audiences import compiling, queries
from groundswell.mailings.audiences.reading import understood
from groundswell.mailings.models import Mailing, Proposal, SenderProfile
from groundswell.mailings.proposals import audience as told
from groundswell.post import wishes
from groundswell.post.models import Letter
from groundswell.post.queries import withheld
from tests.mailings.crowd import mail, names
from tests.post.test_post import lodged

pytestmark = pytest.mark.django_db


@pytest.fixture
def wishing(crowd: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime) -> dict[str, PersonRef]:
    """Dan and Fay want less mail, and Fay had none lately; Bob wants letters on another campaign only, Cem on this one."""
    campaign = actions.petition(petitions["coal"]).campaign_id
    mail(crowd["dan"], crowd["ada"], now=now, at=now - timedelta(days=20), key="earlier")
    for name in ("dan", "fay"):
        wishes.less_mail(person=crowd[name], now=now)
    wishes.only_topic(person=crowd["bob"], topic=campaign + 1, now=now)
    wishes.only_topic(person=crowd["cem"], topic=campaign, now=now)
    return crowd


def about_coal(now: datetime, petitions: dict[str, ActionId]) -> LetterId:
    letter_id = lodged(now)
    Letter.objects.filter(pk=letter_id).update(topic=actions.petition(petitions["coal"]).campaign_id)
    return letter_id


def test_a_count_a_dry_run_the_rows_and_the_outbox_say_the_same(
    wishing: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime
) -> None:
    everybody: dict[str, Any] = {"include": {"share": {"of": "all", "to": 100}}}
    said = {"asked for less mail": 1, "asked for letters on one topic only": 1, "unsubscribed": 1}
    assert counted(petition_id=petitions["coal"], language="", definition=everybody, now=now) == {"eligible": 3, **said}
    letter_id = about_coal(now, petitions)
    assert freeze(letter_id=letter_id, petition_id=petitions["coal"], language="", definition=everybody, now=now) == 6
    assert withheld(letter_id) == said
    asked = [wishes.Asked(number, letter_id, person) for number, person in enumerate(wishing.values())]  # type: ignore[arg-type]
    held = wishes.against(asked, now)
    assert {list(wishing)[number]: why for number, why in held.items()} == {  # type: ignore[call-overload]
        "dan": "asked for less mail", "bob": "asked for letters on one topic only",
    }  # fmt: skip


def test_an_audience_that_is_edited_knows_of_less_mail_and_of_who_wants_one_campaign(
    wishing: dict[str, PersonRef], now: datetime
) -> None:
    assert names({}, wishing, now) == "ada bob cem fay"
    found = queries.explain({}, now=now)
    assert found.depends == 2 and found.words == (
        "4 people: 6 on the list, minus 1 who asked for less mail, minus 1 who unsubscribed."
        " 2 of those who get it asked for letters on one campaign only, and get it where it is about that one."
    )
    assert queries.explain({"exclude": [{"tag": "volunteer"}]}, now=now).left_out == {
        "left out: carry the tag “volunteer”": 2, "unsubscribed": 1,
    }, "who is left out anyway is counted once"  # fmt: skip


def test_a_wish_ends_with_its_days_or_when_it_is_taken_back(wishing: dict[str, PersonRef], now: datetime) -> None:
    assert "dan" in names({}, wishing, now + timedelta(days=11))
    wishes.lift(person=wishing["dan"])
    assert "dan" in names({}, wishing, now)


def test_nobody_wishing_costs_no_join(crowd: dict[str, PersonRef], now: datetime) -> None:

    for asked in (compiling.count, compiling.explain, compiling.people):
        names_ = queries.catalogue()
        assert "post_wish" not in asked(understood({}, names_), names_, now=now).sql
    wishes.less_mail(person=crowd["ada"], now=now)
    names_ = queries.catalogue()
    assert "post_wish" in compiling.count(understood({}, names_), names_, now=now).sql


def test_a_letter_that_the_record_proposes_keeps_to_wishes_too(
    wishing: dict[str, PersonRef], petitions: dict[str, ActionId], now: datetime
) -> None:

    petition = actions.petition(petitions["coal"])
    sender = SenderProfile.objects.create(slug="s", name="O", organisation="O", from_address="o@example.org")
    mailing = Mailing.objects.create(slug="news", appeal="x", sender=sender, petition_id=petition.id, created_at=now)
    proposal = Proposal.objects.create(
        mailing=mailing,
        reason="news",
        about="e1",
        once="e1 #1",
        campaign_id=petition.campaign_id,
        target_id=1,
        path="/",
        made_at=now,
    )
    acted = {name: why for name in ("ada", "bob", "cem") for person, why in told(proposal, now=now) if person == wishing[name]}
    assert acted.get("bob") == "asked for letters on one topic only", acted
