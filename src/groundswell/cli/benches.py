"""Benchmarks that the command runs; each figure carries the limit or peer measured in the same run."""

import os
import platform
import re
import subprocess
import time
from datetime import UTC, datetime
from typing import Any

from groundswell.basics.ids import DeliveryId
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Recipient, Sender
from groundswell.engine.render import Prepared
from groundswell.engine.sign import Signer, new_key

_SENDER = Sender(
    "Lucía", "and the team", "Common Ground", "l@news.example.org", "r@news.example.org", "list.example.org", "cground",
    "1 Example St",
    "You asked us to write.", "https://example.org/privacy",
)  # fmt: skip


def letter() -> dict[str, Any]:
    """Letters rendered and signed in a second by one process, against OpenSSL's bare RSA-2048 signatures on one core."""
    paragraph = "The pause is still only a pause, and it may end on any morning without a word to anyone at all. " * 8
    source = '---\nsubject: Only a pause\n---\n{{ first_name | "Friend" }},\n\n' + f"{paragraph}\n\n" * 3 + "::: ask\nSign\n:::\n"
    compiled = compile_appeal(source, sender=_SENDER, sources={}, action=Action(1, "/a/x"))
    if compiled.letter is None:
        raise RuntimeError("the bench's own letter does not compile")
    prepared = Prepared(compiled.letter, Signer("news.example.org", "gs1", new_key()))
    links = {"body-1": "https://act.example.org/a/x?t=" + "a" * 60}
    count, began = 0, time.perf_counter()
    size = 0
    while time.perf_counter() - began < 3:
        to = Recipient(DeliveryId(count), f"person{count}@example.org", {"first_name": "Ada"}, links, "https://act.example.org/u/x",
                       "u+x@bounce.example.org", "b@bounce.example.org", f"<{count}@news.example.org>")  # fmt: skip
        size = len(prepared.render(to, date=datetime(2026, 1, 1, tzinfo=UTC)))
        count += 1
    rate = count / (time.perf_counter() - began)
    spoken = subprocess.run(
        ["openssl", "speed", "-elapsed", "-seconds", "3", "rsa2048"], capture_output=True, text=True, check=True
    )
    found = re.search(r"rsa\s+2048 bits.*?\s([\d.]+)\s+[\d.]+\s*(?:[\d.]+\s+[\d.]+\s*)?$", spoken.stdout, re.MULTILINE)
    limit = float(found.group(1)) if found else 0.0
    ratio = round(rate / limit, 3) if limit else 0.0
    return result("letter", [
        {"name": "letters_per_s", "value": round(rate), "unit": f"letters/s of {size} bytes",
         "against": f"openssl rsa2048 {limit}/s",
         "ratio": ratio, "reach": 0.8, "ok": ratio >= 0.8},
    ])  # fmt: skip


def result(name: str, figures: list[dict[str, Any]]) -> dict[str, Any]:
    """The one object that every bench prints: the figures by name, and each with what it stands against."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    values = {str(each["name"]): each["value"] for each in figures}
    return {"bench": name, "machine": machine, "at": datetime.now(UTC).isoformat(timespec="seconds"), **values, "figures": figures}
