"""Sending as it is measured: `python -m groundswell.cli.bench_mailing.sender LETTER MOST [SENDERS]`, settings from outside."""

import json
import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from groundswell.basics.ids import LetterId


def main(letter_id: int, most: int, senders: int = 1) -> None:
    """Send at most `most` letters (all that are due, where others help), each process ready before the clock starts.

    Says how long it took, what was taken, the CPU seconds of all, and the largest memory of one.
    """
    from groundswell.cli import ready
    from groundswell.site.settings import load

    ready.django_ready(load())
    from groundswell.post.deliver import deliver
    from groundswell.post.together import Helpers
    from groundswell.post.wiring import HELPER, post_office, transport

    office, way = replace(post_office(), senders=senders), transport(senders)
    with Helpers([*HELPER, str(letter_id), str(senders)], senders - 1, lambda _: None) as beside:
        beside.ready()
        began, cpu = time.perf_counter(), time.process_time()
        beside.go()
        taken = deliver(letter_id=LetterId(letter_id), office=office, transport=way, clock=lambda: datetime.now(UTC), most=most)
        if not beside.wait():
            raise RuntimeError("a sender died")
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu += others.ru_utime + others.ru_stime if senders > 1 else 0
    facts = {
        "taken": taken + beside.taken, "seconds": seconds, "cpu": cpu,
        "peak_mb": max(own.ru_maxrss, others.ru_maxrss if senders > 1 else 0) / 1024,
    }  # fmt: skip
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
