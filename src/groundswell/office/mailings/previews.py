"""The letter as a reader would get it: with a name, without, already signed, forwarded; dark, on a phone, pictures off, as text."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from groundswell.mailings.composing import looking
from groundswell.office.desk import for_those_with
from groundswell.office.mailings.rights import WRITING

READERS = {
    "named": ("With a name", {"first_name": "Amina", "region": "North", "postcode_area": "10"}),
    "unnamed": ("Without a name", {}),
    "signed": ("Has signed already", {"first_name": "Amina"}),
    "forwarded": ("Forwarded to a friend", {"first_name": "Amina"}),
}
"""Whose eyes a preview borrows."""
NOTES = {
    "signed": "The page behind the links thanks this reader instead of asking. Who signed before it leaves does not get it.",
    "forwarded": "A friend reads the name of the one it was for, as in every forwarded letter; the page behind the links asks "
    "“Not you?” and shows no name or address.",
}
VIEWS = {"html": "Light", "dark": "Dark", "phone": "On a phone", "bare": "Pictures off"}


@for_those_with(*WRITING)
@require_safe
@xframe_options_sameorigin
def letter(request: HttpRequest, slug: str, reader: str) -> HttpResponse:
    """The letter alone; it has no scripts and fetches nothing, and the browser is told so."""
    if reader not in READERS:
        raise Http404
    found = looking.previewed(slug, READERS[reader][1], request.GET.get("way", "")[:1])
    part = request.GET.get("part", "html")
    if found is None:
        answer = HttpResponse("This letter has errors. Mend them, and it is shown here.", content_type="text/plain; charset=utf-8")
    elif part == "text":
        answer = HttpResponse(f"Subject: {found[0]}\n\n{found[2]}", content_type="text/plain; charset=utf-8")
    else:
        answer = HttpResponse(found[1].replace("(prefers-color-scheme: dark)", "all" if part == "dark" else "not all"))
    images = "'none'" if part == "bare" else "'self' data:"
    answer["Content-Security-Policy"] = f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; sandbox"
    return answer


@for_those_with(*WRITING)
@require_safe
def side_by_side(request: HttpRequest, slug: str, reader: str) -> HttpResponse:
    """All at once: HTML, text, dark, on a phone, without pictures."""
    if reader not in READERS:
        raise Http404
    found = looking.previewed(slug, READERS[reader][1])
    facts = {
        "slug": slug, "reader": reader, "words": READERS[reader][0], "note": NOTES.get(reader, ""),
        "subject": found[0] if found else "", "readers": {key: words for key, (words, _) in READERS.items()},
    }  # fmt: skip
    return render(request, "office/mailings/preview.html", facts)
