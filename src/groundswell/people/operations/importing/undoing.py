"""Taking a whole import back: who came by it and did nothing since, what it filled, what it said of consent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from groundswell.basics.result import Refused
from groundswell.people.models import Consent, Fact, ImportChange, ImportRun, Person, Tagged
from groundswell.people.operations.consent import terms_id
from groundswell.people.operations.forget import erase
from groundswell.people.operations.standing import refresh_many
from groundswell.people.sheets.rows import CLEAR
from groundswell.people.vault import bulk, second, store
from groundswell.staff.operations import note

_AT_ONCE = 2000


@dataclass(slots=True)
class Undone:
    """What taking an import back did. Suppressions stay: a goodbye that a list brought is still a goodbye."""

    removed: int = 0
    kept: int = 0
    """People who came by it and have done something since: they stay, and their consent of that list is void."""
    restored: int = 0


def undo_import(
    *, run_id: int, why: str, staff_id: int | None, in_use: Callable[[Sequence[int]], set[int]], now: datetime
) -> Undone:
    """Take import `run_id` back. `in_use` says which of some people have signed or been written to: those are kept.

    May be killed and asked for again: it goes on.
    """
    if not why.strip():
        raise Refused.because("reason-missing", "Taking an import back needs a reason.", "Say why.")
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise Refused.because("import-unknown", f"There is no import {run_id}.", "`groundswell people imports` lists them.")
    if run.undone_at is not None:
        raise Refused.because("import-undone", f"Import {run_id} was taken back already.")
    done = Undone()
    terms = terms_id(
        organisation="", partner="", purpose="mail", wording="", version="undo", language="", source=f"import {run_id} taken back",
        how="undo", proof_needed=False,
    )  # fmt: skip
    if run.first_person is not None:
        brought = Person.objects.filter(import_id=run_id, pk__gte=run.first_person, pk__lte=run.last_person)
        last = 0
        while persons := list(brought.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
            last = persons[-1]
            _send_away(persons, in_use, terms, done, now)
    while changes := list(ImportChange.objects.filter(run_id=run_id).order_by("pk")[:_AT_ONCE]):
        _restore(run_id, changes, terms, done, now)
    with transaction.atomic():
        done.restored += bulk.restore(run_id)
        Tagged.objects.filter(import_id=run_id).delete()
        Fact.objects.filter(import_id=run_id).delete()
        ImportRun.objects.filter(pk=run_id).update(undone_at=now)
        note(actor_id=staff_id, act="undo import", about=f"import {run_id}", why=why, now=now)
    return done


def _send_away(persons: list[int], in_use: Callable[[Sequence[int]], set[int]], terms: int, done: Undone, now: datetime) -> None:
    with transaction.atomic():
        store.alone()
        asked = set(
            Consent.objects.filter(person_id__in=persons)
            .exclude(terms__how__in=("import", "undo"))
            .values_list("person_id", flat=True)
        )
        # A side of a merge stays: taking it away would take somebody else's second address with it.
        keep = in_use(persons) | {person for person in asked if person is not None} | second.merged_among(persons)
        gone = [person for person in persons if person not in keep]
        erase(gone, now)
        Person.objects.filter(pk__in=gone).delete()
        _void(sorted(keep), terms, now)
        Person.objects.filter(pk__in=keep).update(import_id=None)
        done.removed += len(gone)
        done.kept += len(keep)


def _void(persons: Sequence[int], terms: int, now: datetime) -> None:
    """A no against the list's yes; who said something by themselves afterwards keeps their own word."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_consent (person_id, terms_id, given, at)
            SELECT l.person_id, %s, false, %s FROM (
                SELECT DISTINCT ON (c.person_id) c.person_id, t.how FROM people_consent c JOIN people_terms t ON t.id = c.terms_id
                WHERE c.person_id = ANY(%s) ORDER BY c.person_id, c.at DESC, c.id DESC
            ) l WHERE l.how = 'import'
            """,
            [terms, now, list(persons)],
        )
    refresh_many(persons)


def _restore(run_id: int, changes: Sequence[ImportChange], terms: int, done: Undone, now: datetime) -> None:
    with transaction.atomic():
        store.alone()
        for change in changes:
            if change.field in CLEAR:
                # What somebody has changed since is theirs.
                done.restored += Person.objects.filter(pk=change.person_id, **{change.field: change.after}).update(
                    **{change.field: change.before}
                )
        _void(sorted(change.person_id for change in changes if change.field == "consent"), terms, now)
        ImportChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
