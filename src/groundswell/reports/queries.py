"""Numbers over time, as plain data. Nothing here names a person."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from groundswell.actions.models import Signature


def signatures_a_day(petition_ids: Sequence[int], *, days: int, now: datetime, zone: tzinfo) -> dict[int, list[tuple[date, int]]]:
    """Petition → (day, standing signatures of that day), the last `days` days of `zone`, today last; a day without one has 0.

    Reads the index of the days asked for, not the petition's whole history.
    """
    today = now.astimezone(zone).date()
    span = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    found = (
        Signature.objects.filter(
            petition_id__in=petition_ids,
            state="confirmed",
            signed_at__gte=datetime.combine(span[0], time(), zone),
            signed_at__lte=now,
        )
        .annotate(day=TruncDate("signed_at", tzinfo=zone))
        .values_list("petition_id", "day")
        .annotate(count=Count("pk"))
    )
    counts = {(petition, day): count for petition, day, count in found}
    return {petition: [(day, counts.get((petition, day), 0)) for day in span] for petition in petition_ids}
