"""Every mailing and how it stands; one of them with its letters, what it needs before it goes, and its buttons."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from groundswell.basics.ids import LetterId
from groundswell.mailings import approval, queries, report, scheduling, testing
from groundswell.office.desk import for_those_with, may, now, staff
from groundswell.office.mailings.previews import READERS
from groundswell.office.mailings.rights import APPROVE, SEND, WRITE, WRITING
from groundswell.post import queries as rows


def found(slug: str) -> queries.MailingDetail:
    """The mailing of this name, or “not found”."""
    mailing = queries.detail(slug)
    if mailing is None:
        raise Http404
    return mailing


@for_those_with(*WRITING)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every mailing, the newest first."""
    facts = []
    for mailing in queries.mailings():
        pulse_ = None if mailing.letter_id is None else rows.pulse(mailing.letter_id, now())
        facts.append({"mailing": mailing, "pulse": pulse_, "done": 0 if pulse_ is None else _done(pulse_)})
    return render(
        request, "office/mailings/index.html", {"mailings": facts, "writes": may(request, WRITE), "sends": may(request, SEND)}
    )


@for_those_with(*WRITING)
@require_safe
@never_cache
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One mailing: progress, what it brought, what is to be done."""
    mailing = found(slug)
    counts = queries.counted_for(mailing.id) if not mailing.letters else {}
    facts: dict[str, Any] = {
        "mailing": mailing, "letters": _letters(mailing), "eligible": counts.pop("eligible", 0), "left_out": counts,
        "readers": {key: words for key, (words, _) in READERS.items()}, "without": approval.without(),
        "own": mailing.writer_id == staff(request), "undo": scheduling.UNDO.seconds // 60,
        "errors": [problem for problem in mailing.problems if problem.severity == "error"],
        "advice": [problem for problem in mailing.problems if problem.severity != "error"],
        "outcomes": report.outcomes(mailing.id) if mailing.letters else [],
        "colleagues": testing.colleagues(staff_id=staff(request)) if not mailing.letters else [], "me": staff(request),
        "writes": may(request, WRITE), "approves": may(request, APPROVE), "sends": may(request, SEND),
    }  # fmt: skip
    return render(request, "office/mailings/show.html", facts)


@for_those_with(*WRITING)
@require_safe
@never_cache
def pulse(request: HttpRequest, slug: str) -> HttpResponse:
    """Only how it goes: what a page that is open asks for again every few seconds."""
    return render(request, "office/mailings/pulse.html", {"letters": _letters(found(slug))})


def _letters(mailing: queries.MailingDetail) -> list[dict[str, Any]]:
    return [_letter(name, letter_id) for name, letter_id in mailing.letters]


def _letter(name: str, letter_id: LetterId) -> dict[str, Any]:
    beat = rows.pulse(letter_id, now())
    return {
        "name": name, "pulse": beat, "done": _done(beat), "left_out": rows.withheld(letter_id),
        "doubtful": rows.uncertain(letter_id, 50),
    }  # fmt: skip


def _done(beat: rows.Pulse) -> int:
    total = sum(count for state, count in beat.counts.items() if state != "withheld")
    return 100 if not total else (total - beat.left) * 100 // total
