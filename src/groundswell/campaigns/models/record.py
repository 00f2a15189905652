"""The record. Entries, their sources and what became of saved copies are only ever added to: the database refuses more."""

from django.db import models
from django.db.models import F, Q

from groundswell.campaigns.models.campaign import Campaign, Target
from groundswell.campaigns.rules.dates import PRECISIONS
from groundswell.campaigns.rules.standing import BEARINGS
from groundswell.campaigns.rules.words import CERTAINTIES, KINDS


class Commitment(models.Model):
    """A promise by its name. What was promised, until when and how it stands is read from the entries that bear on it."""

    slug = models.SlugField(max_length=80)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="commitments")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="commitments")
    title = models.CharField(max_length=200)
    not_covered = models.TextField(blank=True)
    """What it leaves out, one line each."""
    note = models.TextField(blank=True)
    unconfirmed_after_months = models.PositiveSmallIntegerField(default=36)
    expiring_within_days = models.PositiveSmallIntegerField(default=60)
    review_every_months = models.PositiveSmallIntegerField(default=12)
    """Staff are reminded to look again when nothing was confirmed for so long."""
    review_on = models.DateField(null=True, blank=True)
    word = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=200, blank=True)
    """The standing as last worked out, so that a change can be seen."""
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="one_commitment_per_name")]

    def __str__(self) -> str:
        return self.title


class RecordEntry(models.Model):
    """One dated fact. A correction is a new entry that points back; nothing here is ever changed (law 6)."""

    key = models.SlugField(max_length=120, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="record")
    target = models.ForeignKey(Target, null=True, on_delete=models.PROTECT, related_name="entries")
    """Whom it concerns; the campaign's own target where it is nobody else."""
    dated = models.CharField(max_length=12)
    precision = models.CharField(max_length=16, choices=[(name, name) for name in PRECISIONS])
    about = models.BooleanField(default=False)
    first_day = models.DateField()
    last_day = models.DateField()
    kind = models.CharField(max_length=20, choices=[(name, name) for name in KINDS])
    actor = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    summary = models.TextField()
    wording = models.TextField(blank=True)
    """The actor's own words, quoted; never mixed with our summary."""
    scope = models.TextField(blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    certainty = models.CharField(max_length=40, choices=[(name, name) for name in CERTAINTIES])
    note = models.TextField(blank=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="correction")
    disputes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="disputed_by")
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    commitment = models.ForeignKey(Commitment, null=True, on_delete=models.PROTECT, related_name="entries")
    bearing = models.CharField(max_length=10, blank=True, choices=[(name, name) for name in BEARINGS])
    expires_on = models.DateField(null=True)
    no_date = models.BooleanField(default=False)
    until = models.CharField(max_length=200, blank=True)
    conditions = models.TextField(blank=True)
    begins_on = models.DateField(null=True)
    entered_at = models.DateTimeField()
    entered_by = models.BigIntegerField(null=True)
    """The number of a member of staff."""

    class Meta:
        ordering = ["first_day", "key"]
        verbose_name_plural = "record entries"
        indexes = [models.Index(fields=["campaign", "first_day"], name="record_by_day")]
        constraints = [
            # Numbers only grow, so pointing to an earlier one can't go round in a circle.
            models.CheckConstraint(condition=Q(corrects__isnull=True) | Q(corrects__lt=F("id")), name="corrects_an_earlier_entry"),
            models.CheckConstraint(condition=Q(bearing="") | Q(commitment__isnull=False), name="bears_on_a_commitment"),
            models.CheckConstraint(condition=Q(certainty__in=CERTAINTIES), name="certainty_is_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.dated} {self.subject}"


class Evidence(models.Model):
    """A kept copy, by what is in it. The bytes lie in the data folder under this hash and are never run or shown as a page."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    form = models.CharField(max_length=8)
    """`warc` or `file`."""
    file_name = models.CharField(max_length=200)
    gist = models.CharField(max_length=64, blank=True, default="")
    """Hash of what is compared with a later copy: a page's words, or the bytes that a server sent, without the wrapping."""
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.file_name} ({self.sha256[:12]})"


class RecordSource(models.Model):
    """Where an entry was found: who published it, under which title and address, and when it was read."""

    entry = models.ForeignKey(RecordEntry, on_delete=models.PROTECT, related_name="sources")
    place = models.PositiveSmallIntegerField()
    publisher = models.CharField(max_length=200)
    title = models.CharField(max_length=400)
    url = models.CharField(max_length=600, blank=True)
    dated = models.CharField(max_length=40, blank=True)
    retrieved_on = models.DateField(null=True)
    original = models.BooleanField(default=True)
    """Read in the original; False: in a copy, a summary, a quotation."""
    copy = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="sources")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["entry", "place"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "place"], name="one_source_per_place"),
            models.CheckConstraint(
                condition=~Q(publisher="") & ~Q(title="") & (~Q(url="") | Q(copy__isnull=False)), name="a_source_can_be_found"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"


class CopyCheck(models.Model):
    """A look at a source again: the same as the saved copy, another, moved or gone."""

    source = models.ForeignKey(RecordSource, on_delete=models.PROTECT, related_name="checks")
    result = models.CharField(max_length=10)
    """`first`, `same`, `differs`, `moved`, `gone`."""
    copy = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="checks")
    words = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["source", "at", "pk"]

    def __str__(self) -> str:
        return f"source {self.source_id}: {self.result}"


class Unknown(models.Model):
    """What was looked for and not found, or what only one side says: shown, never smoothed over."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="unknowns")
    question = models.CharField(max_length=300)
    finding = models.TextField()
    state = models.CharField(max_length=40)
    cites = models.JSONField(default=list)
    """Keys of the entries that say what is known of it."""
    looked_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "question"], name="one_question_once")]

    def __str__(self) -> str:
        return self.question
