"""What servers say, and what it means: nobody's address dies of our reputation."""

from pathlib import Path

import pytest

from groundswell.letterbox.classify import Said, classify
from groundswell.letterbox.event import Class
from tests.letterbox.samples_table import GROUPS

LINES = [
    line.partition(" ")
    for line in (Path(__file__).parent / "refusals.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("reason", "words"), [(reason, words) for reason, _, words in LINES], ids=lambda each: each[:60])
def test_the_reason_is_heard(reason: str, words: str) -> None:
    verdict = classify(Said(words, action="failed", domain="example.net"))
    assert verdict.because.group == GROUPS[reason], verdict
    assert (verdict.because is Class.DEAD and verdict.permanent) == (reason == "dead")
    assert verdict.why


def test_there_are_many() -> None:
    assert len({words for _, _, words in LINES}) == len(LINES) >= 300
