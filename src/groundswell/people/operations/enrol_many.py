"""Many people give their details at once: what `enrol` does for one, in a handful of statements for thousands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction

from groundswell.basics import arrays, languages
from groundswell.basics.addresses import Address
from groundswell.basics.ids import PersonRef
from groundswell.people.keys import indexer, sealer
from groundswell.people.operations.consent_many import Said, record_consents
from groundswell.people.operations.suppress import bring_to_todays_key
from groundswell.people.rules import NO_CONSENT
from groundswell.people.vault import bulk, store
from groundswell.people.vault.index import Indexer, packed

_HELD = 500
"""So many unknown addresses are held one by one; for more, everybody else who writes people waits."""
_SEALED = store.FIELDS[:3]
"""What a form says of the vault's fields: the address and the two names, the first of them."""


class Newcomer(NamedTuple):
    """What one form said of its person."""

    email: Address
    given_name: str = ""
    family_name: str = ""
    language: str = "en"
    country: str = ""
    region: str = ""
    postcode_area: str = ""

    def __repr__(self) -> str:
        return "Newcomer(…)"


def enrol_many(*, newcomers: Sequence[Newcomer], now: datetime, saying: Sequence[Sequence[Said]] = ()) -> list[PersonRef]:
    """The people behind these addresses, in their order, made where unknown. Fills blanks, overwrites nothing.

    The same address twice is one person. `saying` has for each what the same form answers to "may we write to you?"; it is
    written down as `record_consents` does, its `person` filled in here. Without it nobody has given consent. Runs in the
    caller's transaction or one of its own.
    """
    with transaction.atomic():
        # Who suppresses one of these addresses at the same moment must see them, or we that: see `enrol`.
        few = len(newcomers) <= _HELD
        (store.among_others if few else store.alone)()
        index = indexer()
        marks = [index.email(newcomer.email) for newcomer in newcomers]
        offered: dict[bytes, Newcomer] = {}
        for mark, newcomer in zip(marks, newcomers, strict=True):
            offered[mark] = _merged(offered[mark], newcomer) if mark in offered else newcomer
        known = _known(offered, index)
        _fill_blanks({mark: offered[mark] for mark in known}, known)
        found = {mark: person for mark, (person, _, _) in known.items()}
        fresh = {mark: newcomer for mark, newcomer in offered.items() if mark not in found}
        if few and fresh:
            store.hold_all(list(fresh))
            # Somebody may have enrolled the same addresses before we held them: theirs stand.
            found.update(store.persons_by_index(list(fresh)))
            fresh = {mark: newcomer for mark, newcomer in fresh.items() if mark not in found}
        # Each one's last word: a row that is right at once is not written again when the answers are.
        agreeing = {mark: said[-1].given for mark, said in zip(marks, saying, strict=bool(saying)) if said}
        found.update(_create(fresh, agreeing, now))
        bring_to_todays_key(index, [newcomer.email for newcomer in fresh.values()])
        persons = [PersonRef(found[mark]) for mark in marks]
        answers = [answer._replace(person=person) for person, said in zip(persons, saying, strict=bool(saying)) for answer in said]
        record_consents(answers=answers, now=now)
    return persons


def _merged(first: Newcomer, second: Newcomer) -> Newcomer:
    """What two forms of one address say together: the first word stands, the second fills its blanks."""
    return Newcomer(
        first.email, first.given_name or second.given_name, first.family_name or second.family_name, first.language,
        first.country or second.country, first.region or second.region, first.postcode_area or second.postcode_area,
    )  # fmt: skip


def _known(offered: dict[bytes, Newcomer], index: Indexer) -> dict[bytes, tuple[int, bool, bool]]:
    """Today's index → person, and whether given and family name are blank there."""
    older = {} if index.alone else {old: mark for mark, who in offered.items() for old in index.old_emails(who.email)}
    with store.inside() as cursor:
        cursor.execute(
            "SELECT c.email_index, w.person, w.given_name IS NULL, w.family_name IS NULL FROM vault.contact c"
            " JOIN vault.contact w ON w.person = COALESCE(c.merged_into, c.person) WHERE c.email_index = ANY(%s::bytea[])",
            [arrays.of_bytes([*offered, *older])],
        )
        rows = [(bytes(row[0]), row) for row in cursor.fetchall()]
        return {older.get(mark, mark): (int(row[1]), row[2], row[3]) for mark, row in rows}


def _create(fresh: dict[bytes, Newcomer], agreeing: Mapping[bytes, bool], now: datetime) -> dict[bytes, int]:
    """New people, by index. The caller holds their addresses, so nobody else makes them, and writes their answers down."""
    if not fresh:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_person_id_seq') FROM generate_series(1, %s)", [len(fresh)])
        persons = [int(row[0]) for row in cursor.fetchall()]
        bulk.add(_details(persons, fresh))
        facts = [
            (languages.tag(who.language), who.country, who.region, who.postcode_area, "" if agreeing.get(mark) else NO_CONSENT)
            for mark, who in fresh.items()
        ]  # fmt: skip
        cursor.execute(
            "INSERT INTO people_person (id, language, country, region, postcode_area, joined_at, may_mail, why_not)"
            " SELECT person, language, country, region, area, %s, why = '', why FROM unnest(%s::bigint[], %s::text[], %s::text[],"
            " %s::text[], %s::text[], %s::text[]) r(person, language, country, region, area, why)",
            [now, arrays.of_numbers(persons), *map(arrays.of_texts, zip(*facts, strict=True))],
        )
    return dict(zip(fresh, persons, strict=True))


def _details(persons: Sequence[int], fresh: dict[bytes, Newcomer]) -> Iterator[bytes]:
    """Each new person's row of the vault, sealed as it is asked for: while the database takes in the one before."""
    index, sealing = indexer(), sealer()
    sealed, vault_key, index_key = sealing.many(_SEALED), sealing.key_id, index.key_id
    # Known for this crowd only: a worker lives for months and is to hold nobody's name.
    names = lru_cache(maxsize=None)(lambda text: packed(index.tokens(text)))
    for person, (mark, who) in zip(persons, fresh.items(), strict=True):
        values = [*sealed(person, (who.email.shown, who.given_name, who.family_name)), None, None]
        yield bulk.row(person, values, mark, None, (names(who.given_name), names(who.family_name)), vault_key, index_key)


def _fill_blanks(offered: dict[bytes, Newcomer], known: dict[bytes, tuple[int, bool, bool]]) -> None:
    sealing, tokens = sealer(), indexer()
    seal = sealing.seal
    names = []
    places = []
    for index, who in offered.items():
        person, given_blank, family_blank = known[index]
        given, family = who.given_name if given_blank else "", who.family_name if family_blank else ""
        if given or family:
            found = arrays.of_numbers([*tokens.name(given), *tokens.name(family)])
            names.append((person, seal(person, "given_name", given), seal(person, "family_name", family), found))
        if who.country or who.region or who.postcode_area:
            places.append((person, who.country, who.region, who.postcode_area))
    if names:
        with store.inside() as cursor:
            cursor.execute(
                "UPDATE vault.contact c SET given_name = COALESCE(c.given_name, n.given),"
                " family_name = COALESCE(c.family_name, n.family),"
                " name_tokens = COALESCE(c.name_tokens, '{}') || n.tokens::bigint[],"
                " vault_key = LEAST(c.vault_key, %s), index_key = LEAST(c.index_key, %s)"
                " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::text[]) n(person, given, family, tokens)"
                " WHERE c.person = n.person",
                [sealing.key_id, tokens.key_id, *(list(column) for column in zip(*sorted(names), strict=True))],
            )
    if places:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_person p SET country = COALESCE(NULLIF(p.country, ''), n.country),"
                " region = COALESCE(NULLIF(p.region, ''), n.region),"
                " postcode_area = COALESCE(NULLIF(p.postcode_area, ''), n.area)"
                " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) n(person, country, region, area)"
                " WHERE p.id = n.person AND ((p.country = '' AND n.country <> '') OR (p.region = '' AND n.region <> '')"
                " OR (p.postcode_area = '' AND n.area <> ''))",
                [list(column) for column in zip(*sorted(places), strict=True)],
            )
