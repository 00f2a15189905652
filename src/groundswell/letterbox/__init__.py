"""Inbound mail, read: bytes in, Event out. Pure."""
