"""Campaign, target, demands and the record. The record is only ever added to, and nothing in it stands unsourced."""

from django.db import models
from django.db.models import Q


class Target(models.Model):
    """Whom a campaign presses: a company, an agency, an official."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="company")

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """An advocacy campaign against one target."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="campaigns")
    summary = models.TextField(blank=True)
    started_on = models.DateField()

    def __str__(self) -> str:
        return self.title


class Demand(models.Model):
    """What the campaign asks for, in whose words."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="demands")
    made_by = models.CharField(max_length=200)
    wording = models.TextField()
    dated = models.CharField(max_length=10)
    met = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.wording[:80]


class RecordEntry(models.Model):
    """One dated fact with its source. A correction is a new entry that points back (law 6)."""

    key = models.SlugField(max_length=120, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="record")
    dated = models.CharField(max_length=10)
    precision = models.CharField(max_length=16)
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    summary = models.TextField()
    wording = models.TextField(blank=True)
    certainty = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    publisher = models.CharField(max_length=200)
    source_title = models.CharField(max_length=400)
    source_url = models.URLField(max_length=600)
    source_date = models.CharField(max_length=40, blank=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["dated", "key"]
        verbose_name_plural = "record entries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(publisher="") & ~Q(source_title="") & ~Q(source_url=""), name="no_entry_without_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dated} {self.subject}"


class Commitment(models.Model):
    """What the target promised: scope as announced beside scope as it stands, and until when."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="commitments")
    title = models.CharField(max_length=200)
    made_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    until = models.CharField(max_length=200)
    last_confirmed_on = models.DateField(null=True, blank=True)
    last_confirmed_source = models.URLField(max_length=600, blank=True)
    scope_announced = models.TextField()
    scope_standing = models.TextField()
    ended_on = models.DateField(null=True, blank=True)
    kept = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title
