"""Five audiences as staff ask for them, counted and explained warm, with their plans; and one frozen into rows."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from groundswell.basics.ids import LetterId

AUDIENCES: dict[str, dict[str, Any]] = {
    "everybody who reads English and has not signed": {"include": {"language": ["en"]}, "exclude": [{"signed": "petition-0"}]},
    "signers of three, in two countries, not written to for two days": {
        "include": {"all": [{"any": [{"signed": f"petition-{n}"} for n in (1, 2, 3)]}, {"country": ["GB", "IE"]}]},
        "exclude": [{"signed": "petition-0"}, {"mailed_within_hours": 48}],
    },
    "active volunteers": {
        "include": {"all": [{"acted_within_days": 90}, {"tag": "volunteer"}]}, "exclude": [{"signed": "petition-4"}],
    },
    "a tenth of those who joined in a year, in some places": {
        "include": {"all": [
            {"joined": {"from": "2024-01-01", "to": "2024-12-31"}}, {"share": {"of": "subject line", "from": 0, "to": 10}},
            {"any": [{"country": ["US"]}, {"postcode_area": ["LS1", "M1"]}, {"topic": "climate"}]},
        ]},
        "exclude": [{"signed": "petition-7"}],
    },
    "those who came by a friend and fell asleep, under a cap": {
        "include": {"all": [{"source": "friend"}, {"not": {"acted_within_days": 365}}, {"not": {"tag": "donor"}}]},
        "cap": {"letters": 2, "days": 7},
    },
}  # fmt: skip


@dataclass(slots=True)
class Asked:
    """Milliseconds of each audience (the middle of five, warm), what was counted, how, and rows frozen a second."""

    counted: dict[str, float] = field(default_factory=dict)
    explained: dict[str, float] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    plans: dict[str, Any] = field(default_factory=dict)
    frozen_per_s: float = 0.0


def ask() -> Asked:
    """Ask for all five, then freeze everybody who has not signed the largest petition."""
    from django.db import connection

    from groundswell.mailings.audiences import compiling, operations, queries
    from groundswell.mailings.audiences.reading import understood
    from groundswell.post.models import Letter

    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        # Where the same people are asked again: a letter to most of them that never leaves would be looked through every time.
        cursor.execute("DELETE FROM post_delivery d USING post_letter l WHERE l.id = d.letter_id AND l.key LIKE 'mailing:frozen%%'")
        if cursor.rowcount:
            cursor.execute("DELETE FROM post_letter WHERE key LIKE 'mailing:frozen%%'")
            cursor.execute("VACUUM (ANALYZE) post_delivery, post_letter")
    names, asked = queries.catalogue(), Asked()
    for name, content in AUDIENCES.items():
        asked.found[name] = queries.count(content, now=now)
        asked.counted[name] = _middle(lambda content=content: queries.count(content, now=now))  # type: ignore[misc]
        asked.explained[name] = _middle(lambda content=content: queries.explain(content, now=now))  # type: ignore[misc]
        statement = compiling.count(understood(content, names), names, now=now)
        with queries.quickly() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.sql}", statement.values)
            asked.plans[name] = cursor.fetchone()[0][0]
    letter = Letter.objects.create(key=f"mailing:frozen:{now:%s}", kind="mailing", content={}, lodged_at=now)
    began = time.perf_counter()
    rows = operations.freeze(letter_id=LetterId(letter.pk), definition={"exclude": [{"signed": "petition-0"}]}, now=now)
    asked.frozen_per_s = rows / (time.perf_counter() - began)
    connection.close()
    return asked


def _middle(what: Callable[[], object], times: int = 5) -> float:
    return sorted(_took(what) for _ in range(times))[times // 2] * 1000


def _took(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began
