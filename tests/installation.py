"""Real parts for every test: an embedded PostgreSQL and fresh keys, in a folder that is gone afterwards.

A plugin (see `addopts`) and not a conftest, because Django reads its settings before any conftest is loaded.
"""

import os
import shutil
import tempfile
from pathlib import Path

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


def postgres() -> EmbeddedPostgres:
    """The server of this run, for tests that make databases of their own."""
    return _postgres


def pytest_unconfigure() -> None:
    if _OWNER:
        _postgres.stop()
        shutil.rmtree(_HOME, ignore_errors=True)
