"""Whether the machine itself stood still: the same small work, every few milliseconds, by its own thread's time.

A rented machine shares its cores with strangers. Where the one below takes them away for a tenth of a second, nobody in the
machine is told, and whatever was asked in that moment is late. Other programs in the same machine don't show here: while they
run, this thread's time stands. `python metronome.py SECONDS` prints the slow beats, as `[begin, end]` of the monotonic clock.
"""

import json
import statistics
import sys
import time

BEAT = 0.005
"""Seconds between two beats."""
SLOW = 3.0
"""Times its usual time that the work takes where the machine is slow. A neighbour on the same core makes it two at most."""


def listen(seconds: float) -> list[tuple[float, float, float]]:
    """Begin, end and the work's own time of every beat, in seconds."""
    beats, ends = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < ends:
        own = time.thread_time()
        sum(range(4000))
        beats.append((began, time.perf_counter(), time.thread_time() - own))
        time.sleep(BEAT)
    return beats


def slow(beats: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """The beats in which the machine was slow, each until the next one would have come."""
    usual = statistics.median(own for *_, own in beats) if beats else 0.0
    return [(began, ended + BEAT) for began, ended, own in beats if own > SLOW * usual]


def apart_from(times: list[tuple[float, float]], still: list[tuple[float, float]]) -> list[float]:
    """How long each took, of those (from, until) that no moment of `still` fell into. Both in the order of their beginnings."""
    kept, at = [], 0
    for began, ended in sorted(times):
        while at < len(still) and still[at][1] < began:
            at += 1
        if at == len(still) or still[at][0] > ended:
            kept.append(ended - began)
    return kept


if __name__ == "__main__":
    sys.stdout.write(json.dumps(slow(listen(float(sys.argv[1])))) + "\n")
