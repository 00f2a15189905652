"""Putting petitions and records on disk as files, from what the database holds."""

from collections.abc import Container, Iterable
from datetime import datetime
from pathlib import Path

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.actions.goals import raise_goal
from groundswell.basics.ids import ActionId
from groundswell.campaigns import queries as campaigns
from groundswell.pages import publish
from groundswell.pages.authoring import differing, files_of, films
from groundswell.pages.films import place
from groundswell.pages.handed_over import publish_hand_overs
from groundswell.pages.house import house as house_of
from groundswell.pages.masthead import House
from groundswell.pages.petition.photo_files import keep_photos, wrong_photos
from groundswell.pages.record.files import publish_record, record_files
from groundswell.site.settings import Settings


def house(settings: Settings) -> House:
    """What pages say of the organisation: the first sender profile's."""
    return house_of(settings.data, settings.base_url)


def check(settings: Settings, now: datetime) -> list[str]:
    """Published files that are not what would be published now, by name; counts as they were last counted. Changes nothing."""
    wrong: list[str] = []
    at = house(settings)
    for petition in queries.petitions():
        for files in files_of(petition, at):
            wrong += differing(settings.published_folder, files)
        wrong += [name for name, _ in films(petition) if not (settings.published_folder / name).is_file()]
        wrong += wrong_photos(petition, settings.published_folder)
    for card in campaigns.campaign_cards():
        wrong += differing(settings.published_folder, record_files(campaigns.record(card.id, now.date()), at))
    return sorted(set(wrong))


def publish_all(settings: Settings, now: datetime) -> list[Path]:
    """Every petition, every record, and what was handed over; returns what was written. Safe to repeat."""
    written = publish_petitions(settings, now)
    written += publish_records(settings, now, (card.id for card in campaigns.campaign_cards()))
    return written + publish_hand_overs(
        published=settings.published_folder, handed_over=settings.handover_folder, house=house(settings), now=now
    )


def publish_petitions(settings: Settings, now: datetime, *, only: Container[ActionId] | None = None) -> list[Path]:
    """Petitions (all, or only these), counted anew; returns what was written. Safe to repeat."""
    written: list[Path] = []
    for petition in queries.petitions():
        if only is not None and petition.id not in only:
            continue
        actions.recount(petition_id=petition.id, now=now)
        raise_goal(petition_id=petition.id)
        fresh = queries.petition(petition.id)
        keep_photos(fresh, settings.published_folder)
        for files in files_of(fresh, house(settings)):
            publish.write_files(settings.published_folder, files)
            written += [settings.published_folder / name for name in files]
        written += place(settings.published_folder, films(fresh))
    return written


def publish_records(settings: Settings, now: datetime, campaign_ids: Iterable[int]) -> list[Path]:
    """The records of these campaigns, as they stand today; returns what was written."""
    written: list[Path] = []
    for campaign_id in campaign_ids:
        written += publish_record(settings.published_folder, campaigns.record(campaign_id, now.date()), house(settings))
    return written
