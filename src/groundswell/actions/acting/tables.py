"""What people did beyond putting their name, whom we write to for them, and the photos they gave."""

from django.db import models
from django.db.models import Q


class Deed(models.Model):
    """One thing that one person did. `id` is the journal entry's, which makes applying it twice one."""

    id = models.UUIDField(primary_key=True)
    signature = models.ForeignKey("actions.Signature", on_delete=models.CASCADE, related_name="deeds")
    petition_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    outcome = models.CharField(max_length=16)
    """`sent` (by their own word), `asked` (us to send, or for a seat), `to confirm`, `reached`, `voicemail`, `no-answer`,
    `pledged`, `given`, `coming`, `waiting`; what became of a letter that we send, see `sending.mark`."""
    whom = models.CharField(max_length=120, blank=True)
    """The public name of whom they wrote to or called."""
    words = models.BinaryField(null=True)
    """Their own letter or note, sealed like their details and bound to them."""
    agreed = models.TextField(blank=True)
    """What they agreed to beyond it, in the words they read: that the target sees their name, that their photo is shown."""
    at = models.DateTimeField()
    letter_id = models.BigIntegerField(null=True)
    """The letter that we sent for them, or told them with last."""
    told = models.CharField(max_length=16, blank=True)
    """The outcome of which they have been told by mail (events)."""

    class Meta:
        indexes = [
            models.Index(fields=["petition_id", "outcome", "at"], name="deed_by_outcome"),
            models.Index(fields=["person_id"], name="deed_person"),
            models.Index(fields=["at"], name="deed_to_send", condition=Q(kind="letter", outcome="asked", letter_id__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.outcome}"


class Recipient(models.Model):
    """Somebody in office to whom we send people's letters. Their address lies in the vault."""

    petition_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True)
    places = models.JSONField(default=list)
    """Whose representative they are; empty for everybody's."""

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["petition_id", "person_id"], name="a_recipient_once")]

    def __str__(self) -> str:
        return self.name


class Photo(models.Model):
    """A photo as it may be shown: made anew from its points, without what a camera writes beside them; sealed until it is."""

    deed = models.OneToOneField(Deed, primary_key=True, on_delete=models.CASCADE, related_name="photo")
    petition_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    image = models.BinaryField(null=True)
    """JPEG, sealed; none where there was no picture in what came, or it was turned down, or is shown."""
    public = models.BinaryField(null=True)
    """The same in clear from the moment it is shown on the page; none before."""
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    spool = models.CharField(max_length=40)
    """The name of the sealed file that the door wrote; the file is gone some days later, as its journal is."""
    state = models.CharField(max_length=12, default="arrived")
    """`arrived`, `waiting` for a person's eyes, `shown`, `declined`, `no picture`."""
    blurred = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=200, blank=True)
    """What is to be seen, written by whoever looked: for people who can't see it."""
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["petition_id", "state"], name="photo_state")]

    def __str__(self) -> str:
        return f"photo {self.pk}: {self.state}"
