"""Double opt-in: a signature that waits for its person; confirmed, reminded once, dropped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from groundswell.actions.models import LaterYes, Pending, Signature
from groundswell.basics.ids import ActionId, PersonRef

REMIND_AFTER = timedelta(days=3)
DROP_AFTER = timedelta(days=14)


def confirm(*, petition_id: ActionId, person: PersonRef) -> bool:
    """It was them: their signature counts. False where none waits (any more)."""
    with transaction.atomic():
        waiting = Signature.objects.filter(petition_id=petition_id, person_id=person, state="unconfirmed")
        pks = list(waiting.values_list("pk", flat=True))
        Pending.objects.filter(pk__in=pks).delete()
        return bool(Signature.objects.filter(pk__in=pks, state="unconfirmed").update(state="confirmed"))


def to_remind(*, now: datetime, most: int = 5000) -> dict[ActionId, Sequence[PersonRef]]:
    """Who is to be reminded now, once, by petition; they are marked as reminded."""
    found: dict[ActionId, list[PersonRef]] = {}
    with transaction.atomic():
        due = Pending.objects.select_for_update(skip_locked=True).filter(reminded_at=None, asked_at__lte=now - REMIND_AFTER)[:most]
        rows = list(due)
        for row in rows:
            found.setdefault(ActionId(row.petition_id), []).append(PersonRef(row.person_id))
        Pending.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    return dict(found)


def drop(*, now: datetime) -> int:
    """Unconfirmed signatures that were reminded and stayed silent are deleted, and so is a later yes; returns how many names."""
    with transaction.atomic():
        old = Pending.objects.filter(asked_at__lte=now - DROP_AFTER, reminded_at__isnull=False, reminded_at__gt=F("asked_at"))
        pks = list(old.values_list("pk", flat=True))
        Signature.objects.filter(pk__in=pks, state="unconfirmed").delete()
        Pending.objects.filter(pk__in=pks).delete()
        LaterYes.objects.filter(asked_at__lte=now - DROP_AFTER).delete()
    return len(pks)
