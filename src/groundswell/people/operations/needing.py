"""What needs which key: an old one leaves its ring only when nothing does."""

from collections.abc import Iterable, Mapping
from typing import Literal

from django.db.models import Count

from groundswell.basics.keyring import KeyRing
from groundswell.people.keys import index_ring, vault_ring
from groundswell.people.models import Suppression
from groundswell.people.vault import store

Ring = Literal["vault", "index"]


def ring_of(name: Ring) -> KeyRing:
    """The ring of this name."""
    return vault_ring() if name == "vault" else index_ring()


def needed(ring: Ring) -> dict[int, dict[str, int]]:
    """Key id → what needs it, in words → how many rows; keys of the ring that nothing needs have no words."""
    found: dict[int, dict[str, int]] = {key_id: {} for key_id in ring_of(ring).keys}

    def count(what: str, rows: Iterable[tuple[int, int]]) -> None:
        for key_id, number in rows:
            found.setdefault(key_id, {})[what] = number

    with store.inside() as cursor:
        cursor.execute(f"SELECT {ring}_key, count(*) FROM vault.contact GROUP BY 1")  # noqa: S608 (our own names)
        count("people", cursor.fetchall())
        if ring == "vault":
            cursor.execute("SELECT vault_key, count(*) FROM vault.note GROUP BY 1")
            count("notes", cursor.fetchall())
            cursor.execute(
                "SELECT k, count(*) FROM vault.change c, unnest(ARRAY[get_byte(c.before, 0), get_byte(c.after, 0)]) k"
                " WHERE k IS NOT NULL GROUP BY k"
            )
            count("values that an import can give back", cursor.fetchall())
    if ring == "index":
        kept = Suppression.objects.values_list("index_key").order_by("index_key")
        count("suppressed addresses", kept.annotate(number=Count("pk")))
    return found


def in_words(rows: Mapping[str, int]) -> str:
    """What needs a key: `people: 5, notes: 1`."""
    return ", ".join(f"{what}: {count}" for what, count in rows.items())
