"""The people room's writes. Each owns its transaction, takes `now`, and may be repeated."""

from groundswell.people.operations.consent import record_consent
from groundswell.people.operations.enrol import Enrolled, enrol
from groundswell.people.operations.forget import forget
from groundswell.people.operations.importing import ImportReport, import_csv
from groundswell.people.operations.suppress import lift_suppression, suppress, suppress_person

__all__ = [
    "Enrolled", "ImportReport", "enrol", "forget", "import_csv", "lift_suppression", "record_consent", "suppress",
    "suppress_person",
]  # fmt: skip
