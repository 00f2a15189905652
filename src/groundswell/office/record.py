"""The record in the office: entries, corrections, commitments, copies, flags, reminders, the register, proposed letters."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.basics.result import Refused
from groundswell.campaigns import evidence, operations, queries
from groundswell.mailings.proposals import proposals
from groundswell.office import desk
from groundswell.office.record_forms import SOURCES, CommitmentForm, CopyForm, EntryForm, RegisterForm, SourceFormSet

_SAME = ("dated", "kind", "actor", "subject", "summary", "wording", "said_by", "certainty", "note", "commitment", "bearing",
         "scope", "expires", "until", "conditions")  # fmt: skip


_WAIT = 20.0
_TOLD = {
    "first": "The copy is kept.", "same": "It says the same as the saved copy.",
    "differs": "It differs from the saved copy. What cites this entry is flagged; both copies are kept.",
    "gone": "The address is gone. The entry stays, with its saved copy; what cites it is flagged.",
    "unreached": "The server gave no copy just now. Nothing was changed; try later, or upload a copy.",
}  # fmt: skip


def _campaign(slug: str) -> int:
    found = queries.campaign_named(slug)
    if found is None:
        raise Http404
    return found


def index(request: HttpRequest) -> HttpResponse:
    """Every campaign's record, with what waits for somebody."""
    facts = {"campaigns": queries.campaign_cards(), "supplies": queries.supply_count(), "letters": len(proposals())}
    return render(request, "office/record/index.html", facts)


def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """One record: standings, reminders, flags, entries."""
    campaign_id, now = _campaign(slug), desk.now()
    view = queries.record(campaign_id, now.date(), everything=True)
    sought = request.GET.get("q", "").strip().casefold()
    entries = [
        entry for entry in reversed(view.entries)
        if not sought or sought in f"{entry.actor} {entry.subject} {entry.summary} {entry.key}".casefold()
    ]  # fmt: skip
    facts = {
        "view": view, "entries": entries, "sought": request.GET.get("q", ""), "flags": queries.open_flags(campaign_id),
        "reminders": queries.open_reminders(campaign_id),
    }  # fmt: skip
    return render(request, "office/record/campaign.html", facts)


def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an entry: new, or as a correction, a dispute, a reply to one that is there."""
    campaign_id = _campaign(slug)
    commitments = queries.commitments_of(campaign_id)
    initial, listed, before = _before(request)
    if request.method == "POST":
        form = EntryForm(request.POST, commitments=commitments)
        sources = SourceFormSet(request.POST, request.FILES, prefix="source")
        if form.is_valid() and sources.is_valid():
            try:
                entry = {**form.cleaned_data, "sources": [_source(each) for each in sources if each.given()]}
                operations.enter(campaign_id=campaign_id, entry=entry, staff_id=desk.staff(request), now=desk.now())
            except Refused as refused:
                form.show(refused.problems)
            else:
                messages.success(request, "It is in the record. The public page follows in a moment.")
                return redirect("record-campaign", slug)
    else:
        form = EntryForm(initial=initial, commitments=commitments)
        empty: list[dict[str, Any]] = [{} for _ in range(max(1, SOURCES - len(listed)))]
        sources = SourceFormSet(initial=[*listed, *empty], prefix="source")
    facts = {"slug": slug, "form": form, "sources": sources, "before": before, "how": initial.get("how", "")}
    return render(request, "office/record/enter.html", facts, status=422 if form.errors or sources.total_error_count() else 200)


def _before(request: HttpRequest) -> tuple[dict[str, Any], list[dict[str, Any]], Any]:
    """What the form starts from: the entry that is corrected, or only a pointer to the one that is disputed or answered."""
    for how in ("corrects", "disputes", "answers"):
        key = request.GET.get(how) or request.POST.get(how)
        if not key:
            continue
        before = queries.entry_named(key)
        if before is None:
            raise Http404
        if how != "corrects":
            kind = "reply" if how == "answers" else "evidence"
            return {how: key, "kind": kind, "how": how}, [], before
        listed = [
            {**asdict(source), "kept": source.sha256, "is_copy": not source.original} for source in before.sources
        ]  # fmt: skip
        about = before.when.startswith("about ")
        return {**{name: getattr(before, name) for name in _SAME}, "about": about, how: key, "how": how}, listed, before
    return {}, [], None


def _source(form: Any) -> dict[str, Any]:
    """A source as it was typed. The copy is kept at once: if the entry is refused, the form still knows it."""
    given, upload = dict(form.cleaned_data), form.cleaned_data.get("copy")
    kept = given.pop("kept") or None
    if upload is not None:
        kept = operations.keep_copy(
            upload.chunks(), file_name=upload.name, folder=settings.GROUNDSWELL.evidence_folder, now=desk.now()
        )  # fmt: skip
        form.data = form.data.copy()
        form.data[form.add_prefix("kept")] = kept
    return {**given, "copy": kept, "original": not given.pop("is_copy")}


def entry(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One entry, with what can be done about it."""
    campaign_id = _campaign(slug)
    found = queries.entry_named(key)
    if found is None:
        raise Http404
    flags = [flag for flag in queries.open_flags(campaign_id) if flag.key == key]
    return render(request, "office/record/entry.html", {"slug": slug, "entry": found, "flags": flags, "form": CopyForm()})


@require_POST
def check(request: HttpRequest, slug: str, key: str, source_id: int) -> HttpResponse:
    """A new copy compared with the saved one, or an address that is gone or has moved."""
    form = CopyForm(request.POST, request.FILES)
    found = queries.entry_named(key)
    if found is None or source_id not in {source.id for source in found.sources}:
        raise Http404
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("record-entry", slug, key)
    upload = form.cleaned_data["copy"]
    try:
        if "fetch" in request.POST:
            _fetch(request, source_id)
        elif upload is not None:
            sha256 = operations.keep_copy(
                upload.chunks(), file_name=upload.name, folder=settings.GROUNDSWELL.evidence_folder, now=desk.now()
            )  # fmt: skip
            result = operations.check_copy(source_id=source_id, sha256=sha256, now=desk.now())
            _say(request, result)
        elif form.cleaned_data["look"]:
            operations.note_address(
                source_id=source_id, result=form.cleaned_data["look"], words=form.cleaned_data["words"], now=desk.now()
            )  # fmt: skip
            messages.warning(request, "Noted. The entry stays, with its saved copy; what cites it is flagged.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("record-entry", slug, key)


def _fetch(request: HttpRequest, source_id: int) -> None:
    """Fetch the address while the browser waits, for `_WAIT` seconds at most."""
    house = settings.GROUNDSWELL
    result, words = operations.fetch_copy(
        source_id=source_id, folder=house.evidence_folder, user_agent=house.fetches_as, now=desk.now(), seconds=_WAIT
    )
    _say(request, result)
    if words.startswith("moved"):
        messages.warning(request, f"The address has {words}.")


def _say(request: HttpRequest, result: str) -> None:
    (messages.success if result in ("first", "same") else messages.warning)(request, _TOLD[result])


def copy(request: HttpRequest, sha256: str) -> FileResponse:
    """A kept copy as a download: never shown as a page, whatever it is (it came from somewhere else)."""
    try:
        place = evidence.path_of(sha256, settings.GROUNDSWELL.evidence_folder)
    except Refused:
        raise Http404 from None
    if not place.is_file():
        raise Http404
    answer = FileResponse(
        place.open("rb"), content_type="application/octet-stream", as_attachment=True, filename=f"{sha256[:16]}.copy"
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def commit(request: HttpRequest, slug: str) -> HttpResponse:
    """A commitment's name; what it says comes from entries."""
    campaign_id = _campaign(slug)
    form = CommitmentForm(request.POST or None, targets=queries.target_slugs())
    if request.method == "POST" and form.is_valid():
        operations.commit(campaign_id=campaign_id, now=desk.now(), **form.cleaned_data)
        messages.success(request, "Named. Now enter what was promised, and choose this commitment there.")
        return redirect("record-campaign", slug)
    return render(request, "office/record/form.html", {"slug": slug, "form": form, "title": "A commitment", "button": "Name it"})


@require_POST
def clear(request: HttpRequest, slug: str, flag_id: int) -> HttpResponse:
    """A flag that somebody looked at."""
    try:
        operations.clear_flag(flag_id=flag_id, staff_id=desk.staff(request), why=request.POST.get("why", ""), now=desk.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("record-campaign", slug)


@require_POST
def done(request: HttpRequest, slug: str, reminder_id: int) -> HttpResponse:
    """A reminder that somebody has seen to."""
    operations.finish(reminder_id=reminder_id, staff_id=desk.staff(request), now=desk.now())
    return redirect("record-campaign", slug)


def register(request: HttpRequest) -> HttpResponse:
    """The register of who supplies what to whom: import a list."""
    form, report = RegisterForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        with tempfile.TemporaryDirectory() as folder:
            sheet = Path(folder) / "list.csv"
            with sheet.open("wb") as out:
                out.writelines(form.cleaned_data["file"].chunks())
            try:
                report = operations.import_supplies(
                    sheet, list_name=form.cleaned_data["name"], dry_run=form.cleaned_data["dry_run"], now=desk.now()
                )
            except Refused as refused:
                form.add_error("file", str(refused))
    facts = {"form": form, "report": report, "supplies": queries.supply_count()}
    return render(request, "office/record/register.html", facts, status=422 if form.errors else 200)


def letters(request: HttpRequest) -> HttpResponse:
    """The letters that were proposed to those who acted."""
    return render(request, "office/record/letters.html", {"letters": proposals()})


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Below /office/record/."""
    one = "record/c/<slug:slug>/"
    return [
        path("record/", index, name="record-index"),
        path("record/letters/", letters, name="record-letters"),
        path("record/register/", register, name="record-register"),
        path("record/copy/<str:sha256>/", copy, name="record-copy"),
        path(one, campaign, name="record-campaign"),
        path(one + "enter/", enter, name="record-enter"),
        path(one + "commit/", commit, name="record-commit"),
        path(one + "e/<slug:key>/", entry, name="record-entry"),
        path(one + "e/<slug:key>/check/<int:source_id>/", check, name="record-check"),
        path(one + "flags/<int:flag_id>/clear/", clear, name="record-clear"),
        path(one + "reminders/<int:reminder_id>/done/", done, name="record-done"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the sidebar, beside the pages."""
    return MenuItem("The record", reverse("record-index"), name="record", icon_name="history", order=210)
