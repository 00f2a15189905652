"""Supporters without their details: coarse facts, the consent ledger, suppressions. Details lie in the vault's schema."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Person(models.Model):
    """Someone, by number. Language and place are coarse on purpose: audiences are chosen without opening anything."""

    language = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=80, blank=True)
    postcode_area = models.CharField(max_length=8, blank=True)
    joined_at = models.DateTimeField()
    may_mail = models.BooleanField(default=False)
    """Derived from consent and suppression, in the same transaction that changes either."""
    why_not = models.CharField(max_length=20, default="no consent", blank=True)
    """Why this person may not be mailed, in a word or two; empty where they may. Derived with `may_mail`."""
    acted_at = models.DateTimeField(null=True)
    """When they last did something: kept by the database as signatures come, so that asking for it costs nothing."""
    heard_at = models.DateTimeField(null=True)
    """When they last answered a letter, agreed to mail anew, or somebody signed by a link they passed on (see `hearing`)."""
    signed = ArrayField(models.IntegerField(), default=list, db_default=[])
    """The petitions that bear their name, and below where their signatures came from: a copy that the database keeps true
    (see the mailings room), so that an audience is one pass over people."""
    sources = ArrayField(models.TextField(), default=list, db_default=[])
    signed_bits = models.BigIntegerField(default=0, db_default=0)
    """What they signed once more, each petition as one of 64 bits (its number modulo 64): looked at before the list is."""
    import_id = models.BigIntegerField(null=True, db_default=None)
    """The import that brought them, so that it can be taken back whole."""

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=Q(may_mail=True, why_not="") | (Q(may_mail=False) & ~Q(why_not="")), name="a_no_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Terms(models.Model):
    """What people agreed to, and where: the words of a consent, kept once for all who agreed to them. Never edited."""

    digest = models.BinaryField(max_length=32, unique=True)
    organisation = models.CharField(max_length=120)
    partner = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=60, default="mail")
    wording = models.TextField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    source = models.CharField(max_length=120)
    how = models.CharField(max_length=10)

    class Meta:
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return f"terms {self.pk}: {self.purpose}, {self.source}"


class Consent(models.Model):
    """A line of the consent ledger (law 4): who agreed or declined, to which terms, when. Never edited."""

    person = models.ForeignKey(Person, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="consents")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="consents")
    given = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"consent {self.pk}: {'yes' if self.given else 'no'}"


class Suppression(models.Model):
    """An address that is not written to, kept as a keyed hash only, so that it outlives the person's erasure."""

    index = models.BinaryField(max_length=16)
    index_key = models.SmallIntegerField(default=1)
    """The key the hash was made with: it stays in the ring as long as a hash of it is here."""
    reason = models.CharField(max_length=20)
    source = models.CharField(max_length=120)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["index", "reason"], condition=Q(lifted_at__isnull=True), name="one_standing_suppression"
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}: {self.reason}"


class Tag(models.Model):
    """A word that staff or a list put on people (`tag`), or a kind of mail that people want (`topic`)."""

    kind = models.CharField(max_length=5, choices=[("tag", "tag"), ("topic", "topic")])
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="a_tag_is_there_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Tagged(models.Model):
    """A tag on a person."""

    pk = models.CompositePrimaryKey("tag_id", "person_id")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    person_id = models.BigIntegerField()
    import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="tagged_person")]

    def __str__(self) -> str:
        return f"tag {self.tag_id} on person {self.person_id}"


class FactKind(models.Model):
    """A custom field: its name and type. Sixty characters are the most it holds, in clear: what says more of a person is a note."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=80)
    kind = models.CharField(
        max_length=6,
        choices=[
            ("choice", "one of few words"),
            ("text", "a few words"),
            ("number", "number"),
            ("date", "day"),
            ("yes", "yes or no"),
        ],
    )
    choices = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.slug} ({self.kind})"


class Fact(models.Model):
    """A custom field's value for a person: a word of the field's choices, or a number (days count from 1970, yes is 1)."""

    pk = models.CompositePrimaryKey("kind_id", "person_id")
    kind = models.ForeignKey(FactKind, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    person_id = models.BigIntegerField()
    word = models.CharField(max_length=60, blank=True)
    number = models.FloatField(null=True)
    import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="fact_person")]
        constraints = [models.CheckConstraint(condition=Q(number__isnull=True) | Q(word=""), name="a_fact_is_one_thing")]

    def __str__(self) -> str:
        return f"fact {self.kind_id} of person {self.person_id}"


class ImportRun(models.Model):
    """One file being imported: how far it is, so that a second run goes on where a killed one ended."""

    sha256 = models.CharField(max_length=64)
    """Of the file and of how it was asked to be read: the same file under another mapping is another import."""
    header = models.CharField(max_length=64, blank=True, db_index=True)
    file_name = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    rows_done = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    first_person = models.BigIntegerField(null=True)
    last_person = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    dropped = models.PositiveBigIntegerField(default=0, db_default=0)
    """How many values that it wrote over are not kept any more: taking it back leaves these as they are."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], condition=Q(undone_at__isnull=True), name="one_run_per_file")]

    def __str__(self) -> str:
        return f"import of {self.file_name}: {self.rows_done} rows"


class ImportReject(models.Model):
    """A row that could not be taken: its line and the reason, never its content."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=200)
    taken = models.BooleanField(default=False)
    """The row was taken all the same; a person may want to look at it."""

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class ImportChange(models.Model):
    """What an import changed on somebody who was here before, so that it can be taken back: a coarse fact, or a consent."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    person_id = models.BigIntegerField(db_index=True)
    field = models.CharField(max_length=14)
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"import {self.run_id} changed {self.field} of person {self.person_id}"


class ImportMet(models.Model):
    """An import named somebody whom another one had brought: if that one is taken back, they stay, under this one's terms.

    Numbers only, a row for each time a list names them, and no constraint beside: a long list writes a million at once.
    """

    run_id = models.BigIntegerField()
    person_id = models.BigIntegerField(db_index=True)
    terms_id = models.BigIntegerField(null=True)
    """The terms of the yes that its row stood for; none where it stood for no yes."""

    def __str__(self) -> str:
        return f"import {self.run_id} met person {self.person_id}"


from groundswell.people.merge_models import Merge, Pair, PairLook  # noqa: E402, F401 (Django looks for tables here)
from groundswell.people.order_models import ImportOrder  # noqa: E402, F401
