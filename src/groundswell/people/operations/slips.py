"""Looking for people whose second row is a slip of the finger: the same name at gmial.com and at gmail.com.

A blind index says nothing of a domain, so addresses are opened here, some thousands at a time and in memory, each once. Only
numbers of people leave, as a suggestion: no address is changed, and none is sent anything because of it.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction

from groundswell.basics.addresses import Address, meant_by, parse, slips_of
from groundswell.people.keys import indexer, vault_ring
from groundswell.people.merge_models import PairLook
from groundswell.people.rules import CONTACT, GONE, MERGED
from groundswell.people.vault import store
from groundswell.people.vault.index import Indexer
from groundswell.people.vault.open import Opener

RULE = "slipped domain"
_AT_ONCE = 5000


def find_slips(*, most_open: int, now: datetime) -> int:
    """Suggest pairs of a right and a slipped domain among people who came since the last look; returns how many are new.

    Ends early where `most_open` pairs wait already, and goes on from there the next time.
    """
    with transaction.atomic():
        # Numbers are given out under this lock: whoever has a lower one is written by now, and none is passed over.
        store.alone()
        top = store.highest()
    began = upto = PairLook.objects.get_or_create(rule=RULE)[0].upto
    opener, index, found = Opener(vault_ring()), indexer(), 0
    while upto < top and _room(most_open):
        with transaction.atomic():
            some = store.addresses_after(upto, top, most=_AT_ONCE)
            wanted = dict(_other_forms(some, opener, index, first=began == 0))
            known = store.persons_by_index(list(wanted))
            pairs = sorted({(min(one, who), max(one, who)) for mark, who in known.items() if (one := wanted[mark]) != who})
            found += _suggest(pairs, now)
            upto = some[-1][0] if len(some) == _AT_ONCE else top
            PairLook.objects.filter(rule=RULE, upto__lt=upto).update(upto=upto)
    return found


def _other_forms(some: list[tuple[int, bytes]], opener: Opener, index: Indexer, *, first: bool) -> Iterator[tuple[bytes, int]]:
    """The indexes that the same mailbox would have without the slip, or with it, and whose address that is.

    In the first look everybody's slip is looked at, so the right ones need no second question.
    """
    for person, sealed in some:
        local, _, domain = (opener.open(person, "email", sealed) or "").rpartition("@")
        meant = meant_by(domain)
        for other in [meant] if meant else [] if first else slips_of(domain):
            address = parse(f"{local}@{other}")
            if isinstance(address, Address):
                yield from ((mark, person) for mark in index.emails(address))


def _room(most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT GREATEST(0, %s - count(*)) FROM people_pair WHERE state = 'open'", [most])
        return int(cursor.fetchone()[0])


def _suggest(pairs: list[tuple[int, int]], now: datetime) -> int:
    if not pairs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_pair (low, high, why, state, found_at)"
            " SELECT n.low, n.high, %s, 'open', %s FROM unnest(%s::bigint[], %s::bigint[]) n(low, high)"
            " JOIN people_person a ON a.id = n.low JOIN people_person b ON b.id = n.high"
            " WHERE a.why_not <> ALL(%s) AND b.why_not <> ALL(%s) ON CONFLICT DO NOTHING",
            [RULE, now, [low for low, _ in pairs], [high for _, high in pairs], *([[GONE, MERGED, CONTACT]] * 2)],
        )
        return int(cursor.rowcount)
