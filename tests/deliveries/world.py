"""A petition with signers, for the tests of this room."""

from datetime import datetime, timedelta
from uuid import uuid4

from groundswell.actions import operations as actions
from groundswell.basics.addresses import Address, parse
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.campaigns import operations as campaigns
from groundswell.people import operations as people


def petition(now: datetime, title: str = "One", text: str = "first *text*\n\n- an item") -> ActionId:
    """A petition to the Target, with one text."""
    campaign = campaigns.open_campaign(slug="c", title="C", target_slug="t", target_name="The Target", summary="", now=now)
    return actions.open_petition(
        slug="p", campaign_id=campaign, title=title, text=text, goal=10, thanks_subject="x", thanks_text="y",
        now=now - timedelta(days=30),
    )  # fmt: skip


def signer(
    petition_id: ActionId, now: datetime, number: int, *, given: str = "Ada", family: str = "Lovelace", country: str = "GB",
    area: str = "SW1", version: int = 1, shows: str = "name+place", reason: str = "",
) -> PersonRef:  # fmt: skip
    """Somebody new, who signs at `now`."""
    address = parse(f"signer{number}@example.org")
    assert isinstance(address, Address)
    enrolled = people.enrol(email=address, given_name=given, family_name=family, country=country, postcode_area=area, now=now)
    actions.sign(
        entry_id=uuid4(), petition_id=petition_id, version=version, person=enrolled.person, source="x", position="website",
        delivery=None, signed_at=now, shows=shows, reason=reason,
    )  # fmt: skip
    return enrolled.person
