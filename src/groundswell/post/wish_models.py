"""What people asked for on the goodbye page, short of leaving: fewer letters, or letters on one topic only."""

from django.db import models
from django.db.models import Q


class Wish(models.Model):
    """One person's standing wish. It only ever takes letters away: consent is not raised by it (law 4)."""

    person_id = models.BigIntegerField(primary_key=True)
    days = models.PositiveSmallIntegerField(null=True)
    """At most one letter to lists in so many days."""
    topic = models.BigIntegerField(null=True)
    """Only letters of this topic (see `Letter.topic`)."""
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.CheckConstraint(condition=Q(days__isnull=False) | Q(topic__isnull=False), name="a_wish_wants_something")
        ]

    def __str__(self) -> str:
        return f"wish of person {self.person_id}"
