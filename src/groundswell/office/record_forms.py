"""The forms of the record: an entry with its sources, a commitment, a copy, a list. They say what is wrong beside the field."""

from typing import Any

from django import forms

from groundswell.basics.result import Problem
from groundswell.campaigns.rules.standing import BEARINGS
from groundswell.campaigns.rules.words import CERTAINTIES, KINDS

SOURCES = 3
_SURE = {
    "found": "found: I read it in the source", "copy": "copy: I read it in a copy, not in the original",
    "only the sender says so": "only the sender says so", "disputed": "disputed",
    "not found": "not found: I looked, and it is not there",
}  # fmt: skip
_BEARS = {
    "": "nothing: it is only to know", "makes": "makes it", "extends": "prolongs it", "narrows": "narrows it",
    "confirms": "confirms it", "breaks": "breaks it", "withdraws": "takes it back", "keeps": "keeps it: what was promised is done",
}  # fmt: skip


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class EntryForm(forms.Form):
    """One dated fact."""

    dated = forms.CharField(
        label="Date", max_length=12, help_text="2021-05-18, 2021-05, 2021-spring or 2021: as exactly as you know."
    )
    about = forms.BooleanField(label="The date is about right only", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[(kind, kind) for kind in KINDS])
    actor = forms.CharField(label="Who acted", max_length=200)
    subject = forms.CharField(label="Headline", max_length=300)
    summary = forms.CharField(label="What happened, in your words", widget=forms.Textarea(attrs={"rows": 3}))
    wording = forms.CharField(
        label="Their own words, quoted", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Word for word; leave it empty if you did not read them.",
    )  # fmt: skip
    said_by = forms.CharField(label="Who says so", max_length=200, required=False, help_text="Where it is not the one who acted.")
    certainty = forms.ChoiceField(label="How sure is it?", choices=[(name, _SURE[name]) for name in CERTAINTIES])
    note = forms.CharField(label="What to know about the source", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    commitment = forms.ChoiceField(label="Commitment that it bears on", required=False)
    bearing = forms.ChoiceField(
        label="What it does to it", required=False, choices=[(name, _BEARS[name]) for name in ("", *BEARINGS)]
    )
    scope = forms.CharField(
        label="Scope, as they put it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What it covers by these words.",
    )
    expires = forms.CharField(label="Ends on", required=False, max_length=10, help_text="2027-01-31, or “no date” if they say so.")
    until = forms.CharField(label="Until, in their words", required=False, max_length=200)
    conditions = forms.CharField(label="Conditions", required=False, max_length=500)
    corrects = forms.CharField(required=False, widget=forms.HiddenInput)
    disputes = forms.CharField(required=False, widget=forms.HiddenInput)
    answers = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, commitments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["commitment"], [("", "none"), *commitments])

    def show(self, problems: tuple[Problem, ...]) -> None:
        """What the record refused, at the field it is about."""
        for problem in problems:
            name = problem.context.get("field", "")
            self.add_error(name if name in self.fields else None, str(problem))


class SourceForm(forms.Form):
    """Where it was found."""

    publisher = forms.CharField(label="Who published it", max_length=200, required=False)
    title = forms.CharField(label="Title", max_length=400, required=False)
    url = forms.CharField(label="Address", max_length=600, required=False, help_text="https://…; for paper, keep a copy below.")
    dated = forms.CharField(label="Its date", max_length=40, required=False)
    retrieved_on = forms.DateField(label="Read on", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    is_copy = forms.BooleanField(label="I read a copy, not the original", required=False)
    copy = forms.FileField(label="Keep a copy (WARC, PDF, picture; up to 200 MB)", required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def given(self) -> bool:
        """Whether anything was typed."""
        names = ("publisher", "title", "url", "dated", "kept", "copy")
        return any(self.cleaned_data.get(name) for name in names)


SourceFormSet = forms.formset_factory(SourceForm, extra=0, max_num=20)


class CommitmentForm(forms.Form):
    """A promise by its name."""

    title = forms.CharField(label="Name of the promise", max_length=200, help_text="Such as: Amazon, moratorium on police use.")
    target_slug = forms.ChoiceField(label="Who made it")
    not_covered = forms.CharField(
        label="What it leaves out, one per line", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(label="What to know", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    review_every_months = forms.IntegerField(
        label="Remind us after so many months of silence", initial=12, min_value=1, max_value=120
    )
    unconfirmed_after_months = forms.IntegerField(
        label="Call it unconfirmed after so many months", initial=36, min_value=1, max_value=240
    )
    review_on = forms.DateField(label="Look again on", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["target_slug"], targets)


class CopyForm(forms.Form):
    """A new copy of a source, or what became of its address."""

    copy = forms.FileField(label="A copy made today", required=False)
    look = forms.ChoiceField(
        label="Or say what became of its address", required=False,
        choices=[("", "it is there"), ("gone", "it is gone"), ("moved", "it has moved")],
    )  # fmt: skip
    words = forms.CharField(label="Where to", required=False, max_length=600)


class RegisterForm(forms.Form):
    """A list of who supplies what to whom."""

    file = forms.FileField(label="CSV file", help_text="Our own columns, or a download of the Atlas of Surveillance.")
    name = forms.CharField(label="What to call this list", required=False, max_length=120)
    dry_run = forms.BooleanField(label="Only show what would change", required=False)
