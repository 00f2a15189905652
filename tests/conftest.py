"""Real parts for every test: an embedded PostgreSQL and fresh keys, in a folder that is gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="gs-test-"))
_OWNER = "GROUNDSWELL_TEST_HOME" not in os.environ
if not _OWNER:  # a worker of a parallel run uses the parts of the one that started it
    shutil.rmtree(_HOME)
    _HOME = Path(os.environ["GROUNDSWELL_TEST_HOME"])
os.environ["GROUNDSWELL_TEST_HOME"] = str(_HOME)
os.environ["GROUNDSWELL_DATA"] = str(_HOME)
os.environ["GROUNDSWELL_MODE"] = "development"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from groundswell.site.embedded import EmbeddedPostgres  # noqa: E402
from groundswell.site.installation import make_keys  # noqa: E402
from groundswell.site.settings import load  # noqa: E402

_postgres = EmbeddedPostgres(_HOME / "postgres", extra={"fsync": "off", "synchronous_commit": "off"})
if _OWNER:
    make_keys(load())
    _postgres.start()


def pytest_unconfigure() -> None:
    if _OWNER:
        _postgres.stop()
        shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A data folder of this test's own."""
    yield tmp_path
