"""Array literals arrive in PostgreSQL as what they were made of."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from django.db import connection

from groundswell.basics import arrays


@pytest.mark.django_db
def test_every_kind_arrives_as_it_is() -> None:
    blobs: list[bytes | None] = [b"", b"\x00\xff'\"\\{},", None, b"NULL", bytes(range(256))]
    ids: list[UUID | None] = [uuid4(), None, uuid4()]
    numbers = [0, -(2**63), None, 2**63 - 1]
    texts: list[str | None] = ["", "NULL", None, 'a"b\\c{},', " ü\n\t'; DROP", "null", "\\"]
    times = [datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=timezone(timedelta(hours=-5)))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::bytea[], %s::bigint[], %s::uuid[], %s::bytea[], %s::bigint[], %s::text[], %s::timestamptz[], %s::boolean[]",
            [
                arrays.of_bytes(blobs),
                arrays.of_numbers(numbers),
                arrays.of_ids(ids),
                arrays.of_bytes([]),
                arrays.of_numbers([]),
                arrays.of_texts(texts),
                arrays.of_times(times),
                arrays.of_flags([True, False]),
            ],
        )
        got = cursor.fetchone()
    assert [None if blob is None else bytes(blob) for blob in got[0]] == blobs
    assert (got[1], got[2], got[3], got[4]) == (numbers, ids, [], [])
    assert (got[5], got[6], got[7]) == (texts, times, [True, False])
