"""Campaigns, whom they press, and what they ask for."""

from django.db import models
from django.db.models import F, Q

from groundswell.campaigns.rules.words import RELATIONS, TARGET_KINDS


class Target(models.Model):
    """Whom a campaign presses. Used by as many campaigns as press them; whom to write to there lies in the vault."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="company", choices=[(kind, kind) for kind in TARGET_KINDS])
    role = models.CharField(max_length=200, blank=True)
    """What they have to decide: `sells it`, `buys it`, `chairs the committee`."""

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TargetContact(models.Model):
    """A person to write to or call at a target. Who it is lies in the vault, with `person_id`; the role is sealed here."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="contacts")
    person_id = models.BigIntegerField()
    role = models.BinaryField(null=True)
    """`head of public policy`, sealed like a name: a role at a small office names its holder."""
    calls = models.BooleanField(default=False)
    """Whether there is a telephone number."""
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    """Since when they are not the one to write to any more, or were forgotten."""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "person_id"], condition=Q(ended_at__isnull=True), name="one_standing_contact_per_person"
            )
        ]
        indexes = [models.Index(fields=["person_id"], name="contact_person")]

    def __str__(self) -> str:
        return f"contact {self.pk} of {self.target_id}"


class Relation(models.Model):
    """Who owns, supplies, hosts or buys from whom. A claim like any other: it has its source."""

    one = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="relations")
    relation = models.CharField(max_length=20, choices=[(name, name) for name in RELATIONS])
    other = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="relations_back")
    publisher = models.CharField(max_length=200)
    source_title = models.CharField(max_length=400)
    source_url = models.CharField(max_length=600)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "relation", "other"], name="one_relation_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="no_relation_to_oneself"),
            models.CheckConstraint(condition=~Q(publisher="") & ~Q(source_url=""), name="no_relation_without_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.one} {self.relation} {self.other}"


class Campaign(models.Model):
    """An advocacy campaign against one target."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="campaigns")
    summary = models.TextField(blank=True)
    started_on = models.DateField()
    hide_copies = models.BooleanField(default=False)
    """Show on the public page only what was read in the original; what was read in a copy waits, and is counted there."""

    def __str__(self) -> str:
        return self.title


class Demand(models.Model):
    """What the campaign asks for, in whose words, and whether it was met."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="demands")
    made_by = models.CharField(max_length=200)
    wording = models.TextField()
    dated = models.CharField(max_length=12)
    met = models.BooleanField(default=False)
    met_by = models.ForeignKey("RecordEntry", null=True, blank=True, on_delete=models.PROTECT, related_name="demands_met")
    """The entry that shows it: a demand is not met without one."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(met=False) | Q(met_by__isnull=False), name="met_by_an_entry")]

    def __str__(self) -> str:
        return self.wording[:80]
