"""Petitions, their text versions, signatures and counts. What people signed is never changed under them (law 7)."""

from django.db import models
from django.db.models import Q

from groundswell.actions.acting.tables import Deed, Photo, Recipient
from groundswell.actions.beside import Partner, PublicReason, ShareTrial
from groundswell.actions.origins import Holding, LaterYes, Origin, Pending

__all__ = [
    "Deed", "Holding", "LaterYes", "Origin", "Partner", "Pending", "Petition", "Photo", "PublicReason", "Recipient", "ShareTrial",
    "Signature", "TextVersion",
]  # fmt: skip


class Petition(models.Model):
    """Something a person can sign or do (`kind`). Its words are in its versions; this row only names it."""

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, default="petition")
    """`acting.kinds.KINDS`: letters, calls, pledges, photos and events go on the same rails as a signature."""
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="petitions")
    language = models.CharField(max_length=12, default="en")
    goal = models.PositiveIntegerField(default=1000)
    counted = models.PositiveIntegerField(default=0)
    """Signatures at the last count: written in windows by one task, never by a signature (law 5)."""
    counted_at = models.DateTimeField(null=True)
    thanks_subject = models.CharField(max_length=200)
    thanks_text = models.TextField()
    open_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """Nothing more is taken since then, and the page says why."""
    closed_why = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.slug


class TextVersion(models.Model):
    """The petition's words at one time. Only ever added to."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    since = models.DateTimeField()
    language = models.CharField(max_length=12, blank=True)
    """Empty for the petition's own language; else the language that this version is a translation into."""
    setting = models.JSONField(default=dict)
    """What the action's kind needs beyond words (`acting.kinds`): the letter, the script, the date."""

    class Meta:
        ordering = ["petition", "number"]
        constraints = [models.UniqueConstraint(fields=["petition", "number"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"


class Signature(models.Model):
    """One person's name under one version. `id` is the journal entry's, which makes applying it twice one."""

    id = models.UUIDField(primary_key=True)
    # Who takes names in looks the version up, under its petition, and both are only ever added to: that the database asked for
    # both again at every name took a tenth of a crowd's time. `signature_in_order` begins with the petition.
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="signatures")
    version = models.ForeignKey(
        TextVersion, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="signatures"
    )
    person_id = models.BigIntegerField()
    source = models.CharField(max_length=80)
    position = models.CharField(max_length=20, default="website")
    delivery_id = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="confirmed")
    shows = models.CharField(max_length=12, default="name")
    """What its signer agreed to show to the target: `name` (first name, initial), `name+place`, or `place` (no name)."""
    reason = models.BinaryField(null=True)
    """Why, in the signer's own words, sealed like their details and bound to them; given to be handed over."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "person_id"], condition=~Q(state="withdrawn"), name="a_person_signs_once")
        ]
        indexes = [
            models.Index(fields=["person_id"], name="signature_person"),
            models.Index(fields=["petition", "signed_at", "id"], name="signature_in_order"),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk} ({self.state})"
