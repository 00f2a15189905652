"""The people room's writes. Each owns its transaction, takes `now`, and may be repeated."""

from groundswell.people.operations.consent import record_consent
from groundswell.people.operations.consent_many import NOBODY_YET, Said, record_consents
from groundswell.people.operations.enrol import Enrolled, enrol
from groundswell.people.operations.enrol_many import Newcomer, enrol_many
from groundswell.people.operations.forget import forget
from groundswell.people.operations.hearing import heard_from
from groundswell.people.operations.importing import ImportReport, import_list, undo_import
from groundswell.people.operations.lift import lift_one
from groundswell.people.operations.merging import merge, undo_merge
from groundswell.people.operations.noting import write_note
from groundswell.people.operations.pairing import find_pairs, keep_apart
from groundswell.people.operations.partner_consents import record_partner_consents
from groundswell.people.operations.retaining import Kept, retain
from groundswell.people.operations.suppress import lift_suppression, suppress, suppress_person
from groundswell.people.operations.suppress_many import suppress_persons
from groundswell.people.operations.tagging import make_field, make_tag, name_field, set_fact, tag, untag

__all__ = [
    "NOBODY_YET", "Enrolled", "ImportReport", "Kept", "Newcomer", "Said", "enrol", "enrol_many", "find_pairs", "forget",
    "heard_from", "import_list", "keep_apart", "lift_one", "lift_suppression", "make_field", "make_tag", "merge", "name_field",
    "record_consent", "record_consents", "record_partner_consents", "retain", "set_fact", "suppress", "suppress_person",
    "suppress_persons", "tag", "undo_import", "undo_merge", "untag", "write_note",
]  # fmt: skip
