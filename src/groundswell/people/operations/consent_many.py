"""Many answers to "may we write to you?" at once, from forms: what `record_consent` does for one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from groundswell.basics import arrays
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.operations.consent import terms_id
from groundswell.people.operations.standing import derive, hold
from groundswell.people.rules import LIFTED_BY_A_FORM
from groundswell.people.vault import second, store

NOBODY_YET = PersonRef(0)
"""Whose answer it is before `enrol_many` knows."""


class Said(NamedTuple):
    """One person's yes or no on a form."""

    person: PersonRef
    given: bool
    organisation: str
    wording: str
    version: str
    language: str
    source: str
    purpose: str = "mail"


def record_consents(*, answers: Sequence[Said], now: datetime) -> None:
    """Write the answers down in their order, lift the goodbyes of those who said yes, and derive who may be mailed."""
    if not answers:
        return
    if any(answer.given and not (answer.wording.strip() and answer.source.strip()) for answer in answers):
        raise Refused.because(
            "consent-unproven", "Consent needs the words people agreed to, and where.", "Name wording and source."
        )
    persons = sorted({answer.person for answer in answers})
    with transaction.atomic(), connection.cursor() as cursor:
        store.among_others()
        present, indexes = hold(persons), store.indexes_of(persons)
        if len(indexes) < len(persons) and (merged := second.now_is(persons)):
            answers = [answer._replace(person=PersonRef(merged.get(answer.person, answer.person))) for answer in answers]
            persons = sorted({answer.person for answer in answers})
            present, indexes = hold(persons), store.indexes_of(persons)
        # Who was forgotten at this moment gets no line: it would name them again.
        answers = [answer for answer in answers if answer.person in indexes]
        terms = _terms(answers)
        cursor.execute(
            "INSERT INTO people_consent (person_id, terms_id, given, at) SELECT r.person, r.terms, r.given, %s"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) WITH ORDINALITY r(person, terms, given, n) ORDER BY r.n",
            [
                now, arrays.of_numbers(a.person for a in answers), arrays.of_numbers(terms[_what(a)] for a in answers),
                arrays.of_flags(a.given for a in answers),
            ],
        )  # fmt: skip
        agreed = [indexes[a.person] for a in answers if a.given]
        if agreed:
            cursor.execute(
                "UPDATE people_suppression SET lifted_at = %s, lifted_why = 'signed up again on a form'"
                " WHERE index = ANY(%s::bytea[]) AND reason = ANY(%s) AND lifted_at IS NULL",
                [now, arrays.of_bytes(agreed), list(LIFTED_BY_A_FORM)],
            )
        derive(present, indexes)


def _what(answer: Said) -> tuple[str, ...]:
    return (answer.organisation, answer.purpose, answer.wording, answer.version, answer.language, answer.source)


def _terms(answers: Sequence[Said]) -> dict[tuple[str, ...], int]:
    """The terms of each answer, looked up once: a petition's signers all read the same words."""
    return {
        what: terms_id(
            organisation=what[0], partner="", purpose=what[1], wording=what[2], version=what[3], language=what[4], source=what[5],
            how="form", proof_needed=False,
        )
        for what in {_what(answer) for answer in answers}
    }  # fmt: skip
