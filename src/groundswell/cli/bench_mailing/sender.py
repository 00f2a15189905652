"""One sender process being measured: `python -m groundswell.cli.bench_mailing.sender LETTER MOST`, settings from outside."""

import json
import resource
import sys
import time
from datetime import UTC, datetime

from groundswell.basics.ids import LetterId


def main(letter_id: int, most: int) -> None:
    """Send, and say how long it took, what was taken, and the largest memory of the process."""
    from groundswell.cli import ready
    from groundswell.site.settings import load

    ready.django_ready(load())
    from groundswell.post.deliver import deliver
    from groundswell.post.wiring import post_office, transport

    office, way = post_office(), transport()
    began, cpu = time.perf_counter(), time.process_time()
    taken = deliver(letter_id=LetterId(letter_id), office=office, transport=way, clock=lambda: datetime.now(UTC), most=most)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    facts = {"taken": taken, "seconds": seconds, "cpu": time.process_time() - cpu, "peak_mb": peak}
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
