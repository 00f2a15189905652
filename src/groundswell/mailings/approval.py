"""A second person looks before a letter goes to many."""

import hashlib
import json
import re
from datetime import datetime

from django.conf import settings

from groundswell.basics.ids import MailingId
from groundswell.basics.result import Refused
from groundswell.engine.message import Passage
from groundswell.mailings.composing.passages import passages_of
from groundswell.mailings.composing.pictures import pictures_of
from groundswell.mailings.composing.saving import last_writer
from groundswell.mailings.models import Mailing
from groundswell.staff import notices
from groundswell.staff.operations import note


def without() -> int:
    """Up to so many people a letter needs no second person (`GROUNDSWELL_APPROVAL_ABOVE`)."""
    most: int = settings.GROUNDSWELL.approval_above
    return most


def fingerprint(mailing: Mailing) -> str:
    """What is approved: the text with its pictures and passages, its other ways, who speaks, what is asked, and of whom."""
    parts = [
        mailing.appeal,
        str(mailing.sender_id),
        str(mailing.petition_id),
        mailing.language,
        json.dumps(mailing.definition, sort_keys=True),
        *(f"{name}{hashlib.sha256(picture.data).hexdigest()}" for name, picture in sorted(pictures_of(mailing.pk).items())),
        *(f"{key}{passage.text}" for key, passage in sorted(_named(mailing).items())),
        *(f"{v.name}{v.subject}{v.appeal}{v.sender_id}" for v in mailing.variants.order_by("name")),
    ]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _named(mailing: Mailing) -> dict[str, Passage]:
    kept = passages_of(mailing.petition.campaign_id)
    return {key: passage for key, passage in kept.items() if re.search(rf"(?m)^:::\s*passage\s+{key}\s*$", mailing.appeal)}


def ask(*, mailing_id: MailingId, staff_id: int, now: datetime) -> None:
    """Ask colleagues to read and approve the mailing as it stands: they find it among their notices. Asked twice, told once."""
    mailing = Mailing.objects.get(pk=mailing_id)
    Mailing.objects.filter(pk=mailing_id).update(asked_by_id=staff_id, asked_at=now)
    notices.tell(
        subject=f"“{mailing.slug}” waits for a second person",
        words="A colleague asks you to read this letter and to approve it.",
        link=f"/office/mailings/{mailing.slug}/", once=f"approve:{mailing.pk}:{fingerprint(mailing)[:16]}", now=now,
    )  # fmt: skip
    note(actor_id=staff_id, act="approval asked for", about=mailing.slug, why="before it is sent", now=now)


def approve(*, mailing_id: MailingId, staff_id: int, seen: str = "", now: datetime) -> None:
    """Staff approve the mailing as it stands; never the one who wrote it last. Goes into the ledger.

    `seen` is the fingerprint of what they had before their eyes: `Refused` where it was changed since.
    """
    mailing = Mailing.objects.get(pk=mailing_id)
    if last_writer(mailing) == staff_id:
        raise Refused.because("approve-own", "You wrote this letter.", "Ask a colleague to read and approve it.")
    if seen and seen != fingerprint(mailing):
        raise Refused.because("approve-changed", "The letter was changed while you read.", "Read it again, then approve it.")
    Mailing.objects.filter(pk=mailing_id).update(approved_by_id=staff_id, approved_at=now, approved_text=fingerprint(mailing))
    note(actor_id=staff_id, act="mailing approved", about=mailing.slug, why="read and approved", now=now)


def approved(mailing: Mailing) -> bool:
    """Whether what stands there now is what was approved."""
    return mailing.approved_at is not None and mailing.approved_text == fingerprint(mailing)


def needs_approval(mailing: Mailing, people: int) -> bool:
    """Whether it may not go yet. Letters that no member of staff wrote by name (commands, the demo) have one keeper."""
    return people > without() and mailing.written_by_id is not None and not approved(mailing)
