"""Supporters without their details: coarse facts, the consent ledger, suppressions. Details lie in the vault's schema."""

from django.db import models
from django.db.models import Q


class Person(models.Model):
    """Someone, by number. Language and place are coarse on purpose: audiences are chosen without opening anything."""

    language = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=80, blank=True)
    postcode_area = models.CharField(max_length=8, blank=True)
    joined_at = models.DateTimeField()
    may_mail = models.BooleanField(default=False)
    """Derived from consent and suppression, in the same transaction that changes either."""

    class Meta:
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["id"], condition=Q(may_mail=True), name="person_mailable")]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Consent(models.Model):
    """A line of the consent ledger (law 4): who agreed or declined, to which words, when and how. Never edited."""

    person = models.ForeignKey(Person, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="consents")
    given = models.BooleanField()
    organisation = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60, default="mail")
    wording = models.TextField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    source = models.CharField(max_length=120)
    how = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"consent {self.pk}: {'yes' if self.given else 'no'}"


class Suppression(models.Model):
    """An address that is not written to, kept as a keyed hash only, so that it outlives the person's erasure."""

    index = models.BinaryField(max_length=16)
    reason = models.CharField(max_length=20)
    source = models.CharField(max_length=120)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["index", "reason"], condition=Q(lifted_at__isnull=True), name="one_standing_suppression"
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}: {self.reason}"


class ImportRun(models.Model):
    """One file being imported: how far it is, so that a second run goes on where a killed one ended."""

    sha256 = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=200)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"import of {self.file_name}: {self.rows_done} rows"
