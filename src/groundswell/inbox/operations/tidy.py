"""Forgetting: mail that nobody looked at for long, and rows that are only history."""

from datetime import datetime, timedelta

from django.db.models import Q

from groundswell.inbox.models import Forward, FullReport, Incoming, State
from groundswell.people.suppressions import forgotten
from groundswell.post import wishes

UNREAD = timedelta(days=90)
"""A mail kept for a person is opened by then or never: it holds an address, and is not kept longer."""
HISTORY = timedelta(days=400)
"""So long a suppression can be explained by the mail it came from."""


def tidy(*, now: datetime) -> int:
    """Drop sealed mails that are too old, and rows that explain nothing any more; returns how many changed."""
    stale = Incoming.objects.filter(state__in=[State.KEPT, State.SET_ASIDE], taken_at__lt=now - UNREAD)
    changed = stale.update(state=State.DROPPED, sealed=None, outcome="nobody looked at it for 90 days")
    changed += _of_the_forgotten()
    FullReport.objects.filter(at__lt=now - HISTORY).delete()
    Forward.objects.filter(Q(sent_at__lt=now - HISTORY) | Q(queued_at__lt=now - HISTORY)).delete()
    old, _ = Incoming.objects.filter(taken_at__lt=now - HISTORY, suppressed=0).exclude(state=State.TAKEN).delete()
    return changed + old


def _of_the_forgotten() -> int:
    """Who asked to be forgotten is forgotten here too: their kept mail goes, and what was counted of them."""
    wishes.forget(list(forgotten(wishes.everybody())))
    kept = Incoming.objects.filter(sealed__isnull=False, person_id__isnull=False).exclude(state=State.TAKEN)
    gone = forgotten([person for person in kept.values_list("person_id", flat=True).distinct() if person is not None])
    FullReport.objects.filter(
        person_id__in=forgotten(list(FullReport.objects.values_list("person_id", flat=True).distinct()))
    ).delete()
    return kept.filter(person_id__in=gone).update(state=State.DROPPED, sealed=None, outcome="its writer asked to be forgotten")
