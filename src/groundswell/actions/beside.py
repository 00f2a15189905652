"""What stands beside a petition on its page: reasons that may be shown, partners who ask with us, share texts on trial."""

from django.db import models


class PublicReason(models.Model):
    """A signer's wish that their reason stands on the page, and what staff decided. The words stay sealed with the signature."""

    signature_id = models.UUIDField(primary_key=True)
    petition_id = models.BigIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    """`waiting` for staff, `shown`, or `declined`."""
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["petition_id", "state", "at"], name="reason_in_order")]

    def __str__(self) -> str:
        return f"reason of {self.pk}: {self.state}"


class Partner(models.Model):
    """An organisation that asks with us: its own link, its own consent line, its own counts."""

    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="partners")
    slug = models.SlugField(max_length=60)
    organisation = models.CharField(max_length=120)
    wording = models.TextField()
    wordings = models.JSONField(default=dict)
    """The same question in the other languages of the petition; where one is missing, `wording` is asked there."""
    privacy_url = models.CharField(max_length=200)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "slug"], name="a_partner_is_there_once")]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.slug})"


class ShareTrial(models.Model):
    """The share texts of one language of a petition, and since when these are tried side by side."""

    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="share_trials")
    language = models.CharField(max_length=12, blank=True)
    texts = models.JSONField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["petition", "language", "since"], name="share_trial_latest")]

    def __str__(self) -> str:
        return f"{len(self.texts)} share texts since {self.since:%Y-%m-%d}"
