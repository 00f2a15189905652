"""Contacts' roles lie in this room and are sealed with the vault's keys: a rotation of those keys comes by here too."""

from collections.abc import Callable

from django.db import connection, transaction

from groundswell.campaigns.rules.names import role_field

AT_ONCE = 1000
Anew = Callable[[int, str, bytes], bytes | None]


def uses() -> dict[int, int]:
    """Key id → how many roles are sealed with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT get_byte(role, 0), count(*) FROM campaigns_targetcontact WHERE role IS NOT NULL GROUP BY 1")
        return {int(key_id): int(count) for key_id, count in cursor.fetchall()}


def reseal(anew: Anew, current: int) -> int:
    """Up to a thousand roles of older keys sealed anew; returns how many, 0 when none is left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, person_id, target_id, role FROM campaigns_targetcontact"
            " WHERE role IS NOT NULL AND get_byte(role, 0) <> %s ORDER BY id LIMIT %s FOR UPDATE",
            [current, AT_ONCE],
        )
        rows = cursor.fetchall()
        for number, person, target, sealed in rows:
            fresh = anew(person, role_field(target), bytes(sealed))
            cursor.execute("UPDATE campaigns_targetcontact SET role = %s WHERE id = %s", [fresh, number])
    return len(rows)
