"""An installation of the first form is brought to the new one, and nothing that was written is lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = (
    [("campaigns", "0001_initial"), ("mailings", "0001_initial")],
    [("campaigns", "0005_record_is_kept"), ("mailings", "0002_proposals")],
)


@pytest.fixture(autouse=True)
def the_newest_form_again() -> Iterator[None]:
    """Whatever a test does to the tables, the next one finds them as they are today."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrate(to: list[tuple[str, str]]):  # type: ignore[no-untyped-def]
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


def test_the_first_form_of_the_record_keeps_every_word() -> None:
    tables = migrate(OLD)
    try:
        target = tables.get_model("campaigns", "Target").objects.create(slug="t", name="T")
        campaign = tables.get_model("campaigns", "Campaign").objects.create(
            slug="c", title="C", target=target, started_on=date(2026, 1, 1)
        )  # fmt: skip
        for key, dated, precision in (("a", "2021", "year"), ("b", "2021-05", "approx-month"), ("c", "2021-05-18", "day")):
            tables.get_model("campaigns", "RecordEntry").objects.create(
                key=key, campaign=campaign, dated=dated, precision=precision, kind="statement", actor="A", subject="S", summary="Sum",
                certainty="found", publisher="Paper", source_title="T", source_url="https://p.example", source_date="2021",
                entered_at=datetime(2026, 1, 1, tzinfo=UTC),
            )  # fmt: skip
        tables.get_model("campaigns", "Commitment").objects.create(
            campaign=campaign, title="P", made_on=date(2020, 6, 10), until="open", scope_announced="all", scope_standing="some"
        )
    finally:
        tables = migrate(NEW)
    rows = tables.get_model("campaigns", "RecordEntry").objects.order_by("key")
    assert [(row.precision, row.about, str(row.first_day), str(row.last_day)) for row in rows] == [
        ("year", False, "2021-01-01", "2021-12-31"), ("month", True, "2021-05-01", "2021-05-31"), ("day", False, "2021-05-18", "2021-05-18"),
    ]  # fmt: skip
    assert {(row.target_id, row.kind) for row in rows} == {(target.pk, "evidence")}
    sources = tables.get_model("campaigns", "RecordSource").objects.all()
    assert {(source.publisher, source.url, source.place) for source in sources} == {("Paper", "https://p.example", 1)} and len(
        sources
    ) == 3
    commitment = tables.get_model("campaigns", "Commitment").objects.get()
    assert commitment.target_id == target.pk and "Made on 2020-06-10" in commitment.note and "As announced: all" in commitment.note


def test_going_back_leaves_each_form_with_what_it_knew_of_what_people_did() -> None:
    def on_signatures() -> tuple[set[str], set[str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'actions_signature'::regclass AND NOT tgisinternal")
            triggers = {name for (name,) in cursor if name.startswith("people_")}
            cursor.execute("SELECT proname FROM pg_proc WHERE proname = 'people_acted' OR proname LIKE 'people_did%'")
            return triggers, {name for (name,) in cursor}

    now = on_signatures()
    assert now[0] == {"people_did_more", "people_did_less", "people_did_otherwise"}
    migrate([("mailings", "0004_life")])
    assert on_signatures() == ({"people_acted"}, {"people_acted"})
    migrate([("mailings", "0002_proposals")])
    assert on_signatures() == (set(), set())
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert on_signatures() == now
