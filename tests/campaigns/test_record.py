"""The record: nothing unsourced, nothing edited, nothing from the future, and corrections that point back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from groundswell.basics.result import Refused
from groundswell.campaigns import operations, queries
from groundswell.campaigns.models import Commitment, Demand, RecordEntry, RecordSource, Relation, StandingChange, Target
from tests.campaigns.facts import ENTRY, MAKES, SOURCE, campaign, entry

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sources": []}, "source-missing"),
        ({"sources": [{**SOURCE, "publisher": " "}]}, "source-missing"),
        ({"sources": [{**SOURCE, "title": ""}]}, "source-missing"),
        ({"sources": [{**SOURCE, "url": ""}]}, "source-missing"),
        ({"sources": [{**SOURCE, "url": "javascript:alert(1)"}]}, "source-address"),
        ({"sources": [{**SOURCE, "retrieved_on": "soon"}]}, "date-unreadable"),
        ({"dated": "2026-11-25"}, "date-future"),
        ({"dated": "2026-12"}, "date-future"),
        ({"dated": "2027"}, "date-future"),
        ({"dated": "some day"}, "date-unreadable"),
        ({"kind": "rumour"}, "kind-unknown"),
        ({"certainty": "sure"}, "certainty-unknown"),
        ({"subject": "", "summary": " "}, "entry-incomplete"),
        ({"subject": "x" * 301}, "too-long"),
        ({"bearing": "makes"}, "bearing-alone"),
        ({"bearing": "mends", "commitment": "no-more"}, "bearing-unknown"),
        ({"commitment": "other"}, "commitment-unknown"),
        ({"corrects": "e1"}, "correction-circular"),
        ({"corrects": "nothing"}, "entry-unknown"),
        ({"answers": "nothing"}, "entry-unknown"),
        ({"expires": "one day"}, "date-unreadable"),
    ],
)
def test_what_the_record_refuses_it_refuses_whole(now: datetime, changes: dict[str, Any], code: str) -> None:
    campaign_id = campaign(now)
    with pytest.raises(Refused) as refused:
        operations.enter(campaign_id=campaign_id, entry=entry(**changes), now=now)
    assert codes(refused) == {code} and all(problem.mend for problem in refused.value.problems)
    assert RecordEntry.objects.count() == 0 and RecordSource.objects.count() == 0


def test_everything_that_is_wrong_is_said_at_once(now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        operations.enter(campaign_id=campaign(now), entry=entry(sources=[], dated="2030", kind=""), now=now)
    assert codes(refused) == {"source-missing", "date-future", "kind-unknown"}


def test_this_year_and_this_month_are_not_the_future(now: datetime) -> None:
    campaign_id = campaign(now)
    for dated in ("2026", "2026-11", "2026-autumn", "2026-11-24"):
        operations.enter(campaign_id=campaign_id, entry=entry(key=f"e-{dated}", dated=dated), now=now)
    assert RecordEntry.objects.count() == 4


def test_the_database_itself_refuses_an_entry_without_a_source(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=ENTRY, now=now)
    row = RecordEntry.objects.get()
    facts = {field.attname: getattr(row, field.attname) for field in RecordEntry._meta.concrete_fields if field.name != "id"}
    with pytest.raises(IntegrityError, match="has no source"), transaction.atomic():
        RecordEntry.objects.create(**{**facts, "key": "bare"})
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    for empty in ({"publisher": ""}, {"title": ""}, {"url": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordSource.objects.create(**{"entry": row, "place": 2, "publisher": "P", "title": "T", "url": "https://x", **empty})
    for wrong in ({"corrects_id": row.pk + 100}, {"certainty": "sure"}, {"kind": "x"}, {"bearing": "makes"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordEntry.objects.create(**{**facts, "key": "wrong", **wrong})
            connection.check_constraints()
    assert RecordEntry.objects.count() == 1


def test_what_was_entered_is_never_changed_nor_removed(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    for rows in (RecordEntry.objects, RecordSource.objects, StandingChange.objects):
        assert rows.count() == 1
        column = {"RecordEntry": "summary", "RecordSource": "publisher", "StandingChange": "words"}[rows.model.__name__]
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            rows.update(**{column: "other"})
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all()._raw_delete(rows.db)
        assert rows.count() == 1


def test_the_same_entry_twice_is_one_and_another_under_its_key_is_refused(now: datetime) -> None:
    campaign_id = campaign(now)
    first = operations.enter(campaign_id=campaign_id, entry=ENTRY, now=now)
    assert operations.enter(campaign_id=campaign_id, entry=ENTRY, now=now + timedelta(days=1)) == first
    with pytest.raises(Refused, match="Enter yours as a correction"):
        operations.enter(campaign_id=campaign_id, entry=entry(summary="Something else."), now=now)
    assert RecordEntry.objects.count() == 1 and str(RecordEntry.objects.get()).endswith("No more sales")


def test_an_entry_names_itself_where_nobody_does(now: datetime) -> None:
    campaign_id = campaign(now)
    flat = {name: value for name, value in ENTRY.items() if name not in ("key", "sources")}
    flat |= {"publisher": "Paper", "source_title": "T", "source_url": "https://p.example", "source_date": "2026"}
    operations.enter(campaign_id=campaign_id, entry=flat, now=now)
    row = RecordEntry.objects.get()
    assert row.key == "2026-05-18-pledge-acme-no-more-sales" and row.target.name == "Acme"  # type: ignore[union-attr]
    assert str(row.sources.get()) == "Paper: T"


def test_a_correction_is_a_new_entry_that_points_back(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    operations.enter(campaign_id=campaign_id, entry={**MAKES, "key": "e2", "expires": "no date"}, corrects="e1", now=now)
    view = queries.record(campaign_id, now.date())
    assert [entry.key for entry in view.standing_entries] == ["e2"] and len(view.entries) == 2
    assert view.entries[0].corrected_by == "e2" and view.entries[1].corrects == "e1"
    assert view.commitments[0].standing.words == "in force, made 2026-05-18"
    assert set(queries.sources(campaign_id)) == {"e1", "e2"}
    with pytest.raises(Refused, match="Correct the correction: e2"):
        operations.enter(campaign_id=campaign_id, entry=entry(key="e3"), corrects="e1", now=now)
    words = list(StandingChange.objects.values_list("words", flat=True))
    assert words == ["in force, made 2026-05-18"]  # 2027-01-31 lay more than 60 days ahead: the words stayed the same


def test_corrections_never_go_round_in_a_circle(now: datetime) -> None:
    campaign_id = campaign(now)
    pair = [entry(key="a", corrects="b"), entry(key="b", corrects="a")]
    with pytest.raises(Refused) as refused:
        operations.enter_many(campaign_id=campaign_id, entries=pair, now=now)
    assert codes(refused) == {"correction-circular"} and RecordEntry.objects.count() == 0
    chain = [entry(key="c", corrects="b"), entry(key="b", corrects="a"), entry(key="a")]
    numbers = operations.enter_many(campaign_id=campaign_id, entries=chain, now=now)
    assert numbers[0] > numbers[1] > numbers[2]  # what is corrected was there before


def test_one_wrong_entry_of_a_list_and_nothing_is_entered(now: datetime) -> None:
    campaign_id = campaign(now)
    with pytest.raises(Refused, match="Entry 2: The entry has no source"):
        operations.enter_many(campaign_id=campaign_id, entries=[entry(key="a"), entry(key="b", sources=[])], now=now)
    assert RecordEntry.objects.count() == 0


def test_a_dispute_is_shown_and_moves_no_standing(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    operations.enter(campaign_id=campaign_id, entry=entry(key="d", kind="evidence", disputes="e1"), now=now)
    operations.enter(campaign_id=campaign_id, entry=entry(key="r", kind="reply", answers="e1"), now=now)
    view = queries.record(campaign_id, now.date())
    made = next(found for found in view.entries if found.key == "e1")
    assert (made.certainty, made.disputed_by) == ("disputed", ("d",))
    assert view.commitments[0].standing.words == "not found, disputed"
    assert queries.entry_named("r").answers == "e1"  # type: ignore[union-attr]


def test_two_sources_make_two_footnotes(now: datetime) -> None:
    campaign_id = campaign(now)
    both = [SOURCE, {**SOURCE, "publisher": "Second", "original": False, "retrieved_on": "2026-06-01"}]
    operations.enter(campaign_id=campaign_id, entry=entry(sources=both), now=now)
    notes = queries.sources(campaign_id)
    assert notes["e1"].publisher == "Paper" and notes["e1--2"].publisher == "Second"
    assert [source.original for source in queries.entry_named("e1").sources] == [True, False]  # type: ignore[union-attr]


def test_what_was_read_only_in_a_copy_waits_where_the_campaign_says_so(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.show_copies(campaign_id=campaign_id, shown=False)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    operations.enter(
        campaign_id=campaign_id, entry=entry(key="e2", certainty="found-copy", commitment="no-more", bearing="breaks"), now=now
    )
    view = queries.record(campaign_id, now.date())
    assert (len(view.entries), view.hidden_copies, view.commitments[0].standing.word) == (1, 1, "in force")
    assert len(queries.record(campaign_id, now.date(), everything=True).entries) == 2
    operations.show_copies(campaign_id=campaign_id, shown=True)
    assert queries.record(campaign_id, now.date()).commitments[0].standing.word == "broken"


def test_a_demand_is_met_by_an_entry_or_not_at_all(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.demand(campaign_id=campaign_id, made_by="We", wording="End it", dated="2021")
    operations.demand(campaign_id=campaign_id, made_by="We", wording="End it", dated="2021")
    row = Demand.objects.get()
    with pytest.raises(Refused, match="Enter what shows it first"):
        operations.meet(demand_id=row.pk, entry_key="none")
    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.update(met=True)
    operations.enter(campaign_id=campaign_id, entry=ENTRY, now=now)
    operations.meet(demand_id=row.pk, entry_key="e1")
    assert queries.record(campaign_id, now.date()).demands[0].met_by == "e1" and str(row) == "End it"


def test_targets_are_named_once_for_every_campaign_and_their_relations_have_sources(now: datetime) -> None:
    campaign(now)
    operations.name_target(slug="ring", name="Ring")
    assert operations.name_target(slug="ring", name="Ring", role="makes doorbells") == Target.objects.get(slug="ring").pk
    assert Target.objects.get(slug="ring").role == "makes doorbells"
    with pytest.raises(Refused, match="company, agency, official"):
        operations.name_target(slug="x", name="X", kind="planet")
    facts = {"publisher": "Paper", "title": "T", "url": "https://p.example"}
    operations.relate(one="acme", relation="owns", other="ring", **facts)
    operations.relate(one="acme", relation="owns", other="ring", **facts)
    assert str(Relation.objects.get()) == "Acme owns Ring"
    for wrong in ({"relation": "likes"}, {"url": " "}, {"other": "acme"}):
        with pytest.raises(Refused):
            operations.relate(**{"one": "acme", "relation": "owns", "other": "ring", **facts, **wrong})  # type: ignore[arg-type]
    other = operations.open_campaign(slug="d", title="D", target_slug="ring", target_name="Ring", summary="", now=now)
    assert queries.record(other, now.date()).relations == (("Acme", "owns", "Ring", "https://p.example", "Paper"),)


def test_what_is_not_known_is_written_down_and_renewed(now: datetime) -> None:
    campaign_id = campaign(now)
    for finding in ("Nothing.", "Still nothing."):
        operations.wonder(campaign_id=campaign_id, question="Who?", finding=finding, state="not found", cites=["e1"], now=now)
    (unknown,) = queries.record(campaign_id, now.date()).unknowns
    assert (unknown.finding, unknown.cites) == ("Still nothing.", ("e1",))
    with pytest.raises(Refused, match="Choose: found"):
        operations.wonder(campaign_id=campaign_id, question="Who?", finding="x", state="maybe", now=now)


def test_a_commitment_is_named_once_and_its_standing_is_remembered(now: datetime) -> None:
    campaign_id = campaign(now)
    assert operations.commit(campaign_id=campaign_id, title="Other words", slug="no-more", now=now) == Commitment.objects.get().pk
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)
    assert operations.restate(campaign_id=campaign_id, now=now) == []
    (changed,) = operations.restate(campaign_id=campaign_id, by_time=True, now=now.replace(year=2027, month=2))
    change = queries.change(changed)
    assert (change.before, change.word, change.by_time, change.key) == ("in force, made 2026-05-18", "expired", True, "e1")
    assert str(Commitment.objects.get()) == "Acme, no more sales"
