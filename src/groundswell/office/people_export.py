"""Exports in the office: chosen columns of an audience, with a reason, into the ledger."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail import hooks

from groundswell.basics.result import Refused
from groundswell.mailings.audiences import queries as audiences
from groundswell.office.desk import moderators, now, staff
from groundswell.people.exporting import COLUMNS, export


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def form(request: HttpRequest) -> HttpResponseBase:
    """Choose an audience, columns and a reason; the answer is the file, which is not kept here."""
    facts: dict[str, Any] = {
        "audiences": audiences.audiences(), "columns": [(name, name.replace("_", " ")) for name in COLUMNS],
        "chosen": request.POST.getlist("column"), "audience": request.POST.get("audience", ""), "why": request.POST.get("why", ""),
    }  # fmt: skip
    if request.method == "POST":
        try:
            return _file(request, facts)
        except Refused as refused:
            facts["problem"] = str(refused.problems[0])
            return render(request, "office/people/export.html", facts, status=422)
    return render(request, "office/people/export.html", facts)


def _file(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse | FileResponse:
    found = audiences.audience_named(facts["audience"])
    if found is None:
        raise Refused.because("audience-unknown", "No audience was chosen.", "Choose one; it says who is in the file.")
    persons = (person for person, left_out in audiences.members(found.definition, now=now()) if not left_out)
    descriptor, name = tempfile.mkstemp(prefix="gs-export-")
    os.close(descriptor)
    try:
        export(
            persons=persons, columns=facts["chosen"], path=Path(name), staff_id=staff(request), why=facts["why"], now=now()
        )  # fmt: skip
        # Opened, and gone from the disk: what is being sent is all there is.
        return FileResponse(open(name, "rb"), as_attachment=True, filename=f"{found.slug}.csv", content_type="text/csv")  # noqa: PTH123
    finally:
        Path(name).unlink(missing_ok=True)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door."""
    return [path("people/export/", form, name="people-export")]
