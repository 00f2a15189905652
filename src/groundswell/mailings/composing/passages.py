"""Passages: pieces of text that letters of a campaign share, each with the day up to which its facts were looked at."""

from datetime import date, datetime

from django.utils.text import slugify

from groundswell.basics.result import Refused
from groundswell.engine.message import Passage
from groundswell.mailings.composing.texts import even
from groundswell.mailings.models import KeptPassage


def keep_passage(*, campaign_id: int, key: str, text: str, fact_date: date | None, now: datetime) -> str:
    """A passage, made or changed; returns its key. Drafts that name it follow, letters that were sent keep their text."""
    key = slugify(key)[:50]
    if not key or not text.strip():
        raise Refused.because("passage-empty", "A passage has a name and a text.", "Write both.")
    facts = {"text": even(text).strip(), "fact_date": fact_date, "changed_at": now}
    KeptPassage.objects.update_or_create(campaign_id=campaign_id, key=key, defaults=facts)
    return key


def passages_of(campaign_id: int) -> dict[str, Passage]:
    """Every passage of a campaign, by its key, as a letter takes it."""
    rows = KeptPassage.objects.filter(campaign_id=campaign_id).values_list("key", "text", "fact_date")
    return {key: Passage(key, text, day.isoformat() if day else "") for key, text, day in rows}
