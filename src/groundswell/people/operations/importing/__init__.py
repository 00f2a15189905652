"""Importing a list: streamed, understood a row at a time, written a few thousand at a time, and taken back whole."""

from groundswell.people.operations.importing.arriving import Arriving
from groundswell.people.operations.importing.ordering import carry_out, drop, keep_file, order, order_undo, sweep, take_file
from groundswell.people.operations.importing.run import ImportReport, import_list
from groundswell.people.operations.importing.undoing import undo_import

__all__ = [
    "Arriving", "ImportReport", "carry_out", "drop", "import_list", "keep_file", "order", "order_undo", "sweep", "take_file",
    "undo_import",
]  # fmt: skip
