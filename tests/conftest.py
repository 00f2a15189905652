"""What many tests share."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings as trying

# No test asserts a time. What else is set (a CI's fixed seed) stays.
trying.register_profile("unhurried", deadline=None)
trying.load_profile("unhurried")


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A data folder of this test's own."""
    yield tmp_path


@pytest.fixture
def own_keys(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys of this test's own, to change and to lose: other tests run beside it under the usual ones."""
    import shutil

    from django.conf import settings

    folder = home / "keys"
    shutil.copytree(settings.GROUNDSWELL.key_folder.folder, folder)
    changed = settings.GROUNDSWELL.model_copy(update={"keys": folder})
    changed.__dict__.pop("key_folder", None)
    monkeypatch.setattr(settings, "GROUNDSWELL", changed)
    assert settings.GROUNDSWELL.key_folder.folder == folder
    return folder


@pytest.fixture(autouse=True)
def _vault_is_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits leaves nobody behind: Django empties its own tables, and does not know the vault's.

    An address left there would belong, in the next such test, to a person who is gone.
    """
    mark = request.node.get_closest_marker("django_db")
    if mark is None or not mark.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE groundswell_vault")
        cursor.execute("TRUNCATE vault.contact, vault.note, vault.change")
