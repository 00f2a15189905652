"""Decisions of the campaigns room. Pure: the same facts and the same day give the same answer."""

from groundswell.campaigns.rules.dates import Dated, read_date
from groundswell.campaigns.rules.names import actor_name
from groundswell.campaigns.rules.standing import BEARINGS, Event, Limits, Standing, standing
from groundswell.campaigns.rules.telling import worth_telling

__all__ = ["BEARINGS", "Dated", "Event", "Limits", "Standing", "actor_name", "read_date", "standing", "worth_telling"]
