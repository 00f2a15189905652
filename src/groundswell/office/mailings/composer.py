"""The place where staff write an appeal: the text, what the compiler says of it, and the letter beside it.

Works without script: every button saves and shows the page anew. With our script it saves while one types.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groundswell.actions import queries as actions
from groundswell.basics.result import Refused
from groundswell.mailings.audiences.queries import audiences
from groundswell.mailings.composing import choosing, looking, saving, texts
from groundswell.office.desk import for_those_with, now, staff
from groundswell.office.mailings.previews import NOTES, READERS, VIEWS
from groundswell.office.mailings.rights import WRITE


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The composer. A POST saves first, whatever else its button does."""
    found = looking.composition(slug, today=now().date())
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found)
    verb, _, what = request.POST.get("do", "save").partition(" ")
    auto = verb == "auto"
    typed = request.POST.get("appeal", "")
    text = _with_choices(request, found, typed) if auto else _changed(request, found, typed, verb, what)
    try:
        saved = saving.save(
            mailing_id=found.id, appeal=text, base=_number(request, "base"), staff_id=staff(request), auto=auto, now=now()
        )
        if not saved.clash:
            choosing.choose(
                mailing_id=found.id, sender=request.POST.get("sender", ""), action=request.POST.get("action", ""),
                language=request.POST.get("language", ""), audience=request.POST.get("audience", choosing.AS_IT_IS),
            )  # fmt: skip
    except Refused as refused:
        if auto:
            return JsonResponse({"locked": str(refused)}, status=409)
        messages.error(request, str(refused))
        return redirect("mailing-revisions", slug)
    if auto:
        return _while_typing(request, slug, text, saved, typed)
    if saved.clash:
        mine = looking.composition(slug, today=now().date(), appeal=text) or found
        return _page(request, mine, clash=saved, changes=texts.changes(saved.theirs, text), status=409)
    shown = {"as": request.POST.get("as", "named"), "view": request.POST.get("view", "html")}
    if verb in ("as", "view"):
        shown[verb] = what
    return redirect(f"{reverse('mailing-write', args=[slug])}?{urlencode(shown)}#{'look' if verb in shown else 'composer'}")


def _with_choices(request: HttpRequest, found: looking.Composition, text: str) -> str:
    """Where a choice beside the text was changed that the front matter names too, the front matter follows."""
    for key, before in (("sender", found.sender), ("action", found.action), ("language", found.language)):
        chosen = request.POST.get(key, "")
        if chosen and chosen != before:
            text = texts.with_head(text, key, chosen, only_there=True)
    # A letter that names no layout has the usual one, and needs no line that says so.
    before = found.layout or looking.USUAL_LAYOUT
    layout = request.POST.get("layout", before)
    return texts.with_head(text, "layout", layout) if layout and layout != before else text


def _changed(request: HttpRequest, found: looking.Composition, typed: str, verb: str, what: str) -> str:
    """The text as it was typed, with what the button puts in."""
    text = _with_choices(request, found, typed)
    if verb == "insert" and what in texts.SNIPPETS:
        return texts.with_block(text, texts.SNIPPETS[what][1])
    if verb == "cite" and what:
        return texts.with_reference(text, what, _number(request, "line"))
    if verb == "instead" and (new := looking.corrected_to(what)):
        return texts.cited_instead(text, what, new)
    if verb == "own-text" and "::: text" not in text:
        words = looking.generated_text(found.slug)
        if words:
            return texts.with_block(text, words)
        messages.warning(request, "The letter has errors: mend them first, then its text part can be written out.")
    return text


def _while_typing(request: HttpRequest, slug: str, text: str, saved: saving.Saved, typed: str) -> HttpResponse:
    """What our script shows while one types: when it was saved, and what the compiler says."""
    mine = looking.composition(slug, today=now().date(), appeal=text)
    checks = render_to_string("office/mailings/checks.html", {"letter": mine}, request=request)
    facts: dict[str, Any] = {"edition": saved.edition, "at": f"{timezone.localtime(now()):%H:%M:%S}", "checks": checks}
    if saved.clash:
        facts["clash"] = saved.clash_by
    elif texts.even(text) != texts.even(typed):
        # A choice beside the text changed its front matter: the window has to show what was saved.
        facts["appeal"] = texts.even(text)
    return JsonResponse(facts, status=409 if saved.clash else 200)


def _page(request: HttpRequest, found: looking.Composition, status: int = 200, **more: Any) -> HttpResponse:
    reader, view = request.GET.get("as", "named"), request.GET.get("view", "html")
    petition = actions.petition_named(found.action)
    facts = {
        "letter": found, "senders": looking.senders(), "petitions": [(slug, title) for slug, _, title in actions.titles()],
        "audiences": [(each.slug, each.name) for each in audiences()], "snippets": texts.SNIPPETS,
        "sources": looking.citable(petition.id, now().date()) if petition else [], "passages": looking.passages(found.slug),
        "reader": reader if reader in READERS else "named", "view": view if view in VIEWS else "html", "views": VIEWS,
        "readers": {key: words for key, (words, _) in READERS.items()}, "note": NOTES.get(reader, ""),
        "aside": [each for each in looking.revisions(found.slug) if each.kind == "aside"][:5], **more,
    }  # fmt: skip
    return render(request, "office/mailings/write.html", facts, status=status)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
