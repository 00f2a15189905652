"""Who answered a letter of ours by mail: noted with them, as something that they did."""

from datetime import datetime, timedelta

from django.db.models import Max

from groundswell.basics.ids import PersonRef
from groundswell.inbox.models import Incoming
from groundswell.people import operations as people

_LOOKED_BACK = timedelta(days=7)


def hear_of_answers(*, now: datetime) -> int:
    """Everybody who answered in the last week, by a mail that names their letter; returns how many. Safe to repeat.

    What a machine answered (a holiday, a delay, a bounce) is no answer, nor is a goodbye.
    """
    answers = Incoming.objects.filter(
        kind="answer", proven=True, suppressed=0, person_id__isnull=False, taken_at__gte=now - _LOOKED_BACK
    )
    times = {PersonRef(person): at for person, at in answers.values_list("person_id").annotate(at=Max("taken_at"))}
    people.heard_from(times=times)
    return len(times)
