"""What the record asks staff to look at: texts that cite what changed, promises that end, silence."""

from django.db import models
from django.db.models import Q

from groundswell.campaigns.models.campaign import Campaign
from groundswell.campaigns.models.record import Commitment, RecordEntry


class CitationFlag(models.Model):
    """A draft or page that cites an entry which was corrected or disputed, or whose saved copy differs. Sent letters never."""

    entry = models.ForeignKey(RecordEntry, on_delete=models.PROTECT, related_name="flags")
    reason = models.CharField(max_length=20)
    """`corrected`, `disputed`, `copy differs`, `source gone`, `source moved`."""
    because = models.BigIntegerField(default=0)
    """The number of the entry or the look that raised it."""
    place_kind = models.CharField(max_length=20)
    """`draft letter`, `passage`, `series` or `page`."""
    place = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.BigIntegerField(null=True)
    cleared_why = models.TextField(blank=True)

    class Meta:
        ordering = ["-raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "reason", "because", "place_kind", "place"], name="one_flag_once"),
        ]
        indexes = [models.Index(fields=["entry"], condition=Q(cleared_at__isnull=True), name="flag_open")]

    def __str__(self) -> str:
        return f"{self.place_kind} {self.place}: {self.reason}"


class StandingChange(models.Model):
    """The standing of a commitment changed on a day: by an entry, or because a date passed. Only added to."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=200, blank=True)
    word = models.CharField(max_length=20)
    words = models.CharField(max_length=200)
    by_time = models.BooleanField()
    """No entry did it: a date passed."""
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.words}"


class Reminder(models.Model):
    """Something for staff to do about a commitment, once."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reminders")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="reminders")
    once = models.CharField(max_length=160, unique=True)
    subject = models.CharField(max_length=300)
    words = models.TextField()
    due_on = models.DateField()
    told_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.subject
