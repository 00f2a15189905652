"""Inbound mail, read: bytes in, Event out. Pure; raises nothing on any bytes."""

from groundswell.letterbox.event import Class, Event, Recipient, as_json
from groundswell.letterbox.mime import MOST_BYTES
from groundswell.letterbox.reading import read

__all__ = ["MOST_BYTES", "Class", "Event", "Recipient", "as_json", "read"]
