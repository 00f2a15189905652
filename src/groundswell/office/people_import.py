"""Lists in the office: uploaded, understood, rehearsed, imported, and taken back. A file stays a day at most."""

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks

from groundswell.basics.result import Refused
from groundswell.mailings.queries import house_sender
from groundswell.office.arriving import SealedUpload, sealing
from groundswell.office.desk import moderators, now, staff
from groundswell.office.tasks import carry_out
from groundswell.people import orders, queries
from groundswell.people.operations import importing
from groundswell.people.sheets.mapping import plain

PROOF = ("organisation", "partner", "wording", "source", "language", "version")


@csrf_exempt  # `sealing` checks it, once it is said where the form's file goes
@moderators
@sealing
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a list in."""
    facts: dict[str, Any] = {"unfinished": orders.unfinished()}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if not isinstance(file, SealedUpload):
                raise Refused.because("import-file", "No file was chosen.", "Choose a CSV or XLSX file.")
            order_id = importing.keep_file(
                arriving=file.arriving, file_name=file.name or "list", folder=settings.GROUNDSWELL.lists_folder,
                staff_id=staff(request), now=now(),
            )  # fmt: skip
            return redirect("people-import-order", order_id)
        except Refused as refused:
            facts["problem"], status = str(refused.problems[0]), 422
    return render(request, "office/people/import.html", facts, status=status)


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Its columns and the proof of consent; then the rehearsal's numbers; then the import."""
    view = _order(order_id)
    facts: dict[str, Any] = {"order": view, "fields": orders.fields(), "overwritable": orders.OVERWRITABLE}
    facts["asked"] = {**dict.fromkeys(PROOF, ""), **_house(), **view.asked}
    status = 200
    if request.method == "POST":
        asked = {name: request.POST.get(name, "") for name in PROOF}
        told = {
            at: request.POST[f"column-{at}"]
            for at, column in enumerate(view.columns)
            if not column.secret and request.POST.get(f"column-{at}")
        }
        over = sorted({field for at, field in told.items() if f"over-{at}" in request.POST and field in orders.OVERWRITABLE})
        try:
            said = _by_name([(view.columns[at].name, field) for at, field in told.items()])
            importing.order(order_id=order_id, act=request.POST.get("do", ""), asked=asked, said=said, overwrite=over)
            carry_out.defer(order_id=order_id)
            return redirect("people-import-order", order_id)
        except Refused as refused:
            facts |= {"problem": str(refused.problems[0]), "asked": asked, "order": _order(order_id)}
            status = 422
    return render(request, "office/people/import_order.html", facts, status=status)


@moderators
@require_POST
def drop(request: HttpRequest, order_id: int) -> HttpResponse:
    """Delete an uploaded list."""
    _order(order_id)
    if importing.drop(order_id=order_id, folder=settings.GROUNDSWELL.lists_folder):
        messages.success(request, "The file is deleted; nothing was imported.")
        return redirect("people-import")
    messages.error(request, "This list is being worked on at this moment.")
    return redirect("people-import-order", order_id)


@moderators
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One import: what it did, and the way back."""
    return render(request, "office/people/import_run.html", {"run": _run(run_id)})


@moderators
@require_safe
def rejected(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """The rows that need a look: line and reason, never the row itself."""
    _run(run_id)

    class Line:
        def write(self, text: str) -> str:
            return text

    def lines() -> Iterator[str]:
        writer = csv.writer(Line())
        yield writer.writerow(["line", "taken", "reason"])
        for line, reason, taken in queries.rejects(run_id):
            yield writer.writerow([line, "yes" if taken else "no", reason])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{run_id}-rejected.csv"'
    return answer


@moderators
@require_POST
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Take the whole import back."""
    view = _run(run_id)
    if view.undoing or view.undone_at is not None:
        messages.error(request, "This import is being taken back, or was already.")
        return redirect("people-import-run", run_id)
    try:
        order_id = importing.order_undo(
            run_id=run_id, file_name=view.file_name, why=request.POST.get("why", ""), staff_id=staff(request), now=now()
        )
        carry_out.defer(order_id=order_id)
        messages.success(request, "It is taken back in a moment. Who has become somebody of ours since stays; goodbyes stay too.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    return redirect("people-import-run", run_id)


def _by_name(told: list[tuple[str, str]]) -> dict[str, str]:
    """What was said, by the columns' names. Columns of one name are read alike: saying two things of them is refused, not lost."""
    alike: dict[str, str] = {}
    for name, field in told:
        if alike.setdefault(plain(name), field) != field:
            raise Refused.because(
                "import-same-name", f"Several columns are called “{name}”, and they are to be read in different ways.",
                "Say the same of them, or give each its own name in the file and upload it again.",
            )  # fmt: skip
    return dict(told)


def _house() -> dict[str, str]:
    sender = house_sender()
    return {"organisation": sender.organisation} if sender else {}


def _order(order_id: int) -> orders.OrderView:
    view = orders.order_view(order_id)
    if view is None:
        raise Http404
    return view


def _run(run_id: int) -> orders.RunView:
    view = orders.run_view(run_id)
    if view is None:
        raise Http404
    return view


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door."""
    return [
        path("people/import/", upload, name="people-import"),
        path("people/import/<int:order_id>/", order, name="people-import-order"),
        path("people/import/<int:order_id>/drop/", drop, name="people-import-drop"),
        path("people/imports/<int:run_id>/", run, name="people-import-run"),
        path("people/imports/<int:run_id>/rejected/", rejected, name="people-import-rejected"),
        path("people/imports/<int:run_id>/undo/", undo, name="people-import-undo"),
    ]
