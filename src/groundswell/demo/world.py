"""The demo's small world, built only through the operations that staff use. Safe to build again, and to be killed in."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from groundswell.actions import operations as actions
from groundswell.basics.ids import ActionId, MailingId
from groundswell.campaigns import operations as campaigns
from groundswell.demo import supporters
from groundswell.mailings import operations as mailings
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


@dataclass(frozen=True, slots=True)
class World:
    """What the demo speaks of."""

    campaign_id: int
    petition_id: ActionId
    mailing_id: MailingId


def build(*, folder: Path, base_url: str, now: datetime, seen: Callable[[int], None] = lambda _: None) -> World:
    """Campaign, record, petition, sender, supporters, and the mailing as a draft."""
    record = json.loads((HERE / "record.json").read_text(encoding="utf-8"))
    campaign_id = campaigns.open_campaign(
        slug="end-the-pause", title="From a pause to an end", target_slug="amazon", target_name="Amazon", now=now,
        summary="What companies promised about selling facial recognition to the police, until when, and what they did.",
    )  # fmt: skip
    for entry in record["entries"]:
        campaigns.enter(campaign_id=campaign_id, entry=entry, now=now)
    for demand in record["demands"]:
        campaigns.demand(campaign_id=campaign_id, made_by=demand["by"], wording=demand["text_in_own_words"], dated=demand["date"])
    for pledge in record["commitments"]:
        _commit(campaign_id, pledge)
    petition_id = actions.open_petition(
        slug=PETITION, campaign_id=campaign_id, title=_TITLE, text=_TEXT, goal=1000,
        thanks_subject="Thank you, your name is in", thanks_text=_THANKS, now=now,
    )  # fmt: skip
    mailings.keep_sender(
        slug="lucia", name="Lucía Romero", team="and everyone at Common Ground Action", organisation=ORGANISATION,
        from_address=f"lucia@{DOMAIN}", reply_to=f"answers@{DOMAIN}", list_id=f"campaigns.{DOMAIN}", feedback_id="cgaction",
        postal_address="1 Example Street\nExample Town 00000", privacy_url=f"{base_url}/record/end-the-pause",
        why="You get this because you asked us to write to you about campaigns.", website=base_url,
    )  # fmt: skip
    sheet = folder / "supporters.csv"
    supporters.write(sheet)
    people.import_csv(
        sheet, organisation=ORGANISATION, wording="Yes, write to me about campaigns.", source="the demo's own list", now=now,
        seen=seen,
    )  # fmt: skip
    appeal = (HERE / "appeal.md").read_text(encoding="utf-8")
    mailing_id = mailings.draft(slug=MAILING, appeal=appeal, sender_slug="lucia", petition_id=petition_id, now=now)
    return World(campaign_id, petition_id, mailing_id)


def _commit(campaign_id: int, pledge: dict[str, object]) -> None:
    def day(name: str) -> date | None:
        value = pledge.get(name)
        return date.fromisoformat(str(value)) if value else None

    announced = str(pledge.get("scope_as_announced") or pledge["pledge"])
    campaigns.commit(
        campaign_id=campaign_id,
        title=str(pledge["pledge"]),
        made_on=day("first_announced") or date.min,
        until=str(pledge["until"]),
        last_confirmed_on=day("last_confirmed_by_company"),
        last_confirmed_source=str(pledge.get("last_confirmed_source") or ""),
        scope_announced=announced,
        scope_standing=str(pledge.get("scope_as_in_terms") or announced),
        ended_on=date(2025, 4, 1) if pledge.get("end_found") else None,
    )
