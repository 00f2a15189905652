"""Every command, thin: read the clock once, call an operation, say what happened. Importing this adds them all."""

from groundswell.cli import (
    action,
    audience,
    bench,
    duplicates,
    handover,
    inbound,
    inbound_commands,
    intake,
    keys,
    mailing,
    mailing_writing,
    people,
    petition,
    record,
    running,
)  # fmt: skip
from groundswell.cli.app import app

__all__ = [
    "action",
    "app",
    "audience",
    "bench",
    "duplicates",
    "handover",
    "inbound",
    "inbound_commands",
    "intake",
    "keys",
    "mailing",
    "mailing_writing",
    "people",
    "petition",
    "record",
    "running",
]
