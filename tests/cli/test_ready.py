"""Tables are brought up to date step by step, and a step that is killed has not begun."""

import pytest
from django.db.migrations.loader import MigrationLoader

from groundswell.cli import ready


@pytest.mark.django_db
def test_no_migration_is_left_in_pieces_by_a_kill() -> None:
    ready.migrate()
    migrations = MigrationLoader(None).disk_migrations.values()
    assert len(migrations) > 100 and [str(migration) for migration in migrations if not migration.atomic] == []
