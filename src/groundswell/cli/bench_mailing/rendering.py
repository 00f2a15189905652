"""Rendering and signing alone: `python -m groundswell.cli.bench_mailing.rendering`, nothing else in its process."""

import json
import os
import sys
import time
from datetime import UTC, datetime

from groundswell.basics.ids import DeliveryId
from groundswell.cli.bench_mailing import peers, world
from groundswell.engine.message import Recipient
from groundswell.engine.render import Prepared
from groundswell.engine.sign import Signer, new_key
from groundswell.post.ahead import DEPTH, LOW

IN_A_ROW = DEPTH - LOW
"""Letters that a sender writes before the first of them is signed."""


def render_beside_rsa(turns: int = 41) -> tuple[float, float]:
    """Letters of 30 KB a second that one process renders and signs, addresses and tokens at hand; and bare signatures.

    As a sender does it: as many written in a row as it writes ahead, and then signed.
    A second of the one, a second of the other: where the machine's own speed changes from one second to the next, a figure
    and its limit measured one after the other would be of two machines. The turn in the middle, by its ratio, counts.
    """
    prepared = Prepared(world.letter(30_000, world.SIGNED), Signer(world.SIGNED, "gs1", new_key()))
    address = "https://act.example.org/a/x?t="
    links = {position: address + position[0] * 60 for position in prepared.letter.positions}
    recipients = [
        Recipient(DeliveryId(number), f"person{number}@example.org", {"first_name": "Zoë"}, links, f"{address}{'u' * 40}",
                  "u+x@bounce.example.org", "b@bounce.example.org", f"<{number}@{world.SIGNED}>")
        for number in range(200)
    ]  # fmt: skip
    if hasattr(os, "sched_setaffinity"):
        # OpenSSL's process is put on the same core: left to the system, it is on the other one, and of two cores that others
        # share one is slower by a tenth or more for minutes.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    date, found = datetime.now(UTC), []
    before = peers.rsa_per_s(1)
    for _ in range(turns):
        count, began = 0, time.perf_counter()
        while (now := time.perf_counter()) - began < 1:
            for at in range(0, len(recipients), IN_A_ROW):
                for seal in [prepared.unsealed(recipient, date=date) for recipient in recipients[at : at + IN_A_ROW]]:
                    seal()
            count += len(recipients)
        after = peers.rsa_per_s(1)
        found.append((count / (now - began), (before + after) / 2))
        before = after
    return sorted(found, key=lambda pair: pair[0] / pair[1])[turns // 2]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(render_beside_rsa()) + "\n")
