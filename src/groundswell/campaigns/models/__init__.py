"""The tables of the campaigns room."""

from groundswell.campaigns.models.campaign import Campaign, Demand, Relation, Target, TargetContact
from groundswell.campaigns.models.record import Commitment, CopyCheck, Evidence, RecordEntry, RecordSource, Unknown
from groundswell.campaigns.models.register import Supply
from groundswell.campaigns.models.watch import CitationFlag, Reminder, StandingChange

__all__ = [
    "Campaign", "CitationFlag", "Commitment", "CopyCheck", "Demand", "Evidence", "RecordEntry", "RecordSource", "Relation",
    "Reminder", "StandingChange", "Supply", "Target",
    "TargetContact", "Unknown",
]  # fmt: skip
