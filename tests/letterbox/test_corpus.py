"""Real bounces of many servers: nearly every address found, hardly a wrong one, whatever the line endings."""

import json
from pathlib import Path

import pytest

from groundswell.letterbox import as_json, read

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_the_development_corpus(ending: bytes) -> None:
    found = expected = wrong = 0
    for name, answers in json.loads((CORPUS / "expected.json").read_text()).items():
        raw = (CORPUS / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", ending)
        event = read(raw)
        assert as_json(event, name)["file"] == name
        sets = [{address.lower() for address in one} for answer in answers for one in answer["sets"]]
        got = {recipient.address.lower() for recipient in event.recipients if as_json(event)["kind"] == "bounce"}
        best = max(sets, key=lambda one: len(one & got), default=set())
        expected += len(best)
        found += len(best & got)
        wrong += len(got - set().union(*sets))
    assert expected > 100
    assert found / expected >= 0.95, (found, expected)
    assert wrong <= 4
