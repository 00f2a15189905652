"""Logging that scrubs: no address or telephone number reaches a log, whoever wrote the line."""

import logging
import re
from typing import Any

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,64}@[^\s<>\"'(),;:]{1,255}")
_PHONE = re.compile(r"\+\d[\d ().-]{6,18}\d")


def scrub(text: str) -> str:
    """`text` with everything that looks like an e-mail address or an international number struck out."""
    return _PHONE.sub("[number]", _ADDRESS.sub("[address]", text))


class ScrubbingFormatter(logging.Formatter):
    """The last station before a line is written: message, arguments and traceback alike."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"scrubbed": {"()": ScrubbingFormatter, "format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "scrubbed"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Procrastinate logs task arguments; ours are ids, and still nobody needs a line per job.
    "loggers": {"procrastinate": {"level": "ERROR"}},
}
