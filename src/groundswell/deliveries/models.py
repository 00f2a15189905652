"""What was handed to a target, when, and the proof of it."""

from django.db import models


class HandOver(models.Model):
    """One file handed over: its hash is its proof."""

    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="hand_overs")
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField()
    per_version = models.JSONField()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.total} signatures"
