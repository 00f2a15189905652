"""Inbound mail, read: bytes in, Event out. Pure; raises nothing on any bytes."""

from groundswell.letterbox.event import Class, Event, Recipient, as_json
from groundswell.letterbox.reading import read

__all__ = ["Class", "Event", "Recipient", "as_json", "read"]
