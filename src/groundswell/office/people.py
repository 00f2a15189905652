"""People in the office: looked for with a reason, one at a time; their marks, notes and rights.

For those who approve only: editors see nobody. No address and no name stands in a URL, and a page that shows some is
neither kept by the browser nor reached by a link.
"""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.actions.queries import signed_by
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.office.desk import is_moderator, moderators, now, staff
from groundswell.people import cards, pairs, queries, reading_room, rights
from groundswell.people import operations as people
from groundswell.people.cards import PersonCard
from groundswell.people.rules import GONE, MERGED
from groundswell.post.queries import letters_to

REASONS = {
    "unsubscribed": "said goodbye",
    "hard_bounce": "the address does not take mail",
    "complaint": "complained about our mail",
    "legal": "asked to be forgotten",
}


@moderators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list in numbers, and where to look for somebody."""
    facts = {
        "counts": queries.counts(), "imports": queries.imports()[:20], "pairs": pairs.how_many_open(),
        "fields": cards.fields(), "tags": cards.names_of("tag"), "topics": cards.names_of("topic"),
    }  # fmt: skip
    return render(request, "office/people/index.html", facts)


@moderators
@require_POST
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Who has this address, number or name."""
    facts: dict[str, Any] = {"sought": request.POST.get("sought", "").strip(), "why": request.POST.get("why", "")}
    status = 200
    try:
        facts["found"] = reading_room.find(sought=facts["sought"], staff_id=staff(request), reason=facts["why"], now=now())
    except Refused as refused:
        facts["problem"], status = str(refused.problems[0]), 422
    return render(request, "office/people/found.html", facts, status=status)


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest, person: int) -> HttpResponse:
    """One person: what is known in clear, and, with a reason, their details and notes."""
    card = _card(person)
    facts: dict[str, Any] = {
        "card": card, "standing": [(REASONS.get(why, why), source, at) for why, source, at in card.suppressions],
        "signed": signed_by(card.person), "letters": len(letters_to(card.person)), "merges": pairs.merges_of(card.person),
        "tags": cards.names_of("tag"), "topics": cards.names_of("topic"), "why": "",
        "here": _is_here(card),
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        facts["why"] = request.POST.get("why", "")
        try:
            facts["details"] = reading_room.read(person=card.person, staff_id=staff(request), reason=facts["why"], now=now())
            facts["none"] = facts["details"] is None
        except Refused as refused:
            facts["problem"], status = str(refused.problems[0]), 422
    return render(request, "office/people/show.html", facts, status=status)


@moderators
@require_POST
def change(request: HttpRequest, person: int) -> HttpResponse:
    """A tag or topic put on or taken off, a field, a note."""
    card = _card(person)
    said = request.POST
    if not _is_here(card):
        messages.error(request, "Nobody is here any more under this number; nothing was written down of them.")
        return redirect("people-show", person)
    try:
        for kind in ("tag", "topic"):
            if said.get(kind, "").strip():
                people.tag(persons=[card.person], name=said[kind], kind=kind)
            if said.get(f"un{kind}"):
                people.untag(persons=[card.person], name=said[f"un{kind}"], kind=kind)
        for field in card.fields:
            if f"fact-{field.slug}" in said and said[f"fact-{field.slug}"].strip() != field.value:
                people.set_fact(person=card.person, slug=field.slug, value=said[f"fact-{field.slug}"])
        if "note" in said:
            people.write_note(person=card.person, text=said["note"], staff_id=staff(request), now=now())
        messages.success(request, "Saved.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    return redirect("people-show", person)


@moderators
@require_POST
def forget(request: HttpRequest, person: int) -> HttpResponse:
    """The person asked for it: details, notes and marks go; counts and the proof of consent stay without them."""
    card = _card(person)
    why = request.POST.get("why", "")
    if request.POST.get("sure") != str(person) or not why.strip():
        messages.error(request, f"Nothing was changed. Say why, and type {person} to confirm.")
        return redirect("people-show", person)
    people.forget(person=card.person, staff_id=staff(request), why=why, now=now())
    messages.success(request, f"Person {person} is forgotten. The address stays suppressed as a keyed hash.")
    return redirect("people")


@moderators
@require_POST
@never_cache
def give_out(request: HttpRequest, person: int) -> HttpResponse:
    """Everything held of one person, as a file to send to them."""
    card = _card(person)
    try:
        found = rights.everything_of(person=card.person, staff_id=staff(request), reason=request.POST.get("why", ""), now=now())
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
        return redirect("people-show", person)
    text = json.dumps(found, default=str, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="person-{person}.json"'
    return answer


@moderators
@require_POST
def make_field(request: HttpRequest) -> HttpResponse:
    """A custom field, or a tag or topic to choose from."""
    said = request.POST
    try:
        if said.get("kind") in ("tag", "topic"):
            people.make_tag(name=said.get("label", ""), kind=said["kind"])
        else:
            choices = [word.strip() for word in said.get("choices", "").split(",") if word.strip()]
            people.name_field(label=said.get("label", ""), kind=said.get("kind", ""), choices=choices)
        messages.success(request, "Made.")
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    return redirect(reverse("people") + "#fields")


def _card(person: int) -> PersonCard:
    card = cards.card(PersonRef(person))
    if card is None:
        raise Http404
    return card


def _is_here(card: PersonCard) -> bool:
    """Not forgotten, and not somebody else by now: of those nothing more is written down."""
    return card.why_not not in (GONE, MERGED)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Behind the staff door, where Wagtail asks who it is."""
    return [
        path("people/", index, name="people"),
        path("people/find/", find, name="people-find"),
        path("people/fields/", make_field, name="people-fields"),
        path("people/<int:person>/", show, name="people-show"),
        path("people/<int:person>/change/", change, name="people-change"),
        path("people/<int:person>/forget/", forget, name="people-forget"),
        path("people/<int:person>/give-out/", give_out, name="people-give-out"),
    ]


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those who may."""
        return is_moderator(request.user)


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """In the menu."""
    return _Item("People", reverse("people"), icon_name="user", order=200)
