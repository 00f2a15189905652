"""What is not needed any more goes by itself, every night: nobody has to remember to forget."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q

from groundswell.people.models import ImportChange, ImportReject, ImportRun, Person
from groundswell.people.operations.forget import erase
from groundswell.people.rules import GONE, MERGED
from groundswell.people.vault import store
from groundswell.staff.operations import note

UNDO_DAYS = 90
"""So long taking an import back restores what it wrote over; then what was there before is dropped. The rest can be taken back
at any time."""
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """What a night took away, or (dry run) would take away."""

    silent: int
    """People who may not be written to and did nothing for so long."""
    old_values: int
    old_rejects: int


def retain(
    *, silent_months: int, in_use: Callable[[Sequence[int]], set[int]], dry_run: bool = False, now: datetime
) -> Kept:  # fmt: skip
    """Apply the rules. People who signed or were written to are in `in_use` and stay; 0 months keeps everybody.

    Who may not be mailed, never acted, and came longer ago than `silent_months`, has no reason to be here.
    """
    silent = _silent(silent_months, in_use, dry_run, now) if silent_months else 0
    runs = list(ImportRun.objects.filter(finished_at__lt=now - timedelta(days=UNDO_DAYS)).values_list("pk", flat=True))
    # That a list's yes was written down holds no value, and taking the list back needs it at any time.
    changes = ImportChange.objects.filter(run_id__in=runs).exclude(field="consent")
    rejects = ImportReject.objects.filter(run_id__in=runs)
    old = Counter(store.count_changes(runs))
    old.update(dict(changes.values_list("run_id").annotate(Count("pk"))))
    old_values, old_rejects = old.total(), rejects.count()
    if not dry_run:
        with transaction.atomic():
            changes.delete()
            rejects.delete()
            store.drop_changes(runs)
            for run, count in old.items():
                ImportRun.objects.filter(pk=run).update(dropped=F("dropped") + count)
            if silent or old_values or old_rejects:
                words = f"{silent} silent people, {old_values} old values, {old_rejects} rejected rows"
                note(actor_id=None, act="retention", about=words, why="the rules of every night", now=now)
    return Kept(silent, old_values, old_rejects)


def _silent(months: int, in_use: Callable[[Sequence[int]], set[int]], dry_run: bool, now: datetime) -> int:
    since = now - timedelta(days=30 * months)
    found = Person.objects.filter(
        ~Q(why_not__in=(GONE, MERGED)), Q(heard_at=None) | Q(heard_at__lt=since), may_mail=False, acted_at=None, joined_at__lt=since
    ).order_by("pk")
    count, last = 0, 0
    while persons := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:_AT_ONCE]):
        last = persons[-1]
        with transaction.atomic():
            if not dry_run:
                # Alone, and looked for again: whoever agreed, signed or was merged since the look above is not silent.
                store.alone()
                persons = list(found.filter(pk__in=persons).values_list("pk", flat=True))
            gone = sorted(set(persons) - in_use(persons))
            if not dry_run:
                # Their suppressions stay as keyed hashes: the next list can't bring them back mailable.
                erase(gone, now)
            count += len(gone)
    return count
