"""What stands around the record: targets and their relations, demands, open questions, and whether copies are shown."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from wagtail import hooks

from groundswell.basics.result import Refused
from groundswell.campaigns import operations, queries
from groundswell.campaigns.rules.names import slug_of
from groundswell.campaigns.rules.words import CERTAINTIES, RELATIONS, TARGET_KINDS


def _same(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class TargetForm(forms.Form):
    """Whom a campaign presses."""

    title, button = "Name a target", "Name the target"
    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="What it is", choices=_same(TARGET_KINDS))
    role = forms.CharField(label="What it decides", max_length=200, required=False)

    def do(self, campaign_id: int, now: datetime) -> None:
        """Name it."""
        operations.name_target(slug=slug_of(self.cleaned_data["name"])[:50], **self.cleaned_data)


class RelationForm(forms.Form):
    """Who owns, supplies, hosts, buys from whom."""

    title, button = "Relate two targets", "Write the relation down"
    one = forms.ChoiceField(label="Who")
    relation = forms.ChoiceField(label="Does what", choices=_same(RELATIONS))
    other = forms.ChoiceField(label="To whom")
    publisher = forms.CharField(label="Who published it", max_length=200)
    source_title = forms.CharField(label="Title", max_length=400)
    url = forms.URLField(label="Address", max_length=600, assume_scheme="https")

    def do(self, campaign_id: int, now: datetime) -> None:
        """Write it down, with its source."""
        facts = dict(self.cleaned_data)
        operations.relate(title=facts.pop("source_title"), **facts)


class DemandForm(forms.Form):
    """What is asked for."""

    title, button = "Write down a demand", "Write the demand down"
    made_by = forms.CharField(label="Who asks", max_length=200)
    wording = forms.CharField(label="For what, in their words", widget=forms.Textarea(attrs={"rows": 2}))
    dated = forms.CharField(label="Since", max_length=12)

    def do(self, campaign_id: int, now: datetime) -> None:
        """Write it down."""
        operations.demand(campaign_id=campaign_id, **self.cleaned_data)


class MeetForm(forms.Form):
    """A demand that is met, and the entry that shows it."""

    title, button = "A demand is met", "Say that it is met"
    demand_id = forms.TypedChoiceField(label="Which demand", coerce=int)
    entry_key = forms.ChoiceField(label="The entry that shows it")

    def do(self, campaign_id: int, now: datetime) -> None:
        """Say so."""
        operations.meet(**self.cleaned_data)


class QuestionForm(forms.Form):
    """What is not known."""

    title, button = "Write down what is not known", "Write the question down"
    question = forms.CharField(label="The question", max_length=300)
    finding = forms.CharField(label="What was found when we looked", widget=forms.Textarea(attrs={"rows": 2}))
    state = forms.ChoiceField(label="So it is", choices=_same(tuple(word for word in CERTAINTIES if word not in ("found", "copy"))))
    cites = forms.CharField(label="Keys of entries that say what is known, with a space between", required=False)

    def do(self, campaign_id: int, now: datetime) -> None:
        """Write it down."""
        facts = dict(self.cleaned_data)
        operations.wonder(campaign_id=campaign_id, cites=facts.pop("cites").split(), **facts, now=now)


class CopiesForm(forms.Form):
    """What the page shows."""

    title, button = "What was read only in a copy", "Keep to this"
    shown = forms.BooleanField(label="Show it on the public page, marked as such", required=False)

    def do(self, campaign_id: int, now: datetime) -> None:
        """Keep to it."""
        operations.show_copies(campaign_id=campaign_id, shown=self.cleaned_data["shown"])


FORMS: dict[str, Callable[..., Any]] = {
    "target": TargetForm, "relation": RelationForm, "demand": DemandForm, "meet": MeetForm,
    "question": QuestionForm, "copies": CopiesForm,
}  # fmt: skip


def _offer(form: forms.Form, view: queries.RecordView) -> None:
    """What there is to choose from: nobody types a short name or a number."""
    targets = [(slug, name) for slug, name in queries.target_slugs()]
    demands = [(str(demand.id), demand.wording[:100]) for demand in view.demands if not demand.met]
    entries = [(entry.key, f"{entry.when}: {entry.actor}, {entry.subject}"[:120]) for entry in reversed(view.standing_entries)]
    for name, choices in {"one": targets, "other": targets, "demand_id": demands, "entry_key": entries}.items():
        field = form.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def more(request: HttpRequest, slug: str) -> HttpResponse:
    """Every form on one page; the one that was pressed is the one that is done."""
    campaign_id = queries.campaign_named(slug)
    if campaign_id is None:
        raise Http404
    now = datetime.now(UTC)
    view = queries.record(campaign_id, now.date(), everything=True)
    made = {name: form(prefix=name) for name, form in FORMS.items()}
    for form in made.values():
        _offer(form, view)
    made["copies"] = CopiesForm(prefix="copies", initial={"shown": not queries.hides_copies(campaign_id)})
    which = request.POST.get("which", "")
    if request.method == "POST" and which in FORMS:
        pressed = made[which] = FORMS[which](request.POST, prefix=which)
        _offer(pressed, view)
        if pressed.is_valid():
            try:
                pressed.do(campaign_id, now)
            except Refused as refused:
                pressed.add_error(None, str(refused))
            else:
                messages.success(request, "Done. The public page follows in a moment.")
                return redirect("record-more", slug)
    facts = {"slug": slug, "view": view, "forms": made, "targets": queries.target_slugs()}
    return render(request, "office/record/more.html", facts, status=422 if which else 200)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Below /office/record/."""
    return [path("record/c/<slug:slug>/more/", more, name="record-more")]
