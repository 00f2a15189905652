"""What the post office counts and remembers by provider group: how many letters went there and came back, and who is slowed."""

from django.db import models


class Traffic(models.Model):
    """One letter, one provider group, one day of hand-over: how many were taken there, and how many came back since."""

    letter = models.ForeignKey("post.Letter", on_delete=models.CASCADE, related_name="traffic")
    provider = models.CharField(max_length=12)
    day = models.DateField()
    handed = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)
    complained = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "traffic"
        constraints = [models.UniqueConstraint(fields=["letter", "provider", "day"], name="one_count_per_day_and_provider")]
        indexes = [models.Index(fields=["day"], name="traffic_day")]

    def __str__(self) -> str:
        return f"letter {self.letter_id}, {self.provider}, {self.day}"


class ProviderSlowdown(models.Model):
    """A provider that refused our letters: until when it gets fewer, and by which factor."""

    provider = models.CharField(max_length=40, unique=True)
    """A group (`google`), or the keyed hash of a domain."""
    factor = models.FloatField(default=0.25)
    until = models.DateTimeField()
    since = models.DateTimeField()
    why = models.CharField(max_length=200)
    times = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.provider} slowed until {self.until:%Y-%m-%d %H:%M}"
