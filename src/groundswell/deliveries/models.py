"""What was handed to a target, when, how, and the proof of it. No table here holds a name or an address."""

from django.db import models
from django.db.models import Q


class HandOver(models.Model):
    """Signatures chosen at one moment and written to files. `preparing` until every file lies whole on the disk."""

    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="hand_overs")
    state = models.CharField(max_length=10, default="preparing")
    made_at = models.DateTimeField()
    """The moment the signatures are chosen at: made again after a kill, the same ones are written."""
    order = models.JSONField(default=dict)
    """What was asked for: choice, what is shown, formats; as `rules` and `choosing` take them."""
    folder = models.CharField(max_length=120, default="")
    total = models.PositiveIntegerField(default=0)
    per_version = models.JSONField(default=dict)
    per_place = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    list_sha256 = models.CharField(max_length=64, blank=True)
    why = models.TextField(blank=True)
    staff_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.folder}: {self.total} signatures"


class HandedFile(models.Model):
    """One file of a hand-over: its hash is its proof."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    """`csv`, `pdf`, `manifest`, `box label` or `press sheet`."""
    part = models.PositiveIntegerField(default=1)
    parts = models.PositiveIntegerField(default=1)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    total = models.PositiveIntegerField()
    per_version = models.JSONField()

    class Meta:
        ordering = ["hand_over", "kind", "part"]
        constraints = [models.UniqueConstraint(fields=["hand_over", "name"], name="one_file_per_name")]

    def __str__(self) -> str:
        return self.name


class TargetPage(models.Model):
    """A link for the target to one hand-over, until a day, or until staff close it. Who opened it is not kept."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="pages")
    key = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"page of {self.hand_over_id} until {self.expires_at:%Y-%m-%d}"


class Dossier(models.Model):
    """The proof of a hand-over: when, how and to which office it went, and what came back."""

    hand_over = models.OneToOneField(HandOver, on_delete=models.PROTECT, related_name="dossier")
    key = models.SlugField(max_length=120, unique=True)
    delivered_on = models.DateField()
    how = models.CharField(max_length=20)
    to_role = models.CharField(max_length=200)
    """An office or a role (“the company’s legal department”), never a private person."""
    place = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=10, default="none")
    """`none` so far, `reply` or `refusal`."""
    answered_on = models.DateField(null=True)
    answer_words = models.TextField(blank=True)
    note = models.TextField(blank=True)
    """For the office only."""
    entries = models.JSONField(default=list)
    """What went onto the record: key and words of each entry, in order; a change corrects the last one."""
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"dossier {self.key}"


class Proof(models.Model):
    """A photo, a receipt or a letter that belongs to a dossier; images without what a camera writes into them."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    """What it shows, in words: also the picture's alternative text."""
    public = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "sha256"], name="a_proof_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Drip(models.Model):
    """Signatures sent to the target by mail, a few at a time. The address lies in the vault, with `person_id`."""

    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="drips")
    person_id = models.BigIntegerField()
    to_role = models.CharField(max_length=200)
    order = models.JSONField(default=dict)
    per_mail = models.PositiveSmallIntegerField()
    per_day = models.PositiveSmallIntegerField()
    cap = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="running")
    """`running`, `stopped` (why is in `ended_why`) or `done`."""
    ended_why = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    next_at = models.DateTimeField()
    staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_mail__gte=1, per_day__gte=1, cap__gte=1), name="a_drip_drips"),
            models.UniqueConstraint(
                fields=["petition", "person_id"], condition=Q(state="running"), name="one_running_drip_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"drip {self.pk}: {self.state}"


class DripMail(models.Model):
    """One mail of a drip, as a letter of the post office."""

    drip = models.ForeignKey(Drip, on_delete=models.PROTECT, related_name="mails")
    number = models.PositiveIntegerField()
    letter_id = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drip", "number"], name="one_mail_per_number")]

    def __str__(self) -> str:
        return f"mail {self.number} of drip {self.drip_id}"


class DripLine(models.Model):
    """One signature in one mail of a drip: each goes once, whoever withdraws in between stays out."""

    drip = models.ForeignKey(Drip, on_delete=models.PROTECT, related_name="lines")
    mail = models.ForeignKey(DripMail, on_delete=models.PROTECT, related_name="lines")
    signature_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drip", "signature_id"], name="a_signature_drips_once")]

    def __str__(self) -> str:
        return f"line {self.pk}"
