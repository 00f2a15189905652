"""What a crowd of mails calls for, gathered while they are read and then written in few statements.

In the transaction that marks the mails applied: either all of it is there, or nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection

from groundswell.basics.ids import DeliveryId, LetterId, PersonRef
from groundswell.inbox import stopping
from groundswell.inbox.models import FullReport, Incoming
from groundswell.people import operations as people
from groundswell.people.rules import Reason
from groundswell.post import returns, slowdowns, traffic
from groundswell.post.models import State
from groundswell.staff import notices

SLOW_FOR = timedelta(hours=6)
AGAIN_AFTER = timedelta(hours=6)
"""A letter that came back for a passing fault goes once more after so long: an hour's fault is over by then."""


@dataclass(slots=True)
class Writes:
    """Gathered by `deeds.Acting`, one for each mail, joined for a crowd."""

    suppressed: dict[Reason, dict[PersonRef, str]] = field(default_factory=lambda: defaultdict(dict))
    withheld: dict[tuple[str, tuple[str, ...]], set[PersonRef]] = field(default_factory=lambda: defaultdict(set))
    marked: dict[DeliveryId, tuple[State, str]] = field(default_factory=dict)
    counted: Counter[tuple[LetterId, str, date, traffic.Returned]] = field(default_factory=Counter)
    again: set[DeliveryId] = field(default_factory=set)
    full: list[tuple[PersonRef, Incoming]] = field(default_factory=list)
    slow: dict[str, str] = field(default_factory=dict)
    told: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Key → subject, words, and how often."""

    def tell(self, once: str, subject: str, words: str) -> None:
        """A notice to staff; the first of its key is the one that is read."""
        known = self.told.get(once)
        self.told[once] = (subject, words, 1) if known is None else (*known[:2], known[2] + 1)

    def join(self, other: "Writes") -> None:
        """Another mail's writes, after these."""
        for reason, people_ in other.suppressed.items():
            for person, source in people_.items():
                self.suppressed[reason].setdefault(person, source)
        for key, persons in other.withheld.items():
            self.withheld[key] |= persons
        self.marked.update(other.marked)
        self.counted.update(other.counted)
        self.again |= other.again
        self.full += other.full
        for domain, why in other.slow.items():
            self.slow.setdefault(domain, why)
        for once, (subject, words, times) in other.told.items():
            for _ in range(times):
                self.tell(once, subject, words)

    def write(self, now: datetime) -> None:
        """Everything, in an order that is always the same, so that two workers don't wait for each other."""
        returns.mark_many(marks=self.marked, now=now)
        returns.send_again(deliveries=sorted(self.again), due=now + AGAIN_AFTER, now=now)
        for reason in sorted(self.suppressed):
            people.suppress_persons(sources=self.suppressed[reason], reason=reason, now=now)
        for why, kinds in sorted(self.withheld):
            returns.withhold_persons(persons=self.withheld[why, kinds], reason=why, kinds=kinds, now=now)
        if self.full:
            rows = [FullReport(person_id=person, incoming=incoming, at=now) for person, incoming in self.full]
            FullReport.objects.bulk_create(rows, ignore_conflicts=True)
        looked = set()
        for (letter_id, provider, day, what), times in sorted(self.counted.items()):
            traffic.returned(letter_id=letter_id, provider=provider, day=day, what=what, times=times)
            looked.add((letter_id, provider, what))
        for letter_id, provider, what in sorted(looked):
            stopping.look_at(letter_id=letter_id, provider=provider, what=what, now=now)
        for domain, why in sorted(self.slow.items()):
            slowdowns.slow(domain=domain, until=now + SLOW_FOR, why=why, now=now)
        for once, (subject, words, times) in sorted(self.told.items()):
            notices.tell(subject=subject, words=words, once=once, link="/office/returns/", now=now, times=times)


def save(rows: Iterable[Incoming]) -> None:
    """What became of these mails, in one statement; only what applying decides is written."""
    names = {
        "way": "text", "form": "text", "state": "smallint", "sealed": "bytea", "applied_at": "timestamptz", "kind": "text",
        "because": "text", "words": "text", "outcome": "text", "delivery_id": "bigint", "person_id": "bigint", "proven": "boolean",
        "suppressed": "smallint", "provider": "text",
    }  # fmt: skip
    mails = sorted(rows, key=lambda row: row.pk)
    if not mails:
        return
    columns = ", ".join(f"unnest(%s::{kind}[]) {name}" for name, kind in names.items())
    sets = ", ".join(f"{name} = n.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE inbox_incoming i SET {sets} FROM (SELECT unnest(%s::bigint[]) id, {columns}) n WHERE i.id = n.id",  # noqa: S608
            [[row.pk for row in mails], *([getattr(row, name) for row in mails] for name in names)],
        )
