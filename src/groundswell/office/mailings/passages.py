"""Passages that a campaign's letters share: kept with the day up to which their facts were looked at."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundswell.actions import queries as actions
from groundswell.basics.result import Refused
from groundswell.mailings.composing import looking, passages
from groundswell.office.desk import filled, for_those_with, now, tried
from groundswell.office.mailings.rights import WRITE


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that there are, and the form of one."""
    letter = looking.composition(slug, today=now().date())
    petition = actions.petition_named(letter.action) if letter else None
    if letter is None or petition is None:
        raise Http404
    if request.method == "POST" and tried(request, lambda: _keep(request, petition.campaign_id)):
        return redirect("mailing-passages", slug)
    kept = looking.passages(slug)
    chosen = next((each for each in kept if each.key == request.GET.get("key")), None)
    form = filled(request, chosen, key="", text="", fact_date="")
    return render(request, "office/mailings/passages.html", {"slug": slug, "passages": kept, "chosen": chosen, "form": form})


def _keep(request: HttpRequest, campaign_id: int) -> str:
    try:
        day = date.fromisoformat(request.POST["fact_date"]) if request.POST.get("fact_date") else None
    except ValueError:
        raise Refused.because("day", "That is no day.", "Write it like 2026-11-24.") from None
    key = passages.keep_passage(
        campaign_id=campaign_id, key=request.POST.get("key", ""), text=request.POST.get("text", ""), fact_date=day, now=now()
    )
    return f"Kept. A letter shows it where it says “::: passage {key}” and “:::”."
