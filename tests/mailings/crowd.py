"""What the people of the small crowd do, and who of them an audience finds."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId, LetterId, PersonRef
from groundswell.engine.compile import compile_appeal
from groundswell.mailings.audiences import queries
from groundswell.post import operations as post
from groundswell.post.models import Delivery, State
from tests.post.test_post import ACTION, APPEAL, SENDER, SOURCES


def sign(petition: ActionId, person: PersonRef, at: datetime, source: str = "website") -> None:
    actions.sign(
        entry_id=uuid4(),
        petition_id=petition,
        version=1,
        person=person,
        source=source,
        position="website",
        delivery=None,
        signed_at=at,
    )


def mail(*persons: PersonRef, now: datetime, at: datetime, key: str = "x") -> LetterId:
    """A letter to these people that left then."""
    letter = compile_appeal(APPEAL, sender=SENDER, sources=SOURCES, action=ACTION).letter
    assert letter is not None
    letter_id = post.lodge(key=f"mailing:{key}", letter=letter, kind="mailing", action=None, now=min(at, now - timedelta(days=1)))
    post.address(letter_id=letter_id, persons=[(person, "") for person in persons], now=at)
    Delivery.objects.filter(letter_id=letter_id, person_id__in=persons).update(state=State.ACCEPTED, changed_at=at)
    return letter_id


def names(content: Any, crowd: dict[str, PersonRef], now: datetime) -> str:
    by_number = {number: name for name, number in crowd.items()}
    found = list(queries.members(content, now=now))
    eligible = sorted(by_number[person] for person, why in found if not why)
    explained = queries.explain(content, now=now)
    assert queries.count(content, now=now) == explained.eligible == len(eligible)
    assert explained.eligible + sum(explained.left_out.values()) == len(found)
    return " ".join(eligible)
