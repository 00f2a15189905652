"""What a letter said before, and what was set aside: read, compared, taken back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from groundswell.basics.result import Refused
from groundswell.mailings.composing import looking, saving
from groundswell.office.desk import for_those_with, now, staff, tried
from groundswell.office.mailings.overview import found
from groundswell.office.mailings.rights import WRITE


@for_those_with(WRITE)
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, the newest first."""
    return render(request, "office/mailings/revisions.html", {"mailing": found(slug), "revisions": looking.revisions(slug)})


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One of them beside what the letter says now; a button makes it the letter's text again."""
    revision = next((each for each in looking.revisions(slug) if each.id == number), None)
    if revision is None:
        raise Http404
    base = int(request.POST.get("base", "0")) if request.POST.get("base", "0").isdecimal() else 0
    if request.method == "POST" and tried(request, lambda: _restore(number, base, staff(request))):
        return redirect("mailing-write", slug)
    now_ = looking.composition(slug, today=now().date())
    facts = {"letter": now_, "revision": revision, "changes": looking.differences(slug, revision.appeal)}
    return render(request, "office/mailings/revision.html", facts)


def _restore(number: int, base: int, me: int) -> str:
    saved = saving.restore(revision_id=number, base=base, staff_id=me, now=now())
    if saved.clash:
        raise Refused.because(
            "clash", f"{saved.clash_by} changed the letter meanwhile.", "Look at what it says now, then press again."
        )
    return "That is the letter’s text again. What it replaced is among the revisions."
