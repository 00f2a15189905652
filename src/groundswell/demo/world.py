"""The demo's small world, built only through the operations that staff use. Safe to build again, and to be killed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.basics.ids import ActionId, MailingId
from groundswell.demo import acts, record, supporters
from groundswell.mailings import operations as mailings
from groundswell.pages.authoring import keep_page
from groundswell.people import operations as people

HERE = Path(__file__).parent
ORGANISATION = "Common Ground Action"
DOMAIN = "news.example.org"
PETITION = "end-it-for-good"
MAILING = "still-only-a-pause"
_TITLE = "End police use of Amazon’s facial recognition, for good"
_TEXT = """\
In June 2020 Amazon paused the use of its facial recognition by the police for a year. In May 2021 it prolonged the pause
“until further notice”. A pause can end on any day, without a word.

We ask Amazon to

- end police use of its facial recognition **permanently and in writing**;
- include federal agencies, and every feature that finds a person by their face;
- say once a year, in public, who uses it.
"""
_THANKS = """\
{{ first_name | "Friend" }},

Your name is under the petition. When we hand it over, you will read here what the company answered.

::: ask
See how many we are, and pass it on
:::

Thank you,

::: ps
Nobody sees more of you than your first name and an initial.
:::
"""
_WHY = """\
## Why a pause is not enough

Nothing binds the company to it. What follows is what is known, each line with its source; the whole record is public."""
_BODY = ({"type": "text", "value": _WHY}, {"type": "record", "value": 3})
_SHARE_TEXTS = (
    "Amazon paused the use of its facial recognition by the police. A pause can end on any day: let us ask for the end.",
    "“Until further notice” is no promise. I asked Amazon to end police use of its facial recognition for good; will you?",
)


@dataclass(frozen=True, slots=True)
class World:
    """What the demo speaks of."""

    campaign_id: int
    petition_id: ActionId
    mailing_id: MailingId


def build(*, folder: Path, base_url: str, now: datetime, seen: Callable[[int], None] = lambda _: None) -> World:
    """Campaign, record, petition, sender, supporters, and the mailing as a draft."""
    campaign_id = record.build(now=now)
    petition_id = _petition(campaign_id, now)
    mailings.keep_sender(
        slug="lucia", name="Lucía Romero", team="and everyone at Common Ground Action", organisation=ORGANISATION,
        from_address=f"lucia@{DOMAIN}", reply_to=f"answers@{DOMAIN}", list_id=f"campaigns.{DOMAIN}", feedback_id="cgaction",
        postal_address="1 Example Street\nExample Town 00000", privacy_url=f"{base_url}/record/end-the-pause",
        why="You get this because you asked us to write to you about campaigns.", website=base_url,
    )  # fmt: skip
    acts.build(campaign_id=campaign_id, now=now)
    sheet = folder / "supporters.csv"
    supporters.write(sheet)
    people.import_list(
        sheet, organisation=ORGANISATION, wording="Yes, write to me about campaigns.", source="the demo's own list", now=now,
        seen=seen,
    )  # fmt: skip
    appeal = (HERE / "appeal.md").read_text(encoding="utf-8")
    mailing_id = mailings.draft(slug=MAILING, appeal=appeal, sender_slug="lucia", petition_id=petition_id, now=now)
    return World(campaign_id, petition_id, mailing_id)


def _petition(campaign_id: int, now: datetime) -> ActionId:
    """The petition with its page, once: what somebody made of it in the office stays when the demo is started again."""
    known = queries.petition_named(PETITION)
    if known is not None:
        return known.id
    with transaction.atomic():
        petition_id = actions.open_petition(
            slug=PETITION, campaign_id=campaign_id, title=_TITLE, text=_TEXT, goal=1000,
            thanks_subject="Thank you, your name is in", thanks_text=_THANKS, now=now,
        )  # fmt: skip
        keep_page(petition_id, body=_BODY, share_texts=_SHARE_TEXTS)
    return petition_id
