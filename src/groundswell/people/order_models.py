"""A list that staff uploaded, until it is imported or dropped. The file lies beside the database, and not for long."""

from django.db import models


class ImportOrder(models.Model):
    """What is to be done with an uploaded file, or with an import that is to be taken back, and how far it is."""

    act = models.CharField(
        max_length=8, choices=[("map", "map"), ("rehearse", "rehearse"), ("import", "import"), ("undo", "undo")], default="map"
    )
    state = models.CharField(
        max_length=7, choices=[("asked", "asked"), ("working", "working"), ("done", "done"), ("failed", "failed")], default="done"
    )
    key = models.CharField(max_length=32, blank=True)
    """The file's name in its folder; empty once it is deleted."""
    file_name = models.CharField(max_length=200)
    header = models.JSONField(default=list)
    asked = models.JSONField(default=dict)
    """Organisation, partner, wording, source, language: the proof of consent, as staff gave it."""
    said = models.JSONField(default=dict)
    overwrite = models.JSONField(default=list)
    total = models.PositiveBigIntegerField(default=0)
    seen = models.PositiveBigIntegerField(default=0)
    report = models.JSONField(default=dict)
    """What the rehearsal or the import did, in numbers, with lines and reasons of the first rows; no content of any row."""
    problem = models.CharField(max_length=500, blank=True)
    run_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"order {self.pk}: {self.act} {self.file_name}, {self.state}"
