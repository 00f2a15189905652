"""What the fault tests run as processes of their own: `python -m tests.faults.world seed|send|together|audit|settle …`.

The installation is the one that the environment names (GROUNDSWELL_DATA); its database runs in the test's process.
"""

import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from groundswell.cli import ready
from groundswell.site.settings import load

PEOPLE = 4000
"""People of the list; every letter goes to all of them."""


def _now() -> datetime:
    return datetime.now(UTC)


def seed(letters: int) -> None:
    """People in the vault, letters lodged and addressed; prints the letters' numbers."""
    ready.migrate()
    from groundswell.cli.bench_mailing import world
    from groundswell.cli.signing import ensure_dkim_key

    ensure_dkim_key(world.SIGNED)
    persons = world.people(Path(os.environ["GROUNDSWELL_DATA"]), PEOPLE)
    made = world.letter(6000, world.SIGNED)
    print(json.dumps([world.rows(f"faults-{number}", made, persons) for number in range(letters)]))


def send(*letters: str) -> None:
    """Hand over all that is due of these letters, as `groundswell mailing send` does, until nothing is."""
    from groundswell.basics.ids import LetterId
    from groundswell.basics.result import Refused
    from groundswell.post.deliver import deliver
    from groundswell.post.models import Delivery, State
    from groundswell.post.wiring import post_office, transport

    print("begun", flush=True)
    due = {"letter_id__in": [int(letter) for letter in letters], "state__in": [State.READY, State.RETRY, State.CLAIMED]}
    while True:
        for letter in letters:
            try:
                deliver(letter_id=LetterId(int(letter)), office=post_office(), transport=transport(), clock=_now)
            except Refused as refused:
                print(refused, file=sys.stderr, flush=True)
        # A relay that was away makes rows due in a minute; here nobody waits that long.
        if not Delivery.objects.filter(**due).update(due_at=_now()):
            break
    print("ended", flush=True)


def together(least: str, letter: str) -> None:
    """Hand over a letter as `groundswell mailing send` does where it is large: with helpers, one for so many rows."""
    from groundswell.basics.ids import LetterId
    from groundswell.post import together
    from groundswell.post.wiring import deliver_all

    together.WORTH_IT = int(least)
    print("begun", flush=True)
    print(deliver_all(LetterId(int(letter)), clock=_now), flush=True)


def audit(ledger: str, *letters: str) -> None:
    """Every row, or those of some letters, against what the receiver holds; prints counts."""
    from groundswell.basics.ids import DeliveryId
    from groundswell.cli.bench_mailing.world import SIGNED
    from groundswell.post.models import Delivery, State
    from groundswell.post.recipients import message_id

    held = Counter(Path(ledger).read_text().split())
    tokens = load().key_folder.tokens
    counts: Counter[str] = Counter()
    rows = 0
    asked = Delivery.objects.filter(letter_id__in=map(int, letters)) if letters else Delivery.objects.all()
    for pk, state in asked.values_list("pk", "state"):
        rows += 1
        copies = held.pop(message_id(tokens, DeliveryId(pk), SIGNED).strip("<>"), 0)
        counts[f"rows {State(state).label}"] += 1
        if state == State.UNCERTAIN:
            counts["doubtful ones that arrived"] += copies > 0
            counts["unreported duplicates"] += max(0, copies - 1)
        elif state == State.ACCEPTED:
            counts["unreported losses"] += copies == 0
            counts["unreported duplicates"] += max(0, copies - 1)
        else:
            counts["rows left open"] += 1
            counts["unreported duplicates"] += copies
    if not letters:
        counts["letters of nobody"] = sum(held.values())
    print(json.dumps({"rows": rows, **counts}))


def settle(ledger: str, *letters: str) -> None:
    """Decide the doubtful rows by what the receiver holds."""
    from groundswell.basics.ids import DeliveryId, LetterId
    from groundswell.cli.bench_mailing.world import SIGNED
    from groundswell.post import operations as post
    from groundswell.post.recipients import message_id

    held = set(Path(ledger).read_text().split())
    tokens = load().key_folder.tokens

    def arrived(delivery: DeliveryId) -> bool:
        return message_id(tokens, delivery, SIGNED).strip("<>") in held

    for letter in letters:
        post.settle_uncertain(letter_id=LetterId(int(letter)), arrived=arrived, now=_now())


if __name__ == "__main__":
    ready.django_ready(load())
    command, *arguments = sys.argv[1:]
    {"seed": lambda n: seed(int(n)), "send": send, "together": together, "audit": audit, "settle": settle}[command](*arguments)
