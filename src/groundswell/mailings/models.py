"""An appeal with an audience and a time, and the profile of who speaks in it."""

from django.db import models


class SenderProfile(models.Model):
    """Signature, from-address, footer and team name in one: they change together or not at all."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    team = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120)
    from_address = models.EmailField()
    reply_to = models.EmailField()
    list_id = models.CharField(max_length=120)
    feedback_id = models.CharField(max_length=15)
    postal_address = models.TextField()
    why = models.TextField()
    privacy_url = models.CharField(max_length=300)
    website = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"


class Mailing(models.Model):
    """A letter to many. Its appeal is what the author wrote; what was sent is kept by the post office."""

    slug = models.SlugField(unique=True)
    appeal = models.TextField()
    language = models.CharField(max_length=12, default="en")
    sender = models.ForeignKey(SenderProfile, on_delete=models.PROTECT, related_name="mailings")
    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="mailings")
    state = models.CharField(max_length=12, default="draft")
    letter_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.slug} ({self.state})"
