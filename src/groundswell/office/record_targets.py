"""Targets across campaigns: roles, relations, and the persons to write to, who are opened one at a time and with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks

from groundswell.basics.result import Refused
from groundswell.campaigns import operations, queries
from groundswell.mailings.audiences.queries import in_use
from groundswell.office.desk import is_moderator, moderators, now, staff, telling
from groundswell.people import reading_room


class ContactForm(forms.Form):
    """A person to write to or to call."""

    given_name = forms.CharField(label="First name", max_length=100, required=False)
    family_name = forms.CharField(label="Family name", max_length=100, required=False)
    role = forms.CharField(label="Their role there", max_length=200, required=False, help_text="Such as “head of public policy”.")
    email = forms.CharField(label="E-mail address", max_length=254)
    phone = forms.CharField(label="Telephone", max_length=40, required=False, help_text="With its country: +1 206 555 0100.")
    why = forms.CharField(label="Where is this from?", max_length=300, help_text="It goes into the ledger. No name, no address.")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every target. Whom to write to is shown as a number only."""
    facts = {"targets": queries.targets(), "may": is_moderator(request.user)}
    return render(request, "office/record/targets.html", facts)


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a contact; what was typed goes into the vault and is not shown again."""
    target = next((target for target in queries.targets() if target.slug == slug), None)
    if target is None:
        raise Http404
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_contact(target_slug=slug, staff_id=staff(request), now=now(), **form.cleaned_data)
        except Refused as refused:
            for problem in refused.problems:
                form.add_error("email" if "address" in problem.code else None, str(problem))
        else:
            messages.success(request, "The contact is in the vault.")
            return redirect("record-targets")
    facts = {"form": form, "target": target}
    return render(request, "office/record/contact.html", facts, status=422 if form.errors else 200)


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One contact: with a reason, who it is. Looking is written into the ledger first."""
    sealed = queries.sealed_contact(contact_id)
    if sealed is None:
        raise Http404
    facts: dict[str, Any] = {"number": contact_id, "why": ""}
    if request.method == "POST":
        facts["why"] = request.POST.get("why", "")
        try:
            found = reading_room.read_contact(
                person=sealed.person, field=sealed.field, role=sealed.role, staff_id=staff(request), reason=facts["why"], now=now()
            )
            facts["details"], facts["role"] = found or (None, "")
        except Refused as refused:
            facts["problem"] = str(refused.problems[0])
    return render(request, "office/record/contact_one.html", facts, status=422 if "problem" in facts else 200)


@moderators
@require_POST
def end(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Not the one to write to any more."""
    with telling(request):
        why = request.POST.get("why", "")
        if operations.end_contact(contact_id=contact_id, in_use=in_use, staff_id=staff(request), why=why, now=now()):
            messages.success(request, "The contact is ended. What nothing else needs is erased.")
    return redirect("record-targets")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Below /office/record/."""
    return [
        path("record/targets/", index, name="record-targets"),
        path("record/targets/<slug:slug>/contact/", add, name="record-contact-add"),
        path("record/contacts/<int:contact_id>/", one, name="record-contact"),
        path("record/contacts/<int:contact_id>/end/", end, name="record-contact-end"),
    ]
