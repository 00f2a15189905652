"""Where a signature came from, and why one is not counted: kept beside it, for as long as it is of use."""

from django.db import models


class Origin(models.Model):
    """Who brought a signature, and from which network of that day: a hash under a key that is gone the day after."""

    signature_id = models.UUIDField(primary_key=True)
    petition_id = models.BigIntegerField()
    network = models.BinaryField(max_length=8, null=True)
    domain = models.BinaryField(max_length=8, null=True)
    """A keyed hash of the domain of the address that was typed (`people.keys.domain_mark`), kept as long as the network."""
    referrer = models.UUIDField(null=True)
    """The signature of the person whose link was followed."""
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["petition_id", "network"], name="origin_network", condition=models.Q(network__isnull=False)),
            models.Index(fields=["petition_id", "domain"], name="origin_domain", condition=models.Q(domain__isnull=False)),
            models.Index(fields=["referrer"], name="origin_referrer", condition=models.Q(referrer__isnull=False)),
            models.Index(fields=["at"], name="origin_at", condition=models.Q(network__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"origin of {self.pk}"


class Holding(models.Model):
    """A signature that is held or was made invalid: why, and what staff decided."""

    signature_id = models.UUIDField(primary_key=True)
    petition_id = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    at = models.DateTimeField()
    batch = models.UUIDField(null=True)
    """What was decided together can be undone together."""
    asked = models.JSONField(default=list)
    """What its person agreed to (`answers`), written into the ledger once it is counted."""
    decision = models.CharField(max_length=12, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["petition_id", "reason"], name="holding_reason", condition=models.Q(decision=""))]

    def __str__(self) -> str:
        return f"{self.pk} held: {self.reason}"


class Pending(models.Model):
    """A signature that waits for its person to confirm by mail: reminded once, then dropped."""

    signature_id = models.UUIDField(primary_key=True)
    petition_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    asked = models.JSONField(default=list)
    """What they agreed to (`answers`), written into the ledger once they confirm."""

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="pending_asked")]

    def __str__(self) -> str:
        return f"{self.pk} waits"


class LaterYes(models.Model):
    """A yes to mail of somebody whose name stood already, given where a yes counts only once its person confirmed it by mail."""

    signature_id = models.UUIDField(primary_key=True)
    petition_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked = models.JSONField(default=list)
    """What they agreed to (`answers`), written into the ledger once they confirm; dropped with those who stay silent."""

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="later_yes_person"),
            models.Index(fields=["asked_at"], name="later_yes_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} said yes later"
