"""The post office's books: letters as compiled, and one row per person per letter (law 2)."""

from django.db import models
from django.db.models import Q


class State(models.IntegerChoices):
    """Where a letter to one person stands. The row is the checkpoint; there is no cursor."""

    READY = 1, "ready"
    CLAIMED = 2, "claimed"
    ACCEPTED = 3, "accepted"
    RETRY = 4, "retry"
    REFUSED = 5, "refused"
    WITHHELD = 6, "withheld"
    BOUNCED = 7, "bounced"
    COMPLAINED = 8, "complained"
    UNCERTAIN = 9, "uncertain"


class Letter(models.Model):
    """A compiled letter, as it was sent: never changed afterwards. `key` makes lodging the same letter twice one."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20)
    priority = models.SmallIntegerField(default=0)
    action_id = models.BigIntegerField(null=True)
    topic = models.BigIntegerField(null=True)
    """What the letter is about: its campaign's number. People may have asked for letters on one topic only."""
    content = models.JSONField()
    lodged_at = models.DateTimeField()
    paused = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    """Cancelled by a person, or stopped by itself because too much of it was refused: `stop_reason` says which."""
    stop_reason = models.CharField(max_length=200, blank=True)
    speed = models.PositiveIntegerField(null=True)
    """Letters a minute at most; none: as fast as the relays take them. May change while it is being sent."""

    def __str__(self) -> str:
        return f"{self.key} ({self.kind})"


class Delivery(models.Model):
    """One person, one letter, one honest state."""

    # Its letter is never asked for by the database: whoever writes rows has it at hand, and PROTECT keeps it.
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="deliveries", db_index=False, db_constraint=False)
    person_id = models.BigIntegerField()
    state = models.SmallIntegerField(choices=State.choices, default=State.READY)
    reason = models.CharField(max_length=120, blank=True)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    """The sender's hand-over log: what it says decides about this row should the sender die."""
    changed_at = models.DateTimeField()
    clicked = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["letter", "person_id"], name="one_row_per_person_per_letter"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WITHHELD, State.REFUSED]) | ~Q(reason=""), name="a_no_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["letter", "due_at", "id"], condition=Q(state__in=[1, 4]), name="delivery_due"),
            models.Index(fields=["claimed_until"], condition=Q(state=2), name="delivery_leased"),
            models.Index(fields=["person_id"], name="delivery_person"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}: {State(self.state).label}"


from groundswell.post.provider_models import ProviderSlowdown, Traffic  # noqa: E402, F401 (Django looks for tables here)
from groundswell.post.wish_models import Wish  # noqa: E402, F401
