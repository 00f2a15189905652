"""Reads of the campaigns room, as plain data."""

from groundswell.campaigns.queries.campaigns import (
    CampaignCard,
    CampaignView,
    campaign,
    campaign_cards,
    campaign_named,
    campaign_target,
    commitments_of,
    hides_copies,
    sources,
    target_of,
    target_slugs,
)
from groundswell.campaigns.queries.commitments import CommitmentView, change, commitments, standings
from groundswell.campaigns.queries.record import EntryView, RecordView, SourceView, entry_named, record
from groundswell.campaigns.queries.supplies import SupplyView, sentences, supplies_in, supplies_words, supply_count
from groundswell.campaigns.queries.targets import (
    ContactView,
    SealedContact,
    TargetView,
    contact_of,
    contacts_of,
    sealed_contact,
    targets,
)
from groundswell.campaigns.queries.watch import FlagView, ReminderView, open_flags, open_reminders

__all__ = [
    "CampaignCard",
    "CampaignView",
    "CommitmentView",
    "ContactView",
    "EntryView",
    "FlagView",
    "RecordView",
    "ReminderView",
    "SealedContact",
    "SourceView",
    "SupplyView",
    "TargetView",
    "campaign",
    "campaign_cards",
    "campaign_named",
    "campaign_target",
    "change",
    "commitments",
    "commitments_of",
    "contact_of",
    "contacts_of",
    "entry_named",
    "hides_copies",
    "open_flags",
    "open_reminders",
    "record",
    "sealed_contact",
    "sentences",
    "sources",
    "standings",
    "supplies_in",
    "supplies_words",
    "supply_count",
    "target_of",
    "target_slugs",
    "targets",
]
