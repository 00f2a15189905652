"""What the docs claim is so."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from groundswell.site.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or f"GROUNDSWELL_{name.upper()}")
        (line,) = re.findall(rf"^\| `{variable}` \|.*$", text, re.MULTILINE)
        assert str(field.description) in line
        assert field.default in (None, "") or f"`{field.default}`" in line


@pytest.mark.django_db
def test_every_table_is_in_privacy_md() -> None:
    text = (ROOT / "docs" / "privacy.md").read_text()
    families = re.findall(r"`([a-z]+_?)…`", text)
    for table in connection.introspection.table_names():
        assert f"`{table}`" in text or table.startswith(tuple(families)), table
    assert "vault.contact" in text


@pytest.mark.django_db
def test_every_column_that_can_hold_a_person_is_in_privacy_md() -> None:
    text = (ROOT / "docs" / "privacy.md").read_text().partition("## Columns")[2]
    said: dict[str, set[str]] = {}
    for table, columns in re.findall(r"^\| `([a-z_.]+)` \| (`[^|]+`) \|", text, re.MULTILINE):
        said.setdefault(table, set()).update(re.findall(r"`([a-z0-9_]+)`", columns))
    for table, columns in re.findall(r"^- `([a-z_.]+)`: (.+)$", text, re.MULTILINE):
        said.setdefault(table, set()).update(columns.split(", "))
    families = tuple(re.findall(r"`([a-z]+_?)…`", (ROOT / "docs" / "privacy.md").read_text()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, a.attname FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'vault') AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
            " AND (format_type(a.atttypid, NULL) IN ('text', 'character varying', 'bytea', 'jsonb', 'inet', 'bigint[]', 'integer[]', 'text[]')"
            "      OR a.attname ~ 'person' OR a.attname IN ('low', 'high', 'kept', 'gone', 'merged_into'))"
        )
        real: dict[str, set[str]] = {}
        for table, column in cursor.fetchall():
            if not (table.startswith(families) and not table.startswith("staff_ledger")):
                real.setdefault(table, set()).add(column)
    stated = {table: columns for table, columns in said.items() if columns}
    assert {table: sorted(columns) for table, columns in stated.items() if real.get(table) != columns} == {}
    missing = "; ".join(f"{table}: {sorted(columns)}" for table, columns in real.items() if stated.get(table) != columns)
    assert not missing


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    reasons = (ROOT / "docs" / "decisions" / "0002-libraries.md").read_text()
    for wanted in project["dependencies"]:
        assert re.split(r"[\[<>=]", wanted)[0] in reasons, wanted


def test_no_table_reaches_up_by_a_string() -> None:
    """Import contracts don't see `ForeignKey("actions.Petition")`: a room's tables may point down only."""
    floors = ["staff", "intake", "people", "post", "campaigns", "actions", "mailings", "inbox", "deliveries", "pages", "office"]
    for model in apps.get_models():
        if model._meta.app_label not in floors:
            continue
        for field in model._meta.get_fields():
            if (
                field.is_relation
                and not field.auto_created
                and field.related_model
                and field.related_model._meta.app_label in floors
            ):
                assert floors.index(field.related_model._meta.app_label) <= floors.index(model._meta.app_label), field


def test_the_docs_can_be_built(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and (tmp_path / "index.html").exists(), done.stderr


def test_no_file_is_longer_than_one_thing() -> None:
    long = {
        path.relative_to(ROOT): lines for path in (ROOT / "src").rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 320 and not {"letterbox", "migrations"} & set(path.parts)
    }  # fmt: skip
    assert long == {}
