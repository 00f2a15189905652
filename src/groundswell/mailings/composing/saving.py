"""Saving an appeal: nothing typed is lost, and two people who edit at once are told.

Whoever saves names the edition they began from. Where the mailing has a newer one, their text is set aside as a revision,
the mailing keeps what it has, and the answer says who was first.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from groundswell.basics.ids import MailingId
from groundswell.basics.result import Refused
from groundswell.campaigns import operations as campaigns
from groundswell.mailings.composing.texts import even
from groundswell.mailings.models import Mailing, Revision
from groundswell.staff.models import Account

AT_ONCE = timedelta(minutes=10)
"""What one person types in so long a time without pressing “save” is one revision."""
SHRUNK = 200
"""Characters. A text that loses more than so many at once gets a revision of its own: it may have been a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a text: the mailing's edition now, and, where somebody else was first, who and when."""

    edition: int
    changed: bool
    clash_by: str = ""
    clash_at: datetime | None = None
    theirs: str = ""

    @property
    def clash(self) -> bool:
        """Whether the text was set aside."""
        return self.clash_at is not None


def save(*, mailing_id: MailingId, appeal: str, base: int, staff_id: int | None, auto: bool = False, now: datetime) -> Saved:
    """Make `appeal` the mailing's text, if it began from the edition `base`; else set it aside and say so.

    `Refused` where the mailing is scheduled or has begun; what was typed is set aside then, too.
    """
    appeal = even(appeal)
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update(of=("self",)).select_related("petition").get(pk=mailing_id)
        locked = mailing.letter_id is not None or mailing.state == "scheduled"
        if appeal == even(mailing.appeal):
            if not auto:
                mailing.revisions.filter(edition=mailing.edition, kind="auto").update(kind="saved")
            return Saved(mailing.edition, changed=False)
        if not mailing.revisions.exists():
            _keep(mailing, mailing.appeal, "saved", mailing.written_by_id, mailing.created_at)
        if locked or base != mailing.edition:
            _set_aside(mailing, appeal, staff_id, now)
        if not locked and base != mailing.edition:
            last = mailing.revisions.filter(edition=mailing.edition).exclude(kind="aside").first()
            return Saved(
                mailing.edition, changed=False, clash_by=_name(last.saved_by_id if last else None),
                clash_at=last.saved_at if last else now, theirs=mailing.appeal,
            )  # fmt: skip
        if not locked:
            before = mailing.appeal
            mailing.appeal, mailing.edition = appeal, mailing.edition + 1
            mailing.save(update_fields=["appeal", "edition"])
            if _cited(appeal) != _cited(before):
                campaigns.refresh_flags(campaign_id=mailing.petition.campaign_id, now=now)
            kind = "auto" if auto else "saved"
            if not _grow(mailing, appeal, kind, staff_id, now):
                _keep(mailing, appeal, kind, staff_id, now)
    if locked:
        why = "has begun" if mailing.letter_id is not None else "is scheduled"
        raise Refused.because(
            "mailing-locked", f"This mailing {why}, so its text stays as it is. What you typed is set aside among its revisions.",
            "Take it back first, then change it." if mailing.letter_id is None else "Write a second letter.",
        )  # fmt: skip
    return Saved(mailing.edition, changed=True)


def restore(*, revision_id: int, base: int, staff_id: int | None, now: datetime) -> Saved:
    """An earlier text, or one that was set aside, becomes the mailing's text; what it replaces stays among the revisions."""
    revision = Revision.objects.get(pk=revision_id)
    return save(mailing_id=MailingId(revision.mailing_id), appeal=revision.appeal, base=base, staff_id=staff_id, now=now)


def last_writer(mailing: Mailing) -> int | None:
    """Who changed the text last; who drafted it, where nobody did."""
    last = mailing.revisions.filter(edition=mailing.edition).exclude(kind="aside").first()
    return last.saved_by_id if last else mailing.written_by_id


def _grow(mailing: Mailing, appeal: str, kind: str, staff_id: int | None, now: datetime) -> bool:
    """While one person goes on typing, their latest unsaved revision grows instead of a new one being made."""
    last = mailing.revisions.exclude(kind="aside").first()
    if last is None or last.kind != "auto" or last.saved_by_id != staff_id or now - last.began_at > AT_ONCE:
        return False
    if len(appeal) < len(last.appeal) - SHRUNK:
        return False
    Revision.objects.filter(pk=last.pk).update(appeal=appeal, edition=mailing.edition, saved_at=now, kind=kind)
    return True


def _set_aside(mailing: Mailing, appeal: str, staff_id: int | None, now: datetime) -> None:
    own = mailing.revisions.filter(kind="aside", saved_by_id=staff_id, began_at__gt=now - AT_ONCE, edition=mailing.edition).first()
    if own is None or len(appeal) < len(own.appeal) - SHRUNK:
        _keep(mailing, appeal, "aside", staff_id, now)
    else:
        Revision.objects.filter(pk=own.pk).update(appeal=appeal, saved_at=now)


def _keep(mailing: Mailing, appeal: str, kind: str, staff_id: int | None, at: datetime) -> None:
    Revision.objects.create(
        mailing=mailing, edition=mailing.edition, appeal=appeal, kind=kind, saved_by_id=staff_id, began_at=at, saved_at=at
    )


def _cited(appeal: str) -> set[str]:
    return set(re.findall(r"\[\^([^\]\s]+)\]", appeal))


def _name(staff_id: int | None) -> str:
    return Account.objects.filter(pk=staff_id or 0).values_list("username", flat=True).first() or "the program"
