"""What the record watches: copies of sources, texts that cite, promises that end, silence."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundswell.basics.result import Refused
from groundswell.campaigns import evidence, operations, queries
from groundswell.campaigns.models import CitationFlag, CopyCheck, Evidence, RecordSource, Reminder
from groundswell.staff import notices
from groundswell.staff.models import LedgerEntry
from tests.campaigns.facts import MAKES, SOURCE, campaign, entry

pytestmark = pytest.mark.django_db
MEGABYTE = b"%PDF-1.7 " + b"\0" * (2**20 - 9)


def test_a_pdf_of_forty_megabytes_is_kept_in_pieces(home: Path, now: datetime) -> None:
    seen = 0

    def pieces() -> Iterator[bytes]:
        nonlocal seen
        for _ in range(40):
            seen += 1
            yield MEGABYTE

    sha256 = operations.keep_copy(pieces(), file_name="C:\\x\\report.pdf", folder=home, now=now)
    assert seen == 40 and evidence.whole(sha256, home)
    row = Evidence.objects.get()
    assert (row.size, row.form, row.file_name) == (40 * 2**20, "file", "report.pdf") and str(row).startswith("report.pdf")
    assert operations.keep_copy(pieces(), file_name="again.pdf", folder=home, now=now) == sha256
    assert [path for path in home.rglob("*") if path.is_file()] == [evidence.path_of(sha256, home)]
    assert evidence.path_of(sha256, home).stat().st_mode & 0o777 == 0o440
    path = evidence.path_of(sha256, home)
    path.chmod(0o640)
    path.write_bytes(b"other")
    assert not evidence.whole(sha256, home) and not evidence.whole("0" * 64, home)


def test_too_large_or_empty_a_copy_leaves_nothing_behind(home: Path) -> None:
    with pytest.raises(Refused, match="larger than 3 MB"):
        evidence.keep((MEGABYTE for _ in range(4)), folder=home, largest=3 * 2**20)
    with pytest.raises(Refused, match="empty"):
        evidence.keep([b""], folder=home)
    with pytest.raises(Refused):
        evidence.path_of("../../etc/passwd", home)
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_a_warc_is_known_by_what_is_in_it_or_by_its_name(home: Path, now: datetime) -> None:
    assert evidence.keep([b"WARC/1.1\r\n"], folder=home).form == "warc"
    sha256 = operations.keep_copy([b"\x1f\x8b"], file_name="page.warc.gz", folder=home, now=now)
    assert Evidence.objects.get(pk=sha256).form == "warc"


def test_paper_is_a_source_where_a_copy_is_kept(home: Path, now: datetime) -> None:
    sha256 = operations.keep_copy([b"a letter"], file_name="letter.pdf", folder=home, now=now)
    paper = {"publisher": "Acme", "title": "Letter of 18 May", "url": "", "copy": sha256}
    operations.enter(campaign_id=campaign(now), entry=entry(sources=[paper]), now=now)
    found = queries.entry_named("e1")
    assert found is not None and found.sources[0].sha256 == sha256


def test_a_copy_that_differs_is_noticed_and_both_are_kept(home: Path, now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=entry(), now=now)
    source = RecordSource.objects.get().pk
    first = operations.keep_copy([b"one"], file_name="a", folder=home, now=now)
    other = operations.keep_copy([b"two"], file_name="b", folder=home, now=now)
    assert operations.check_copy(source_id=source, sha256=first, now=now) == "first"
    assert operations.check_copy(source_id=source, sha256=first, now=now) == "same"
    assert operations.check_copy(source_id=source, sha256=other, now=now) == "differs"
    view = queries.entry_named("e1").sources[0]  # type: ignore[union-attr]
    assert view.look == "differs" and view.looked_on == now.date() and other[:16] in view.look_words
    assert Evidence.objects.count() == 2 and str(CopyCheck.objects.last()).endswith("differs")
    with pytest.raises(Refused, match="no source 0"):
        operations.check_copy(source_id=0, sha256=first, now=now)


def test_an_address_that_is_gone_leaves_the_entry_and_its_copy(now: datetime) -> None:
    operations.enter(campaign_id=campaign(now), entry=entry(), now=now)
    source = RecordSource.objects.get().pk
    operations.note_address(source_id=source, result="moved", words="https://elsewhere.example", now=now)
    operations.note_address(source_id=source, result="gone", now=now + timedelta(days=1))
    view = queries.entry_named("e1").sources[0]  # type: ignore[union-attr]
    assert (view.look, view.url) == ("gone", SOURCE["url"])
    with pytest.raises(Refused, match="Say gone or moved"):
        operations.note_address(source_id=source, result="boring", now=now)


def test_staff_are_reminded_once_before_it_ends_when_it_has_ended_and_of_silence(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.enter(campaign_id=campaign_id, entry=MAKES, now=now)

    def remind(day: str) -> list[str]:
        at = datetime.fromisoformat(f"{day}T03:00:00+00:00")
        before = set(Reminder.objects.values_list("subject", flat=True))
        new = operations.remind(campaign_id=campaign_id, now=at)
        assert operations.remind(campaign_id=campaign_id, now=at) == 0
        fresh = [subject for subject in Reminder.objects.values_list("subject", flat=True) if subject not in before]
        assert len(fresh) == new
        return fresh

    assert remind("2026-11-24") == []
    assert remind("2026-12-03") == ["“Acme, no more sales” ends on 31 January 2027"]
    assert remind("2027-01-31") == ["“Acme, no more sales” ended on 31 January 2027"]
    told = [notice.subject for notice in notices.unread()]
    assert len(told) == 2 and all(notice.link == "/office/record/c/c/" for notice in notices.unread())
    operations.enter(
        campaign_id=campaign_id, entry=entry(key="e2", commitment="no-more", bearing="extends", expires="no date"), now=now
    )
    assert remind("2027-05-17") == []
    assert remind("2027-05-18") == ["Nobody has confirmed “Acme, no more sales” since 18 May 2026"]
    reminder = Reminder.objects.first()
    assert reminder is not None and str(reminder) == reminder.subject
    operations.finish(reminder_id=reminder.pk, staff_id=None, now=now)
    assert len(queries.open_reminders(campaign_id)) == 2
    assert LedgerEntry.objects.filter(act="reminder done").count() == 1


def test_a_review_that_is_due_is_said(now: datetime) -> None:
    campaign_id = campaign(now)
    operations.commit(campaign_id=campaign_id, title="Second", review_on=now.date(), now=now)
    assert operations.remind(campaign_id=campaign_id, now=now) == 1
    assert queries.open_reminders(campaign_id)[0].subject == "“Second” is due for review"


def test_a_flag_is_cleared_with_a_reason_only(now: datetime) -> None:
    campaign_id = campaign(now)
    number = operations.enter(campaign_id=campaign_id, entry=entry(), now=now)
    flag = CitationFlag.objects.create(entry_id=number, reason="corrected", place_kind="page", place="/a/x", raised_at=now)
    with pytest.raises(Refused, match="needs a reason"):
        operations.clear_flag(flag_id=flag.pk, staff_id=None, why=" ", now=now)
    assert [each.place for each in queries.open_flags(campaign_id)] == ["/a/x"] and str(flag) == "page /a/x: corrected"
    operations.clear_flag(flag_id=flag.pk, staff_id=None, why="The sentence holds either way.", now=now)
    operations.clear_flag(flag_id=flag.pk, staff_id=None, why="Again.", now=now)
    assert queries.open_flags(campaign_id) == [] and LedgerEntry.objects.filter(act="clear flag").count() == 1
