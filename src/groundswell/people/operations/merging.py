"""Two rows are one person, as a member of staff decided; and taking that back.

Nothing is lost: what bears the number of the one that goes is given to the one that stays, its address stays in the vault as
a second one, by which the person is found from now on, and the merge keeps a list of all it moved. Consent never rises: who
stays is mailed afterwards only if they were before, and only if the other had not said no. A suppression of either holds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.people.following import followers
from groundswell.people.keys import indexer, sealer, vault_ring
from groundswell.people.merge_models import Merge, Pair
from groundswell.people.models import Consent, Fact, Person, Suppression, Tagged
from groundswell.people.operations.consent import terms_id
from groundswell.people.operations.marking import mark_anew
from groundswell.people.operations.pairing import pair_between
from groundswell.people.operations.standing import hold, refresh_many
from groundswell.people.rules import TO_PARTNER
from groundswell.people.sheets.rows import CLEAR
from groundswell.people.vault import bulk, second, store
from groundswell.people.vault.open import Opener
from groundswell.staff.operations import note


def merge(*, kept: PersonRef, gone: PersonRef, staff_id: int | None, why: str, now: datetime) -> int:
    """`gone` becomes `kept`; returns the merge's number, by which it can be undone. `Refused` where one of them is not here."""
    if not why.strip():
        raise Refused.because("reason-missing", "Merging two people needs a reason.", "Say why they are one.")
    low, high = pair_between(kept, gone)
    with transaction.atomic():
        store.alone()
        hold([kept, gone])
        _both_here(kept, gone)
        # The row comes first: the ledger of consent lets its lines change hands only between the two that it names.
        row = Merge.objects.create(kept=kept, gone=gone, at=now, by=staff_id)
        moved: dict[str, Any] = {}
        said = _latest(kept), _latest(gone)
        moved["suppressions"] = _suppress_as_either(row, now)
        moved["consents"] = _give(Consent.objects.filter(person_id=gone), kept)
        moved["word"] = _no_higher(row, said, now)
        moved["tags"], moved["facts"] = _tags(gone, kept), _facts(gone, kept)
        moved["coarse"] = _coarse(gone, kept)
        moved["followers"] = {name: one.move(gone=gone, kept=kept, anew=_anew) for name, one in followers()}
        _fill_details(row)
        second.set_merged(gone, kept)
        refresh_many([kept, gone])
        row.moved = moved
        row.save(update_fields=["moved"])
        pair, _ = Pair.objects.get_or_create(low=low, high=high, defaults={"why": "staff", "found_at": now})
        Pair.objects.filter(pk=pair.pk).update(state="merged", decided_at=now, decided_by=staff_id)
        Pair.objects.filter(state="open", low=gone).delete()
        Pair.objects.filter(state="open", high=gone).delete()
        note(actor_id=staff_id, act="merge people", about=f"person {gone} into person {kept} (merge {row.pk})", why=why, now=now)
    return row.pk


def undo_merge(*, merge_id: int, staff_id: int | None, why: str, now: datetime) -> None:
    """Both are as they were; what came since stays with the one who was kept. The pair is remembered as two people."""
    if not why.strip():
        raise Refused.because("reason-missing", "Undoing a merge needs a reason.", "Say why they are two.")
    with transaction.atomic():
        store.alone()
        row = Merge.objects.select_for_update().filter(pk=merge_id, undone_at=None).first()
        if row is None:
            raise Refused.because(
                "merge-unknown", f"There is no merge {merge_id} to undo.", "`groundswell people merges` lists them."
            )
        later = Merge.objects.filter(gone=row.kept, undone_at=None).values_list("pk", flat=True).first()
        later = later or Merge.objects.filter(kept=row.kept, undone_at=None, pk__gt=row.pk).values_list("pk", flat=True).first()
        if later is not None:
            raise Refused.because("merge-later", f"Merge {later} came after this one.", f"Undo merge {later} first.")
        hold([row.kept, row.gone])
        if len(store.indexes_of([row.kept, row.gone])) != 1 or second.now_is([row.gone]) != {row.gone: row.kept}:
            raise Refused.because("merge-forgotten", "This person was forgotten since; there is nothing to give back.")
        second.set_merged(row.gone, None, _came_to(row.gone))
        bulk.restore(-row.pk)
        moved = row.moved
        for name, one in followers():
            if name in moved["followers"]:
                one.back(gone=row.gone, kept=row.kept, moved=moved["followers"][name], anew=_anew)
        _restore(row, moved)
        mark_anew([row.kept])
        refresh_many([row.kept, row.gone])
        Merge.objects.filter(pk=row.pk).update(undone_at=now)
        low, high = pair_between(row.kept, row.gone)
        Pair.objects.filter(low=low, high=high).update(state="apart", decided_at=now, decided_by=staff_id)
        note(actor_id=staff_id, act="undo merge", about=f"merge {row.pk}: persons {row.kept}, {row.gone}", why=why, now=now)


def _both_here(kept: int, gone: int) -> None:
    here = store.indexes_of([kept, gone])
    for person in (kept, gone):
        if person not in here:
            raise Refused.because("merge-who", f"Person {person} is not here, or merged already.", "Look at the numbers again.")


def _came_to(person: int) -> list[int]:
    """Who had been merged into this person before."""
    return list(Merge.objects.filter(kept=person, undone_at=None).values_list("gone", flat=True))


def _latest(person: int) -> bool | None:
    # A yes to a partner stands in the same ledger and is none to us.
    own = Consent.objects.filter(person_id=person).exclude(terms__purpose=TO_PARTNER)
    return own.order_by("-at", "-id").values_list("given", flat=True).first()


def _suppress_as_either(row: Merge, now: datetime) -> list[str]:
    """What stands against the one's address stands against the other's."""
    indexes = {person: found for person in (row.kept, row.gone) if (found := store.keyed_index_of(person))}
    (index, index_key), (other, _) = indexes[row.kept], indexes[row.gone]
    standing = set(Suppression.objects.filter(index=index, lifted_at=None).values_list("reason", flat=True))
    more = set(Suppression.objects.filter(index=other, lifted_at=None).values_list("reason", flat=True)) - standing
    Suppression.objects.bulk_create(
        [Suppression(index=index, index_key=index_key, reason=why, source=f"merge {row.pk}", at=now) for why in sorted(more)]
    )
    return sorted(more)


def _give(lines: Any, kept: int) -> list[int]:
    """These lines of the ledger are now `kept`'s."""
    numbers = list(lines.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_consent SET person_id = %s WHERE id = ANY(%s)", [kept, numbers])
    return numbers


def _no_higher(row: Merge, said: tuple[bool | None, bool | None], now: datetime) -> int | None:
    """A line that holds the person at the more cautious of the two words, where the later of them would have been a yes."""
    if _latest(row.kept) is not True or (said[0] is True and said[1] is not False):
        return None
    terms = terms_id(
        organisation="", partner="", purpose="mail", wording="", version="merge", language="", source=f"merge {row.pk}",
        how="merge", proof_needed=False,
    )  # fmt: skip
    at = max(now, Consent.objects.filter(person_id=row.kept).order_by("-at").values_list("at", flat=True)[0])
    return Consent.objects.create(person_id=row.kept, terms_id=terms, given=False, at=at).pk


def _tags(gone: int, kept: int) -> list[int]:
    have = Tagged.objects.filter(person_id=kept).values("tag_id")
    theirs = Tagged.objects.filter(person_id=gone).exclude(tag_id__in=have)
    numbers = list(theirs.values_list("tag_id", flat=True))
    theirs.update(person_id=kept)
    return numbers


def _facts(gone: int, kept: int) -> list[int]:
    have = Fact.objects.filter(person_id=kept).values("kind_id")
    theirs = Fact.objects.filter(person_id=gone).exclude(kind_id__in=have)
    numbers = list(theirs.values_list("kind_id", flat=True))
    theirs.update(person_id=kept)
    return numbers


def _coarse(gone: int, kept: int) -> dict[str, list[str]]:
    """Blanks of who stays are filled, and they have been here since the earlier day."""
    names = (*CLEAR, "joined_at", "heard_at")
    here, other = (Person.objects.filter(pk=person).values(*names).get() for person in (kept, gone))
    changed = {name: other[name] for name in CLEAR if other[name] and not here[name]}
    if other["joined_at"] < here["joined_at"]:
        changed["joined_at"] = other["joined_at"]
    if other["heard_at"] and not (here["heard_at"] and here["heard_at"] >= other["heard_at"]):
        changed["heard_at"] = other["heard_at"]
    if changed:
        Person.objects.filter(pk=kept).update(**changed)
    text = {name: value if isinstance(value, str) else value.isoformat() if value else "" for name, value in here.items()}
    return {name: [text[name], value if isinstance(value, str) else value.isoformat()] for name, value in changed.items()}


def _anew(person: int, other: int, field: str, sealed: bytes | None) -> bytes | None:
    return sealer().seal(other, field, Opener(vault_ring()).open(person, field, sealed)) if sealed else None


def _fill_details(row: Merge) -> None:
    """Blank details of who stays are filled from the other's; kept beside each is what was there, as of an import."""
    rows = {each.person: each for each in store.get([row.kept, row.gone])}
    index, sealing, opener = indexer(), sealer(), Opener(vault_ring())
    fills = []
    for name in store.FIELDS[1:]:
        theirs = getattr(rows[row.gone], name)
        if getattr(rows[row.kept], name) is None and theirs is not None:
            value = opener.open(row.gone, name, theirs) or ""
            sealed = sealing.seal(row.kept, name, value)
            if sealed is not None:
                phone = index.phone(value) if name == "phone" and value.startswith("+") else None
                tokens = index.name(value) if name.endswith("name") else ()
                fills.append(bulk.Fill(row.kept, name, sealed, phone, tokens, False))
    bulk.fill(fills, run=-row.pk, vault_key=sealing.key_id, index_key=index.key_id)


def _restore(row: Merge, moved: dict[str, Any]) -> None:
    found = store.keyed_index_of(row.kept)
    Suppression.objects.filter(
        index=found[0] if found else b"", reason__in=moved["suppressions"], source=f"merge {row.pk}", lifted_at=None
    ).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_consent SET person_id = %s WHERE person_id = %s AND id = ANY(%s)",
            [row.gone, row.kept, moved["consents"]],
        )
        if moved["word"] is not None:
            # A line of the ledger is never taken out; it is only nobody's any more.
            cursor.execute("UPDATE people_consent SET person_id = NULL WHERE id = %s", [moved["word"]])
    _hand_back(Tagged, "tag_id", row, moved["tags"])
    _hand_back(Fact, "kind_id", row, moved["facts"])
    for name, (before, after) in moved["coarse"].items():
        # What somebody has changed since is theirs.
        Person.objects.filter(pk=row.kept, **{name: after}).update(**{name: None if name == "heard_at" and not before else before})


def _hand_back(table: Any, key: str, row: Merge, numbers: Sequence[int]) -> None:
    table.objects.filter(person_id=row.kept, **{f"{key}__in": numbers}).update(person_id=row.gone)
