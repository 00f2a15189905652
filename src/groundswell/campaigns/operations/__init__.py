"""The campaigns room's writes. Each owns its transaction, takes `now`, and may be repeated."""

from groundswell.campaigns.operations.commitments import commit, restate
from groundswell.campaigns.operations.contacts import end_contact, keep_contact
from groundswell.campaigns.operations.copies import check_copy, fetch_copy, keep_copy, note_address
from groundswell.campaigns.operations.enter import enter, enter_many
from groundswell.campaigns.operations.flags import clear_flag, refresh_flags
from groundswell.campaigns.operations.opening import demand, meet, name_target, open_campaign, relate, show_copies, wonder
from groundswell.campaigns.operations.reminders import finish, remind
from groundswell.campaigns.operations.supplies import SupplyReport, import_supplies

__all__ = [
    "SupplyReport", "check_copy", "clear_flag", "commit", "demand", "end_contact", "enter", "enter_many", "fetch_copy", "finish",
    "import_supplies", "keep_contact", "keep_copy", "meet", "name_target", "note_address", "open_campaign", "refresh_flags",
    "relate", "remind", "restate", "show_copies", "wonder",
]  # fmt: skip
