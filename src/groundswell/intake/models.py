"""How far the journals are applied, and which entries already were: exactly once, by id."""

from django.db import models


class Segment(models.Model):
    """One journal file: everything before `offset` is in the database."""

    name = models.CharField(max_length=120, primary_key=True)
    offset = models.BigIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    """When its last entry was applied: from then on the file is kept for a while and then deleted."""
    failed = models.PositiveIntegerField(default=0)
    """Entries that could not be applied; the file is kept as long as there are any."""
    deleted_at = models.DateTimeField(null=True)
    damage = models.CharField(max_length=200, blank=True)
    """Where bytes in its middle were changed, if any were; applied up to there, and kept until a person replays it."""

    def __str__(self) -> str:
        return f"{self.name} at {self.offset}"


class Applied(models.Model):
    """An entry of the journal that was applied; holds no person, only that this id is done and how it ended."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.id} {self.outcome}"
