"""Partners of a petition in the office: invited, their words in each language, what came by them, their list, their end."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.text import slugify
from django.utils.translation import get_language_info
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail import hooks

from groundswell.actions import partners
from groundswell.actions.queries import PetitionView, petition_named
from groundswell.basics.result import Refused
from groundswell.office.desk import moderators, now, staff, tell, tried


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def of_petition(request: HttpRequest, slug: str) -> HttpResponse:
    """Every partner with its counts, link and line for another site; a POST invites one, or changes its words."""
    view = _petition(slug)
    if request.method == "POST" and tried(request, lambda: _invite(request, view)):
        return redirect("partners", slug)
    own, *others = partners.languages(view.id)
    base, counts = settings.GROUNDSWELL.base_url, sorted(partners.counts(view.id), key=lambda each: each.ended)
    rows = [
        {
            "count": each, "link": f"{base}/a/{view.slug}?source={each.partner.source}",
            "line": f'<script src="{base}/a/{view.slug}/embed.js" data-partner="{each.partner.slug}"></script>',
            "missing": [_called(language) for language in others if language not in each.partner.wordings],
        }
        for each in counts
    ]  # fmt: skip
    chosen = next((each.partner for each in counts if each.partner.slug == request.GET.get("change")), None)
    typed = request.POST if request.method == "POST" else None
    shown = {
        "petition": view, "rows": rows, "chosen": chosen,
        "columns": ", ".join(each.replace("_", " ") for each in partners.EXPORTED),
        "own_language": own, "own_language_name": _called(own), "form": _form(typed, chosen, others),
    }  # fmt: skip
    return render(request, "office/partners.html", shown, status=422 if typed is not None else 200)


@moderators
@require_POST
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a partner's question no more."""
    view, name = _petition(slug), request.POST.get("partner", "")

    def ending() -> str:
        ended = partners.end(petition_id=view.id, slug=name, staff_id=staff(request), now=now())
        return "Its question is gone from the page within a minute. Who agreed to it stays on its list." if ended else ""

    tried(request, ending)
    return redirect("partners", slug)


@moderators
@require_POST
@never_cache
def list_of(request: HttpRequest, slug: str) -> HttpResponse:
    """A partner's list as CSV, with a reason, into the ledger; it is not kept here."""
    view, name = _petition(slug), request.POST.get("partner", "")
    with tempfile.TemporaryDirectory(prefix="gs-partner-") as folder:
        file = Path(folder) / "list.csv"
        try:
            partners.hand_list(
                petition_id=view.id, slug=name, path=file, why=request.POST.get("why", ""), staff_id=staff(request), now=now()
            )
        except Refused as refused:
            tell(request, refused)
            return redirect("partners", slug)
        answer = HttpResponse(file.read_bytes(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{view.slug}-{slugify(name)}.csv"'
    return answer


def _petition(slug: str) -> PetitionView:
    view = petition_named(slug)
    if view is None:
        raise Http404
    return view


def _invite(request: HttpRequest, view: PetitionView) -> str:
    said = request.POST
    others = partners.languages(view.id)[1:]
    made = partners.invite(
        petition_id=view.id, slug=said.get("slug") or said.get("organisation", ""), organisation=said.get("organisation", ""),
        wording=said.get("wording", ""), wordings={language: said.get(f"wording-{language}", "") for language in others},
        privacy_url=said.get("privacy_url", ""), staff_id=staff(request), now=now(),
    )  # fmt: skip
    return f"{made.organisation} asks with you. The page asks its question within a minute of who comes by its link."


def _called(language: str) -> str:
    """What its speakers call a language; its code where Django does not know it."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def _form(typed: Any, chosen: partners.PartnerView | None, others: list[str]) -> dict[str, Any]:
    """What the form shows: what was just typed, else the chosen partner's words."""
    names = ("slug", "organisation", "wording", "privacy_url")
    facts: dict[str, Any] = {
        name: typed.get(name, "") if typed is not None else getattr(chosen, name) if chosen else "" for name in names
    }
    facts["others"] = [
        (language, _called(language),
         typed.get(f"wording-{language}", "") if typed is not None else chosen.wordings.get(language, "") if chosen else "")
        for language in others
    ]  # fmt: skip
    return facts


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Below /office/."""
    return [
        path("partners/<slug:slug>/", of_petition, name="partners"),
        path("partners/<slug:slug>/end/", end, name="partners-end"),
        path("partners/<slug:slug>/list.csv", list_of, name="partners-list"),
    ]
