"""A petition's page as its authors write it: Wagtail keeps drafts, revisions, schedules and who did what.

What people sign is not kept here: on publishing, title and text become a version in the actions room (law 7), and the
page becomes files.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from groundswell.actions.queries import petition_named
from groundswell.pages.act_blocks import ACT, kind_and_setting, problems
from groundswell.pages.blocks import BODY
from groundswell.pages.words import NAMES

_LANGUAGES = sorted(NAMES.items())


class PetitionPage(Page):  # type: ignore[misc]
    """One language of one petition. `slug` is its address: `/a/<slug>`."""

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+")
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="translations",
        help_text="The page that this is a translation of: one petition, one count.",
    )  # fmt: skip
    language = models.CharField(max_length=12, choices=_LANGUAGES, default="en")
    lead = models.CharField(
        max_length=300, blank=True, help_text="One sentence under the title; also shown where the link is shared."
    )
    text = models.TextField(help_text="What people sign, in Markdown. A change is a new version; who signed before keeps theirs.")
    goal = models.PositiveIntegerField(default=1000, help_text="Raised by itself when it comes near.")
    image = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    image_alt = models.CharField("what the image shows", max_length=200, blank=True)
    act = StreamField(
        ACT, blank=True, max_num=1, use_json_field=True,
        help_text="Nothing here: people sign. Or a letter, a call, a pledge, a photo, an event; once published, its kind stays.",
    )  # fmt: skip
    body = StreamField(BODY, blank=True, use_json_field=True)
    ask_name = models.BooleanField("ask for the name", default=True)
    ask_country = models.BooleanField("ask for the country", default=True)
    ask_postcode = models.BooleanField("ask for the postcode", default=True)
    ask_phone = models.BooleanField("ask for a telephone number", default=False)
    ask_reason = models.BooleanField("ask why they sign", default=True)
    confirm = models.CharField(
        max_length=200, blank=True, help_text="Countries whose signers confirm by mail (DE AT …), or * for everyone."
    )
    share_texts = models.TextField(blank=True, help_text="What sharers send, a line for each; they are tried against each other.")
    next_title = models.CharField("one more thing to do", max_length=200, blank=True)
    next_url = models.CharField("where it leads", max_length=200, blank=True, help_text="An address of ours, beginning with /.")
    thanks_subject = models.CharField(max_length=200, default="Thank you")
    thanks_text = models.TextField(default='{{ first_name | "Friend" }},\n\nYour name is in.\n\n::: ask\nPass it on\n:::\n')

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("campaign"), FieldPanel("language"), FieldPanel("translation_of")]),
        FieldPanel("lead"), FieldPanel("text"), FieldPanel("act", heading="What people do"), FieldPanel("goal"),
        FieldRowPanel([FieldPanel("image"), FieldPanel("image_alt")]),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("ask_name", "ask_country", "ask_postcode", "ask_phone", "ask_reason", "confirm")],
            "The form: ask only for what is needed",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("share_texts", "next_title", "next_url", "thanks_subject", "thanks_text")],
            "After signing",
        ),
    ]  # fmt: skip

    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug", heading="Address: /a/…")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "petition page"

    def __str__(self) -> str:
        return str(self.title)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The form, and the button for who comes by a letter."""
        return [("index", "A stranger's view"), ("recognised", "By a letter"), ("thanks-0", "After signing")]

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Where people find it: the door's address, wherever the page stands in the office's tree."""
        parts = super().get_url_parts(request)
        return (parts[0], settings.GROUNDSWELL.base_url, f"/a/{self.slug}") if parts else None

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as it would be published, with nothing written."""
        from groundswell.pages.authoring import preview  # noqa: PLC0415 (it knows this model)

        return HttpResponse(preview(self, mode_name))

    def clean(self) -> None:
        """A next step is on our own site: a page of ours sends nobody elsewhere unasked."""
        super().clean()
        if self.next_url and (not self.next_url.startswith("/") or self.next_url.startswith("//")):
            raise ValidationError({"next_url": "This should be an address of ours, beginning with one /."})
        known = petition_named(self.translation_of.slug if self.translation_of else self.slug)
        if known is not None and known.kind != kind_and_setting(self.act)[0]:
            was = "a petition" if known.kind == "petition" else f"an action of the kind “{known.kind}”"
            raise ValidationError(
                {"act": f"This is {was}, and people have acted on it: make a page of its own for something else."}
            )
        if wrong := problems(self.act):
            raise ValidationError({"act": [f"{problem.message} {problem.mend}" for problem in wrong]})
        if self.translation_of and self.translation_of.translation_of_id:
            raise ValidationError({"translation_of": "Choose the first page, not a translation of it."})
        if self.translation_of:
            self._differ_from_other_languages(self.translation_of)
        self._keep_what_others_hold()

    def _differ_from_other_languages(self, first: "PetitionPage") -> None:
        """One page a language, all of one campaign: signatures are counted together, and readers are led by language."""
        others = (first, *PetitionPage.objects.filter(translation_of=first).exclude(pk=self.pk))
        taken = next((other for other in others if other.language == self.language), None)
        if taken is not None:
            raise ValidationError({"language": f"“{taken.title}” is this petition's page in this language: choose another."})
        if first.campaign_id != self.campaign_id:
            raise ValidationError(
                {"campaign": f"“{first.title}” belongs to the campaign “{first.campaign.title}”: choose that one."}
            )

    def _keep_what_others_hold(self) -> None:
        """Letters, shared links and signatures lead to a published page: it keeps its address and what it belongs to."""
        if PetitionPage.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": f"Another page stands at /a/{self.slug}: choose another address."})
        before = PetitionPage.objects.filter(pk=self.pk, first_published_at__isnull=False).first()
        if before is None:
            return
        wrong = {}
        if before.slug != self.slug:
            wrong["slug"] = (
                f"Letters and links lead to /a/{before.slug}, and its signatures are counted there: it keeps this address."
            )
        if before.translation_of_id != self.translation_of_id:
            wrong["translation_of"] = "It was published and has signatures of its own count: make a page of its own instead."
        if before.language != self.language:
            wrong["language"] = "People have signed it in this language: make a translation, a page of its own."
        if before.campaign_id != self.campaign_id:
            wrong["campaign"] = "Its signatures belong to the campaign it was published for: make a page of its own for another."
        if wrong:
            raise ValidationError(wrong)
