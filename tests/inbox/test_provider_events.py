"""What a provider's word means, where it gives no words of the server: never dead on a hint."""

import json
from types import SimpleNamespace

import pytest

from groundswell.basics.tokens import TokenKeys
from groundswell.inbox import provider_events
from groundswell.letterbox import Class
from groundswell.letterbox.rules import Deed, decide

KEYS = TokenKeys({1: bytes(64)}, 1)
B, M, P, T = Class.DEAD, Class.MAILBOX, Class.POLICY, Class.TEMPORARY


def packed(kind: str, reason: str = "", response: str = "", description: str = "", raw: object = None) -> bytes:
    event = SimpleNamespace(
        event_type=kind, recipient="ada@example.org", reject_reason=reason, mta_response=response, description=description,
        timestamp=None, message_id="m", esp_event=raw,
    )  # fmt: skip
    return provider_events.pack(esp="X", event=event, body=json.dumps(raw))


@pytest.mark.parametrize(
    ("kind", "reason", "response", "expected", "permanent"),
    [
        ("bounced", "bounced", "550 5.1.1 user unknown", B, True),
        ("bounced", "bounced", "552 5.2.2 mailbox full", M, True),
        ("bounced", "bounced", "554 5.7.1 rejected as spam", Class.CONTENT, True),
        ("bounced", "bounced", "", M, True),
        ("rejected", "bounced", "", M, True),
        ("rejected", "timed_out", "", M, True),
        ("rejected", "invalid", "", B, True),
        ("rejected", "blocked", "", P, True),
        ("rejected", "other", "", T, False),
        ("failed", "", "", T, True),
        ("failed", "", "550 5.1.1 user unknown", B, True),
    ],
)
def test_a_class_for_each_word(kind: str, reason: str, response: str, expected: Class, permanent: bool) -> None:
    event = provider_events.to_event(packed(kind, reason, response), keys=KEYS)
    (told,) = event.recipients
    assert (event.kind, told.because, told.permanent) == ("bounce", expected, permanent)


@pytest.mark.parametrize(("kind", "reason", "expected"), [
    ("complained", "", "feedback"), ("rejected", "spam", "feedback"), ("unsubscribed", "", "unsubscribe"),
    ("rejected", "unsubscribed", "unsubscribe"), ("opened", "", "none"),
])  # fmt: skip
def test_complaints_and_goodbyes(kind: str, reason: str, expected: str) -> None:
    assert provider_events.to_event(packed(kind, reason), keys=KEYS).kind == expected


def test_a_reason_nobody_knows_is_kept_for_a_person() -> None:
    from datetime import UTC, datetime

    event = provider_events.to_event(packed("bounced", "other"), keys=KEYS)
    (decision,) = decide(event, datetime(2026, 11, 24, tzinfo=UTC))
    assert decision.deeds == (Deed.KEEP,)
    nobody = json.dumps(json.loads(packed("complained")) | {"recipient": ""}).encode()
    assert provider_events.to_event(nobody, keys=KEYS).recipients == ()
