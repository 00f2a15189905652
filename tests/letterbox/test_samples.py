"""Every family of server is understood: who failed, why, and whether the address is dead, whatever the line endings."""

import pytest

from groundswell.letterbox import as_json, read
from tests.letterbox.samples_table import GROUPS, Sample, samples

ALL = samples()
ENDINGS = {"LF": b"\n", "CRLF": b"\r\n", "CR": b"\r"}


def faults(sample: Sample, ending: bytes) -> list[str]:
    facts = as_json(read(sample.raw.replace(b"\n", ending) if b"\x00" not in sample.raw else sample.raw))
    told = []
    if facts["kind"] != sample.kind:
        told.append(f"kind {facts['kind']}, not {sample.kind}")
    people = {each["address"].lower(): each for each in facts["recipients"]}  # type: ignore[attr-defined]
    if sample.kind in {"bounce", "feedback"} or facts["kind"] in {"bounce", "feedback"}:
        if set(people) != set(sample.people):
            told.append(f"found {sorted(people)}, not {sorted(sample.people)}")
        for who, why in sample.people.items():
            one = people.get(who)
            if one is None or why == "any":
                continue
            if one["group"] != GROUPS[why] or one["dead"] != (why == "dead"):
                told.append(f"{who}: {one['group']} dead={one['dead']}, not {why} ({one['why']!r})")
    return told


@pytest.mark.parametrize("sample", ALL, ids=lambda each: each.name)
def test_it_is_understood(sample: Sample) -> None:
    for name, ending in ENDINGS.items():
        assert faults(sample, ending) == [], name


def test_there_are_enough_of_them() -> None:
    assert len({each.name for each in ALL}) == len(ALL) >= 150
    assert len({each.family for each in ALL}) >= 60
