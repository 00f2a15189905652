"""Share texts tried against each other: each sharer is given one by the beginning of their signature's number, and a text
is judged by how many of its sharers brought somebody back.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from groundswell.actions.models import ShareTrial
from groundswell.basics.ids import ActionId

_Z = 1.96
"""Ninety-five in a hundred."""
ENOUGH = 200
"""Sharers that a text needs before a word is said on which is better."""


@dataclass(frozen=True, slots=True)
class ShareResult:
    """One text, and what became of it."""

    text: str
    given_to: int
    """Signers who were offered it."""
    brought_any: int
    """Those of them by whose link at least one person signed."""
    brought: int
    """Signatures that came back by their links."""

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of sharers who bring somebody really lies, 95 times of 100 (Wilson 1927)."""
        if not self.given_to:
            return 0.0, 1.0
        n, p = self.given_to, self.brought_any / self.given_to
        middle, spread = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
        return max(0.0, (middle - spread) / (1 + _Z**2 / n)), min(1.0, (middle + spread) / (1 + _Z**2 / n))


def keep_texts(*, petition_id: ActionId, language: str, texts: Sequence[str], now: datetime) -> None:
    """Remember since when these texts are tried; the same texts again change nothing."""
    last = ShareTrial.objects.filter(petition_id=petition_id, language=language).order_by("-since", "-pk").first()
    if (last is None and not texts) or (last is not None and last.texts == list(texts)):
        return
    ShareTrial.objects.create(petition_id=petition_id, language=language, texts=list(texts), since=now)


def results(petition_id: ActionId, language: str = "") -> list[ShareResult]:
    """Each text of today's trial; empty where fewer than two are tried."""
    last = ShareTrial.objects.filter(petition_id=petition_id, language=language).order_by("-since", "-pk").first()
    if last is None or len(last.texts) < 2:
        return []
    with connection.cursor() as cursor:
        # Which text a sharer was given follows from their signature's first byte, as the door chooses it.
        cursor.execute(
            "SELECT which, count(*), count(*) FILTER (WHERE brought > 0), coalesce(sum(brought), 0) FROM ("
            " SELECT get_byte(uuid_send(s.id), 0) %% %s AS which, (SELECT count(*) FROM actions_origin o"
            "  JOIN actions_signature b ON b.id = o.signature_id AND b.state = 'confirmed' WHERE o.referrer = s.id) AS brought"
            " FROM actions_signature s JOIN actions_textversion v ON v.id = s.version_id"
            " WHERE s.petition_id = %s AND v.language = %s AND s.state = 'confirmed' AND s.signed_at >= %s) each GROUP BY which",
            [len(last.texts), petition_id, language, last.since],
        )
        rows = {which: (given, any_, brought) for which, given, any_, brought in cursor.fetchall()}
    return [ShareResult(text, *(int(n) for n in rows.get(which, (0, 0, 0)))) for which, text in enumerate(last.texts)]


def verdict(tried: Sequence[ShareResult]) -> str:
    """What may honestly be said now. Pure."""
    if len(tried) < 2:
        return "Only one text: nothing is tried."
    if any(each.given_to < ENOUGH for each in tried):
        return f"Too early: every text needs {ENOUGH} sharers."
    best = max(tried, key=lambda each: each.interval[0])
    rest = [each for each in tried if each is not best]
    if best.interval[0] > max(each.interval[1] for each in rest):
        return f"Better than the others, with 95% confidence: “{best.text}”"
    return "No difference that is more than chance so far."
