"""How many letters went to each provider group, and how many came back: counts, never who (law 3)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import connection
from django.db.models import Sum

from groundswell.basics.ids import LetterId
from groundswell.basics.providers import PROVIDERS, provider_of
from groundswell.post.provider_models import Traffic

Returned = Literal["bounced", "complained"]


@dataclass(frozen=True, slots=True)
class Counted:
    """Letters handed over, and what came back of them. `day` is that of the hand-over; None stands for all days."""

    letter_id: LetterId | None
    provider: str
    day: date | None
    handed: int
    bounced: int
    complained: int


def handed(*, letter_id: LetterId, domains: Iterable[str], day: date) -> None:
    """Count letters that the relay took, by the recipients' domains; only the provider's group is kept."""
    counts: Counter[str] = Counter()
    for domain, times in Counter(domains).items():  # most domains of a group are few
        counts[provider_of(domain)] += times
    for provider in PROVIDERS:  # always in one order, so that two senders never wait for each other
        if provider in counts:
            _add(letter_id, provider, day, {"handed": counts[provider]})


def returned(*, letter_id: LetterId, provider: str, day: date, what: Returned, times: int = 1) -> None:
    """Count bounces or complaints at the day on which their letters were handed over."""
    _add(letter_id, provider, day, {what: times})


def of_letter(letter_id: LetterId) -> list[Counted]:
    """One letter's counts by provider, over all days."""
    rows = Traffic.objects.filter(letter_id=letter_id).values("provider").order_by("provider")
    return [
        Counted(letter_id, row["provider"], None, row["handed__sum"], row["bounced__sum"], row["complained__sum"])
        for row in rows.annotate(Sum("handed"), Sum("bounced"), Sum("complained"))
    ]


def by_day(since: date) -> list[Counted]:
    """All letters' counts by provider and day, newest day first."""
    rows = Traffic.objects.filter(day__gte=since).values("provider", "day").order_by("-day", "provider")
    return [
        Counted(None, row["provider"], row["day"], row["handed__sum"], row["bounced__sum"], row["complained__sum"])
        for row in rows.annotate(Sum("handed"), Sum("bounced"), Sum("complained"))
    ]


def by_letter(since: date) -> list[Counted]:
    """Counts of every letter that went out since, by provider."""
    letters = Traffic.objects.filter(day__gte=since).values_list("letter_id", flat=True).distinct().order_by("-letter_id")
    return [counted for letter in letters for counted in of_letter(LetterId(letter))]


def _add(letter_id: LetterId, provider: str, day: date, counts: Mapping[str, int]) -> None:
    facts = {"handed": 0, "bounced": 0, "complained": 0, **counts}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO post_traffic AS t (letter_id, provider, day, handed, bounced, complained)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (letter_id, provider, day) DO UPDATE SET handed = t.handed + EXCLUDED.handed,
                bounced = t.bounced + EXCLUDED.bounced, complained = t.complained + EXCLUDED.complained
            """,
            [letter_id, provider, day, facts["handed"], facts["bounced"], facts["complained"]],
        )
