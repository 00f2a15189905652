"""Pictures that a letter carries in itself: uploaded, named, taken out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundswell.basics.result import Refused
from groundswell.mailings import queries
from groundswell.mailings.composing import pictures
from groundswell.office.desk import for_those_with, now, tried
from groundswell.office.mailings.overview import found
from groundswell.office.mailings.rights import WRITE


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that there are, each with the line that shows it, and the form of one more."""
    mailing = found(slug)
    if request.method == "POST" and tried(request, lambda: _do(request, mailing)):
        return redirect("mailing-pictures", slug)
    kept = pictures.pictures_of(mailing.id).values()
    facts = {"slug": slug, "pictures": [(each.content_id, len(each.data) // 1000) for each in kept], "given": request.POST}
    return render(request, "office/mailings/pictures.html", facts, status=422 if request.method == "POST" else 200)


def _do(request: HttpRequest, mailing: queries.MailingDetail) -> str:
    if request.POST.get("do") == "drop":
        pictures.drop_picture(mailing_id=mailing.id, name=request.POST.get("name", ""))
        return "Taken out."
    upload: Any = request.FILES.get("file")
    if upload is None:
        raise Refused.because("picture-missing", "No file was chosen.", "Choose a picture.")
    if upload.size > pictures.UPLOADED:
        raise Refused.because("picture-too-large", "The picture has over 20 MB.", "Make it smaller first.")
    name = pictures.keep_picture(mailing_id=mailing.id, name=request.POST.get("name", ""), content=upload.read(), now=now())
    return f"Kept. The letter shows it where it says “![what it shows](cid:{name})”."
