"""One import is in one process's hands at a time, whether it is brought in or taken back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

from groundswell.basics.result import Refused

_RUNS = 0x6773


@contextmanager
def only_one(run: int, otherwise: str) -> Iterator[None]:
    """Nobody else is at this import. What a killed one held is free within seconds; after twenty, `Refused` with these words."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("SET lock_timeout = '20s'")
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_RUNS, run])
        except OperationalError:
            raise Refused.because("import-running", otherwise, "Wait until that has ended.") from None
        finally:
            cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_RUNS, run])
