"""Series: welcome letters with waits and conditions, step by step."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundswell.actions import queries as actions
from groundswell.basics.result import Refused
from groundswell.mailings import series as steps
from groundswell.mailings.composing import looking
from groundswell.office.desk import filled, for_those_with, may, now, tried
from groundswell.office.mailings.rights import SEND, WRITING
from groundswell.post import queries as rows


@for_those_with(*WRITING)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every series with its steps and how each goes."""
    facts: dict[str, list[dict[str, Any]]] = {}
    for step in steps.steps():
        counts = rows.progress(step.letter_id) if step.letter_id else {}
        facts.setdefault(step.series, []).append({"step": step, "counts": counts})
    return render(request, "office/mailings/series.html", {"series": facts, "sends": may(request, SEND)})


@for_those_with(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, series: str = "", position: int = 0) -> HttpResponse:
    """One step: its wait, its condition, its letter, and what the compiler says of that. It goes out by itself once it is kept."""
    step = next((each for each in steps.steps(series) if each.position == position), None) if series else None
    if series and step is None:
        raise Http404
    given: Any = request.POST
    facts: dict[str, Any] = {
        "step": step,  "senders": looking.senders(),
        "petitions": [(slug, title) for slug, _, title in actions.titles()],
        "conditions": {"": "everybody", "unsigned": "only who has not signed", "signed": "only who has signed"},
    }  # fmt: skip
    facts["form"] = filled(
        request, step, series="welcome", position="0", days="0", condition="", action="", sender="", language="en", appeal=""
    )
    if request.method == "POST":
        if given.get("do") == "look":
            facts["problems"] = _looked_at(given)
        elif tried(request, lambda: _keep(given, step)):
            return redirect("mailing-series")
    return render(request, "office/mailings/step.html", facts, status=422 if request.method == "POST" else 200)


@for_those_with(SEND)
@require_POST
def remove(request: HttpRequest, series: str, position: int) -> HttpResponse:
    """Nobody gets this step any more."""
    tried(request, lambda: "Taken out. Letters that left stay as they were." if _gone(series, position) else "It was gone already.")
    return redirect("mailing-series")


def _gone(series: str, position: int) -> bool:
    return steps.remove_step(series=series, position=position)


def _petition(given: Any) -> actions.PetitionView:
    petition = actions.petition_named(given.get("action", ""))
    if petition is None or given.get("sender") not in dict(looking.senders()):
        raise Refused.because("step-incomplete", "A letter has a sender and an action.", "Choose both.")
    return petition


def _looked_at(given: Any) -> tuple[Any, ...]:
    try:
        petition = _petition(given)
    except Refused as refused:
        return refused.problems
    return steps.looked_at(
        appeal=given.get("appeal", ""), sender_slug=given["sender"], petition_id=petition.id, language=given.get("language") or "en"
    ).problems


def _keep(given: Any, step: steps.StepView | None) -> str:
    petition = _petition(given)
    numbers = [given.get(name, "") for name in ("position", "days")]
    if not all(text.isdecimal() and len(text) < 4 for text in numbers):
        raise Refused.because("numbers", "Place and days are whole numbers.", "Write digits only.")
    name = step.series if step else slugify(given.get("series", ""))[:50]
    place = step.position if step else int(numbers[0])
    if step is None and any(each.position == place for each in steps.steps(name)):
        raise Refused.because("step-taken", f"“{name}” has a step {place} already.", "Choose another place.")
    steps.keep_step(
        series=name, position=place, days=int(numbers[1]), condition=given.get("condition", ""), appeal=given.get("appeal", ""),
        sender_slug=given["sender"], petition_id=petition.id, language=given.get("language") or "en", now=now(),
    )  # fmt: skip
    return f"Kept: step {place} of “{name}”."
