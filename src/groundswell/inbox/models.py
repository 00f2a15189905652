"""Mails taken in, each exactly once, and what was done about them. No address is kept here in clear."""

from django.db import models
from django.db.models import Q


class State(models.IntegerChoices):
    """Where a mail that came in stands."""

    TAKEN = 1, "taken"
    APPLIED = 2, "applied"
    KEPT = 3, "kept for a person"
    FORWARDED = 4, "forwarded"
    DROPPED = 5, "dropped"
    SET_ASIDE = 6, "set aside"


class Incoming(models.Model):
    """One mail or provider event. `key` makes taking it in twice one; the state and the deeds commit together."""

    key = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=10)
    form = models.CharField(max_length=5, default="mail")
    state = models.SmallIntegerField(choices=State.choices, default=State.TAKEN)
    sealed = models.BinaryField(null=True)
    """The mail itself, under the installation's key: until it is applied, and for as long as a person has to look."""
    taken_at = models.DateTimeField()
    due_at = models.DateTimeField()
    starts = models.SmallIntegerField(default=0)
    failures = models.SmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=12, blank=True)
    because = models.CharField(max_length=30, blank=True)
    words = models.CharField(max_length=300, blank=True)
    """The words the class rests on, addresses struck out."""
    outcome = models.CharField(max_length=300, blank=True)
    """What was done and why, for staff."""
    delivery_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    proven = models.BooleanField(default=False)
    suppressed = models.PositiveSmallIntegerField(default=0)
    """How many people this mail alone took off the list; what the daily limit of unproven ones counts."""
    provider = models.CharField(max_length=12, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "incoming mails"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[State.TAKEN, State.KEPT, State.SET_ASIDE]) | Q(sealed=None),
                name="a_mail_that_is_done_is_gone",
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state=1), name="incoming_due"),
            models.Index(fields=["-taken_at"], condition=Q(state__in=[3, 6]), name="incoming_for_a_person"),
            models.Index(fields=["applied_at"], condition=Q(suppressed__gt=0, proven=False), name="incoming_unproven"),
            models.Index(fields=["person_id"], condition=Q(person_id__isnull=False), name="incoming_person"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}: {State(self.state).label}"


class FullReport(models.Model):
    """A mailbox was full or inactive once more: so many in so many days, and it is not written to."""

    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    incoming = models.ForeignKey(Incoming, on_delete=models.CASCADE, related_name="full_reports")

    class Meta:
        indexes = [models.Index(fields=["person_id", "at"], name="full_report_person")]
        constraints = [models.UniqueConstraint(fields=["person_id", "incoming"], name="one_full_report_per_mail")]

    def __str__(self) -> str:
        return f"person {self.person_id} full at {self.at:%Y-%m-%d}"


class Forward(models.Model):
    """An answer on its way to the sender's own mailbox; gone from here once the relay has taken it."""

    incoming = models.OneToOneField(Incoming, on_delete=models.CASCADE, related_name="forward")
    sealed = models.BinaryField(null=True)
    """The finished message with its envelope, under the installation's key."""
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None, failed=""), name="forward_due")]

    def __str__(self) -> str:
        return f"forward of mail {self.incoming_id}"


class Stop(models.Model):
    """A letter was stopped because too many of it came back. Lifted by staff, with a reason, or it stands."""

    letter_id = models.BigIntegerField()
    provider = models.CharField(max_length=12)
    what = models.CharField(max_length=12)
    share = models.FloatField()
    counted = models.PositiveIntegerField()
    handed = models.PositiveIntegerField()
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)
    lifted_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            # Staff who lifted a stop took it on themselves: the same letter is not stopped for the same thing again.
            models.UniqueConstraint(fields=["letter_id", "provider", "what"], name="one_stop_per_letter_provider_and_kind")
        ]

    def __str__(self) -> str:
        return f"letter {self.letter_id} stopped: {self.what} at {self.provider}"
