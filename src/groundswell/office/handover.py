"""Hand-overs in the office: preview, make, list, dossier, link for the target, drip and its stop. Moderators only."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.actions import queries as actions
from groundswell.actions.acting.kinds import HANDED_OVER
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.deliveries import operations as deliveries
from groundswell.deliveries import queries
from groundswell.deliveries.order import FORMATS, Order
from groundswell.deliveries.rules import SMALLEST
from groundswell.deliveries.tasks import write_hand_over
from groundswell.office.desk import is_moderator, moderators, now, staff, tell, telling

AT_ONCE = 50_000
"""Signatures that are written while the browser waits (a few seconds); more are written in the background."""


@moderators
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What was handed over, and where a new one begins."""
    shown = {
        "hand_overs": queries.hand_overs(),
        "petitions": [petition for petition in actions.petitions() if petition.kind in HANDED_OVER],
        "drips": queries.drips(),
    }
    return render(request, "office/handover/list.html", shown)


@moderators
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Choose and preview: asking changes nothing."""
    petition = actions.petition_named(request.GET.get("petition", ""))
    if petition is None:
        raise Http404
    shown: dict[str, Any] = {
        "petition": petition, "texts": sorted(actions.texts(petition.id).items()), "given": request.GET, "smallest": SMALLEST,
        "versions": request.GET.getlist("text"), "formats": request.GET.getlist("format") or ["csv", "pdf"],
    }  # fmt: skip
    if "preview" in request.GET:
        try:
            shown["counts"] = deliveries.preview(petition_id=petition.id, order=_order(request.GET), now=now())
        except Refused as refused:
            shown["problems"] = refused.problems
    return render(request, "office/handover/new.html", shown)


@moderators
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Hand over what the preview showed; what changed since is said."""
    petition = actions.petition_named(request.POST.get("petition", ""))
    if petition is None:
        raise Http404
    who, why, seen = staff(request), request.POST.get("why", ""), _number(request.POST.get("seen", ""))
    try:
        order = _order(request.POST)
        if seen > AT_ONCE:
            begun = deliveries.begin(petition_id=petition.id, order=order, staff_id=who, why=why, now=now())
            write_hand_over.defer(hand_over_id=begun)
            messages.info(request, "It is being written; this page shows it when it is done.")
            return redirect("hand-over", begun)
        made = deliveries.hand_over(
            petition_id=petition.id, folder=settings.GROUNDSWELL.handover_folder, staff_id=who, why=why, now=now(), order=order
        )
    except Refused as refused:
        tell(request, refused)
        return redirect(f"{reverse('hand-over-new')}?{request.POST.get('asked') or f'petition={petition.slug}'}")
    left = {key.removeprefix("left "): _number(str(value)) for key, value in request.POST.items() if key.startswith("left ")}
    changes = deliveries.since_preview(seen, left, made)
    messages.success(request, f"{made.total:,} signatures are ready to be handed over.")
    for change in changes:
        messages.warning(request, f"Since the preview: {change}.")
    if made.undrawable:
        fonts = settings.GROUNDSWELL.data / "fonts"
        signs = "".join(made.undrawable[:40])
        words = f"No font here draws {signs}: in the PDF words stand for these names, the CSV has them."
        messages.warning(request, f"{words} Put fonts into {fonts} and make it again.")
    return redirect("hand-over", made.id)


@moderators
@require_safe
def one(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """One hand-over: files, dossier, links."""
    made = queries.hand_over(hand_over_id)
    if made is None:
        raise Http404
    at, keys, base = now(), settings.GROUNDSWELL.key_folder.tokens, settings.GROUNDSWELL.base_url
    pages = [
        {"page": page, "open": page.closed_at is None and page.expires_at > at,
         "address": deliveries.address(keys, base, page.key, page.expires_at)}
        for page in made.pages
    ]  # fmt: skip
    shown = {
        "made": made, "pages": pages, "ways": deliveries.WAYS, "answers": deliveries.ANSWERS, "today": at.date(), "base": base,
        "petition": actions.petition(made.petition_id), "most_days": deliveries.MOST_DAYS,
    }  # fmt: skip
    return render(request, "office/handover/one.html", shown)


@moderators
@require_POST
def take(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """A file, with the reason in the ledger."""
    with telling(request):
        found = deliveries.export(
            hand_over_id=hand_over_id, name=request.POST.get("name", ""), folder=settings.GROUNDSWELL.handover_folder,
            staff_id=staff(request), why=request.POST.get("why", ""), now=now(),
        )  # fmt: skip
        return FileResponse(found.open("rb"), as_attachment=True, filename=found.name)  # type: ignore[return-value]
    return redirect("hand-over", hand_over_id)


@moderators
@require_POST
def dossier(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """When, how, to whom, and the answer: the public part goes onto the record."""
    given = request.POST
    with telling(request):
        deliveries.write_dossier(
            hand_over_id=hand_over_id,
            delivered=deliveries.Delivered(
                _day(given.get("on", "")) or date.max, given.get("how", ""), given.get("to_role", ""), given.get("place", ""),
                given.get("answer", "none"), _day(given.get("answered_on", "")), given.get("answer_words", ""),
                given.get("note", ""),
            ),
            base_url=settings.GROUNDSWELL.base_url, staff_id=staff(request), now=now(),
        )  # fmt: skip
        messages.success(request, "The dossier is kept, and its public part is on the record.")
        _publish()
    return redirect("hand-over", hand_over_id)


@moderators
@require_POST
def proof(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """A photo, a receipt or a letter."""
    upload: Any = request.FILES.get("file")
    with telling(request):
        if upload is None:
            raise Refused.because("proof-missing", "No file was chosen.", "Choose a picture or a PDF.")
        deliveries.add_proof(
            hand_over_id=hand_over_id, kind=request.POST.get("kind", "photo")[:10], title=request.POST.get("title", ""),
            content=upload.read(), public=request.POST.get("public") == "yes", folder=settings.GROUNDSWELL.handover_folder,
            base_url=settings.GROUNDSWELL.base_url, staff_id=staff(request), now=now(),
        )  # fmt: skip
        messages.success(request, "The proof is kept, without what the camera wrote into it.")
        _publish()
    return redirect("hand-over", hand_over_id)


@moderators
@require_POST
def link(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    """A link for the target, or the end of one."""
    who = staff(request)
    with telling(request):
        if request.POST.get("close", "").isdigit():
            deliveries.close_target_page(page_id=int(request.POST["close"]), staff_id=who, now=now())
            messages.success(request, "The link is closed.")
        else:
            days = _number(request.POST.get("days", ""))
            deliveries.open_target_page(
                hand_over_id=hand_over_id, days=days, staff_id=who, why=request.POST.get("why", ""), now=now()
            )
            messages.success(request, "The link is made. It opens in a few seconds.")
        _publish()
    return redirect("hand-over", hand_over_id)


@moderators
@require_POST
def drip(request: HttpRequest) -> HttpResponse:
    """Begin a drip, or end one at once."""
    who, given = staff(request), request.POST
    with telling(request):
        if given.get("stop", "").isdigit():
            deliveries.stop_drip(drip_id=int(given["stop"]), staff_id=who, why=given.get("why", ""), now=now())
            messages.success(request, "The drip is stopped. Mails that waited go nowhere.")
        else:
            petition = actions.petition_named(given.get("petition", ""))
            numbers = [_number(given.get(name, "")) for name in ("per_mail", "per_day", "cap")]
            if petition is None:
                raise Http404
            deliveries.start_drip(
                petition_id=ActionId(petition.id), address=given.get("address", ""), to_role=given.get("to_role", ""),
                pace=deliveries.Pace(*numbers), order=Order(), staff_id=who, why=given.get("why", ""), now=now(),
            )  # fmt: skip
            messages.success(request, "The drip runs; the first mail leaves within a minute.")
    return redirect("hand-overs")


def _order(given: Any) -> Order:
    texts = tuple(sorted({int(number) for number in given.getlist("text") if number.isdigit()}))
    smallest = given.get("smallest", "")
    return Order(
        since=_day(given.get("since", "")), until=_day(given.get("until", "")),
        country=given.get("country", "").strip().upper()[:2], region=given.get("region", "").strip()[:80],
        versions=texts, places=given.get("places") == "yes",
        reasons=given.get("reasons") == "yes", smallest=int(smallest) if smallest.isdigit() else SMALLEST,
        formats=tuple(name for name in FORMATS if name in given.getlist("format")) or ("csv", "pdf"),
    )  # fmt: skip


def _number(text: str) -> int:
    """What was typed, or 0, which every operation refuses in its own words."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused.because("day-wrong", "A day is not one.", "It should look like 2026-01-31.") from None


def _publish() -> None:
    """The worker puts the pages on the disk: they are not ours to write."""
    app.configure_task("pages.publish_hand_overs").defer(timestamp=0)


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those who may."""
        return is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the office's menu."""
    return _Item("Hand-overs", reverse("hand-overs"), icon_name="mail", order=400)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Below `/office/`."""
    return [
        path("hand-overs/", listing, name="hand-overs"),
        path("hand-overs/new/", new, name="hand-over-new"),
        path("hand-overs/make/", make, name="hand-over-make"),
        path("hand-overs/drip/", drip, name="hand-over-drip"),
        path("hand-overs/<int:hand_over_id>/", one, name="hand-over"),
        path("hand-overs/<int:hand_over_id>/file/", take, name="hand-over-file"),
        path("hand-overs/<int:hand_over_id>/dossier/", dossier, name="hand-over-dossier"),
        path("hand-overs/<int:hand_over_id>/proof/", proof, name="hand-over-proof"),
        path("hand-overs/<int:hand_over_id>/link/", link, name="hand-over-link"),
    ]
