"""Slowing down at a provider that refuses our letters: sending on as before is what turns a warning into a block."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from groundswell.basics.providers import provider_of
from groundswell.post.provider_models import ProviderSlowdown

LEAST_FACTOR = 0.05
"""However often it refuses, a provider gets one letter in twenty of its usual pace: so we learn when it takes them again."""
AT_MOST_EVERY = timedelta(hours=1)
"""One burst of refusals halves the pace once."""


@dataclass(frozen=True, slots=True)
class Slowdown:
    """What the sender needs: send to `place` (see `place_of`) at `factor` (0 to 1) of the usual pace until `until`."""

    place: str
    factor: float
    until: datetime
    why: str

    @property
    def percent(self) -> str:
        """The pace, for people to read."""
        return f"{self.factor:.0%}"


def place_of(domain: str) -> str:
    """What is slowed for this recipient domain: its provider's group, or, where it is nobody's we know, the domain alone.

    A domain may name its only owner, so it is kept as a keyed hash (law 3).
    """
    provider = provider_of(domain)
    if provider != "others":
        return provider
    key: bytes = settings.GROUNDSWELL.key_folder.ring("index").current_key
    return "d:" + hmac.digest(key, b"domain|" + domain.strip().lower().encode(), "sha256")[:16].hex()


def slow(*, domain: str, until: datetime, why: str, now: datetime) -> Slowdown:
    """Slow down where this domain's mail is taken: to a quarter of the pace, and to half of that at every further hour
    of refusals."""
    provider = place_of(domain)
    with transaction.atomic():
        row, new = ProviderSlowdown.objects.select_for_update().get_or_create(
            provider=provider, defaults={"until": until, "since": now, "why": why[:200]}
        )
        if not new:
            if row.until <= now:
                row.factor, row.since, row.times = ProviderSlowdown._meta.get_field("factor").get_default(), now, 1
            else:
                row.times += 1
                if now - row.since >= AT_MOST_EVERY:
                    row.factor, row.since = max(LEAST_FACTOR, row.factor / 2), now
            row.until, row.why = max(row.until, until), why[:200]
            row.save()
    return _view(row)


def slowed(now: datetime) -> dict[str, Slowdown]:
    """Where to be slow now, by place: `slowed(now).get(place_of(domain))`."""
    return {row.provider: _view(row) for row in ProviderSlowdown.objects.filter(until__gt=now)}


def release(*, place: str, now: datetime) -> bool:
    """Back to the usual pace at once, by staff's wish. False where it was not slowed."""
    return bool(ProviderSlowdown.objects.filter(provider=place, until__gt=now).update(until=now))


def _view(row: ProviderSlowdown) -> Slowdown:
    return Slowdown(row.provider, row.factor, row.until, row.why)
