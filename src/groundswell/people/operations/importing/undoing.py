"""Taking a whole import back: who came by it and did nothing since, what it filled, what it said of consent."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from groundswell.basics import arrays
from groundswell.basics.result import Refused
from groundswell.people.models import Consent, Fact, ImportChange, ImportMet, ImportRun, Person, Tagged
from groundswell.people.operations.consent import terms_id
from groundswell.people.operations.forget import erase
from groundswell.people.operations.importing.taking_turns import only_one
from groundswell.people.operations.importing.voiding import void
from groundswell.people.operations.marking import mark_anew
from groundswell.people.operations.standing import refresh_many
from groundswell.people.sheets.rows import CLEAR
from groundswell.people.vault import bulk, second, store
from groundswell.staff.operations import note

_AT_ONCE = 2000
InUse = Callable[[Sequence[int]], set[int]]


@dataclass(slots=True)
class Undone:
    """What taking an import back did. Suppressions stay: a goodbye that a list brought is still a goodbye."""

    removed: int = 0
    kept: int = 0
    """People who came by it and have done something since, or came by another list too: they stay, and its yes is void."""
    restored: int = 0
    lost: int = 0
    """Values that it gave people who were here, longer ago than what was there before is kept: these stay as they are."""


def undo_import(*, run_id: int, why: str, staff_id: int | None, in_use: InUse, now: datetime) -> Undone:
    """Take import `run_id` back. `in_use` says which of some people have signed or been written to: those are kept.

    May be killed and asked for again: it goes on.
    """
    if not why.strip():
        raise Refused.because("reason-missing", "Taking an import back needs a reason.", "Say why.")
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise Refused.because("import-unknown", f"There is no import {run_id}.", "`groundswell people imports` lists them.")
    with only_one(run_id, f"Import {run_id} is running, or being taken back, at this moment."):
        run.refresh_from_db()
        if run.undone_at is not None:
            raise Refused.because("import-undone", f"Import {run_id} was taken back already.")
        done = Undone()
        terms = terms_id(
            organisation="", partner="", purpose="mail", wording="", version="undo", language="",
            source=f"import {run_id} taken back", how="undo", proof_needed=False,
        )  # fmt: skip
        while True:
            last = 0
            while last := _send_some_away(run, last, in_use, terms, done, now):
                pass
            while _restore_some(run, terms, done, now):
                pass
            while _restore_some_details(run, done):
                pass
            with transaction.atomic():
                store.alone()
                if _brought(run).exists():
                    continue  # another import was taken back beside this one, and its people came to this one
                for table in (Tagged, Fact):
                    table.objects.filter(import_id=run_id).delete()
                ImportMet.objects.filter(run_id=run_id).delete()
                ImportRun.objects.filter(pk=run_id).update(undone_at=now)
                note(actor_id=staff_id, act="undo import", about=f"import {run_id}", why=why, now=now)
            done.lost = run.dropped
            return done


def _brought(run: ImportRun) -> QuerySet[Person]:
    """Who came by it and is its still. The numbers are looked up anew: others' people may have come to it."""
    run.refresh_from_db()
    if run.first_person is None:
        return Person.objects.none()
    return Person.objects.filter(import_id=run.pk, pk__gte=run.first_person, pk__lte=run.last_person)


def _send_some_away(run: ImportRun, after: int, in_use: InUse, terms: int, done: Undone, now: datetime) -> int:
    """The next people after this number; returns the last of them, 0 where there are none."""
    with transaction.atomic():
        store.alone()
        persons = list(_brought(run).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
        keep = in_use(persons) | _kept(persons, run)
        gone = [person for person in persons if person not in keep]
        if gone:
            erase(gone, now)
            Person.objects.filter(pk__in=gone).delete()
        if keep:
            _keep(sorted(keep), run, terms, now)
        done.removed += len(gone)
        done.kept += len(keep)
    return persons[-1] if persons else 0


def _kept(persons: Sequence[int], run: ImportRun) -> set[int]:
    """Who has become somebody of ours since, whatever list they came by."""
    # A side of a merge stays: taking it away would take somebody else's second address with it.
    keep = second.merged_among(persons) | second.noted_among(persons) | bulk.filled_among(persons, run=run.pk)
    said = Consent.objects.filter(person_id__in=persons).exclude(terms__how__in=("import", "undo"))
    rows = (
        said, Tagged.objects.filter(person_id__in=persons).exclude(import_id=run.pk),
        Fact.objects.filter(person_id__in=persons).exclude(import_id=run.pk),
        ImportChange.objects.filter(person_id__in=persons).exclude(run_id=run.pk),
    )  # fmt: skip
    for some in rows:
        keep.update(some.values_list("person_id", flat=True).distinct())
    acted = Person.objects.filter(~Q(acted_at=None) | ~Q(heard_at=None), pk__in=persons)
    keep.update(acted.values_list("pk", flat=True))
    return keep | set(_met(persons, run))


def _met(persons: Sequence[int], run: ImportRun) -> Mapping[int, tuple[int, int | None]]:
    """Who came by another list too: that import, the first with a yes before the others, and the terms of the yes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (person_id) person_id, run_id, terms FROM (
                -- Of several rows of one list the more cautious counts.
                SELECT m.person_id, m.run_id, CASE WHEN bool_and(m.terms_id IS NOT NULL) THEN max(m.terms_id) END terms
                FROM people_importmet m JOIN people_importrun r ON r.id = m.run_id AND r.undone_at IS NULL
                WHERE m.person_id = ANY(%s::bigint[]) AND m.run_id <> %s GROUP BY m.person_id, m.run_id
            ) o ORDER BY person_id, terms IS NULL, run_id
            """,
            [arrays.of_numbers(persons), run.pk],
        )
        return {person: (other, terms) for person, other, terms in cursor.fetchall()}


def _keep(persons: Sequence[int], run: ImportRun, terms: int, now: datetime) -> None:
    """They stay, by another list that brought them too, where there is one: and as far as that one's word goes."""
    met = _met(persons, run)
    voided = void(persons, run=run, terms=terms, now=now)
    # Written down now, for the latest word counts: it takes the place of the yes that has just become void, and of no no.
    agreed = {person: yes for person, (_, yes) in met.items() if yes is not None and person in voided}
    Consent.objects.bulk_create([Consent(person_id=person, terms_id=yes, given=True, at=now) for person, yes in agreed.items()])
    refresh_many(list(agreed))
    Person.objects.filter(pk__in=persons).update(import_id=None)
    theirs = defaultdict(list)
    for person, (other, _) in met.items():
        theirs[other].append(person)
    for other, some in theirs.items():
        Person.objects.filter(pk__in=some).update(import_id=other)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_importrun SET first_person = LEAST(first_person, %s), last_person = GREATEST(last_person, %s)"
                " WHERE id = %s",
                [min(some), max(some), other],
            )


def _restore_some(run: ImportRun, terms: int, done: Undone, now: datetime) -> bool:
    with transaction.atomic():
        store.alone()
        # The newest first: what a list wrote over twice comes back as it was before the first time.
        changes = list(ImportChange.objects.filter(run_id=run.pk).order_by("-pk")[:_AT_ONCE])
        coarse = [change for change in changes if change.field in CLEAR]
        later = _written_over(coarse)
        for change in coarse:
            over = next((other for other in later[change.person_id, change.field] if other.pk > change.pk), None)
            if over is None:
                # What somebody has changed since is theirs.
                done.restored += Person.objects.filter(pk=change.person_id, **{change.field: change.after}).update(
                    **{change.field: change.before}
                )
            elif over.before == change.after:
                # A later list wrote over it: taking that one back must not bring this one's value here again.
                over.before = change.before
                over.save(update_fields=["before"])
        void(sorted({change.person_id for change in changes if change.field == "consent"}), run=run, terms=terms, now=now)
        ImportChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return bool(changes)


def _written_over(changes: Sequence[ImportChange]) -> Mapping[tuple[int, str], list[ImportChange]]:
    """What other imports changed of the same people, in the order in which they did."""
    found: dict[tuple[int, str], list[ImportChange]] = defaultdict(list)
    if changes:
        others = ImportChange.objects.filter(person_id__in={change.person_id for change in changes}, field__in=CLEAR)
        for other in others.exclude(run_id=changes[0].run_id).order_by("pk"):
            found[other.person_id, other.field].append(other)
    return found


def _restore_some_details(run: ImportRun, done: Undone) -> bool:
    with transaction.atomic():
        store.alone()
        restored, persons = bulk.restore(run.pk, most=_AT_ONCE)
        mark_anew(persons)
        done.restored += restored
    return bool(persons)
