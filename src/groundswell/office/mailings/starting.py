"""A new draft: from a blank page, or from a plain letter whose parts are recognised and confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from groundswell.actions import queries as actions
from groundswell.campaigns import queries as campaigns
from groundswell.mailings.composing import choosing, looking, pasting
from groundswell.office.desk import for_those_with, now, staff, tried
from groundswell.office.mailings.rights import WRITE

_BLANK = (
    '---\nsubject: {subject}\npreview: \n---\n{{{{ first_name | "Friend" }}}},\n\n\n\n::: ask\n\n:::\n\nThanks,\n\n::: ps\n\n:::\n'
)


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A blank letter: its name, its subject, who speaks, what is asked."""
    if request.method == "POST":
        subject = " ".join(request.POST.get("subject", "").split())
        name = _name(request, subject)
        if tried(request, lambda: _begin(request, name, _BLANK.format(subject=subject))):
            return redirect("mailing-write", name)
    return render(request, "office/mailings/new.html", _facts(request), status=422 if request.method == "POST" else 200)


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """A plain letter: first its text, then what was recognised in it, each thing to be confirmed."""
    facts = _facts(request)
    if request.method != "POST":
        return render(request, "office/mailings/paste.html", facts)
    text, subject = request.POST.get("text", ""), " ".join(request.POST.get("subject", "").split())
    petition = actions.petition_named(request.POST.get("action", ""))
    sources = campaigns.sources(petition.campaign_id) if petition else {}
    found = pasting.recognised(text, sources)
    if request.POST.get("do") == "make":
        cited = {each.note: request.POST.get(f"cite-{each.note}", "") for each in found if each.note}
        appeal = pasting.appeal_of(
            text,
            subject=subject,
            confirmed=request.POST.getlist("is"),
            cited={note: key for note, key in cited.items() if key in sources},
        )
        name = _name(request, subject)
        if tried(request, lambda: _begin(request, name, appeal)):
            return redirect("mailing-write", name)
    facts |= {"found": found, "sources": looking.citable(petition.id, now().date()) if petition else [], "read": bool(text.strip())}
    return render(request, "office/mailings/paste.html", facts, status=422 if request.POST.get("do") == "make" else 200)


def _begin(request: HttpRequest, name: str, appeal: str) -> str:
    choosing.begin(
        slug=name, appeal=appeal, sender=request.POST.get("sender", ""), action=request.POST.get("action", ""),
        language=request.POST.get("language", ""), staff_id=staff(request), now=now(),
    )  # fmt: skip
    return "It is a draft. What you type is saved as you go."


def _name(request: HttpRequest, subject: str) -> str:
    return slugify(request.POST.get("name", "") or subject)[:50].strip("-")


def _facts(request: HttpRequest) -> dict[str, Any]:
    return {
        "given": request.POST, "senders": looking.senders(), "petitions": [(slug, title) for slug, _, title in actions.titles()]
    }  # fmt: skip
