"""Two rows that may be one person: the pair as it was suggested, and a merge with all it takes to be undone."""

from django.db import models
from django.db.models import F, Q


class Pair(models.Model):
    """Two people who may be one, and what a member of staff decided. Numbers and a rule's name only."""

    low = models.BigIntegerField()
    high = models.BigIntegerField(db_index=True)
    why = models.CharField(max_length=20)
    state = models.CharField(
        max_length=6, choices=[("open", "open"), ("merged", "merged"), ("apart", "two people")], default="open"
    )
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="a_pair_is_there_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="a_pair_is_two"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="pair_open")]

    def __str__(self) -> str:
        return f"pair {self.pk}: {self.low} and {self.high}"


class PairLook(models.Model):
    """How far people's addresses have been looked at for slips of the finger: each is opened for it once, not every night."""

    rule = models.CharField(max_length=20, primary_key=True)
    upto = models.BigIntegerField(default=0)
    """The highest number of a person that was looked at."""

    def __str__(self) -> str:
        return f"{self.rule}: up to person {self.upto}"


class Merge(models.Model):
    """`gone` became `kept`. `moved` says which rows went over and what changed, so that an undo gives back exactly those."""

    kept = models.BigIntegerField(db_index=True)
    gone = models.BigIntegerField(db_index=True)
    moved = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at__isnull=True), name="a_person_is_merged_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="a_merge_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}: {self.gone} into {self.kept}"
