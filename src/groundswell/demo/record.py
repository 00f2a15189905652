"""The demo's record: 67 facts found in public sources, entered as staff would. The page shows those read in the original."""

import json
from datetime import datetime
from pathlib import Path

from groundswell.campaigns import operations as campaigns

FACTS = Path(__file__).parent / "record.json"
CAMPAIGN = "end-the-pause"


def build(*, now: datetime) -> int:
    """The campaign with its targets, promises, entries, demands and open questions. Safe to repeat."""
    record = json.loads(FACTS.read_text(encoding="utf-8"))
    campaign_id = campaigns.open_campaign(
        slug=CAMPAIGN, title="From a pause to an end", target_slug="amazon", target_name="Amazon", hide_copies=True, now=now,
        summary="What companies promised about selling facial recognition to the police, until when, and what they did.",
    )  # fmt: skip
    for target in record["targets"]:
        campaigns.name_target(**target)
    for pledge in record["commitments"]:
        campaigns.commit(
            campaign_id=campaign_id, title=pledge["title"], slug=pledge["slug"], target_slug=pledge["target"],
            not_covered="\n".join(pledge.get("not_covered", ())), note=pledge.get("note", ""), now=now,
        )  # fmt: skip
    campaigns.enter_many(campaign_id=campaign_id, entries=record["entries"], now=now)
    for demand in record["demands"]:
        campaigns.demand(campaign_id=campaign_id, made_by=demand["by"], wording=demand["wording"], dated=demand["dated"])
    for unknown in record["unknown"]:
        campaigns.wonder(campaign_id=campaign_id, **unknown, now=now)
    return campaign_id
