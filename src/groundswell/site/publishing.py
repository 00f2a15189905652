"""Putting petitions and records on disk as files, from what the database holds."""

from datetime import datetime
from pathlib import Path

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.campaigns import queries as campaigns
from groundswell.mailings.queries import house_sender
from groundswell.pages import publish
from groundswell.site.settings import Settings


def house(settings: Settings) -> publish.House:
    """What pages say of the organisation: the first sender profile's."""
    sender = house_sender()
    if sender is None:
        return publish.House("Groundswell", "/", settings.base_url)
    return publish.House(sender.organisation, sender.privacy_url, settings.base_url)


def publish_all(settings: Settings, now: datetime) -> list[Path]:
    """Every petition and its record; returns what was written. Safe to repeat."""
    written: list[Path] = []
    for petition in queries.petitions():
        actions.recount(petition_id=petition.id, now=now)
        fresh = queries.petition(petition.id)
        campaign = campaigns.campaign(fresh.campaign_id, now.date())
        files = {
            **publish.petition_files(fresh, campaign, house(settings)),
            **publish.record_files(campaign, house(settings)),
        }
        publish.write_files(settings.published_folder, files)
        written += [settings.published_folder / name for name in files]
    return written
