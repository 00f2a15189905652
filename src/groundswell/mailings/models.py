"""An appeal with an audience and a time, and the profile of who speaks in it."""

from django.db import models


class SenderProfile(models.Model):
    """Signature, from-address, footer and team name in one: they change together or not at all."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    team = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120)
    from_address = models.EmailField()
    reply_to = models.EmailField()
    list_id = models.CharField(max_length=120)
    feedback_id = models.CharField(max_length=15)
    postal_address = models.TextField()
    why = models.TextField()
    privacy_url = models.CharField(max_length=300)
    website = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"


class Mailing(models.Model):
    """A letter to many. Its appeal is what the author wrote; what was sent is kept by the post office."""

    slug = models.SlugField(unique=True)
    appeal = models.TextField()
    language = models.CharField(max_length=12, default="en")
    sender = models.ForeignKey(SenderProfile, on_delete=models.PROTECT, related_name="mailings")
    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="mailings")
    definition = models.JSONField(null=True)
    """Who it is for; without one, everybody who reads its language and has not signed its petition."""
    state = models.CharField(max_length=12, default="draft")
    edition = models.PositiveIntegerField(default=1)
    """Goes up with every change of the text: who saves says which one they began from."""
    letter_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    scheduled_for = models.DateTimeField(null=True)
    """When it begins, by the office's clock; with `reader_time`, at this hour of each reader's own day."""
    reader_time = models.BooleanField(default=False)
    written_by_id = models.BigIntegerField(null=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    """Who asked a colleague to approve it, and when."""
    approved_by_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_text = models.CharField(max_length=64, blank=True)
    """Hash of what was approved: a later change asks for a new approval."""
    resend_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="resends")
    split_share = models.PositiveSmallIntegerField(default=0)
    """Of a hundred people, how many get the split test's letters together; 0: no test."""
    split_least = models.PositiveIntegerField(default=0)
    split_hours = models.PositiveSmallIntegerField(default=4)
    split_until = models.DateTimeField(null=True)
    split_result = models.CharField(max_length=300, blank=True)

    class Meta:
        permissions = [
            ("approve_mailing", "Can approve another person's mailing"),
            ("send_mailing", "Can send, steer and stop mailings"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.state})"


class Revision(models.Model):
    """An earlier text of a mailing, or one that was set aside because somebody else had saved first. Nothing typed is lost."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="revisions")
    edition = models.PositiveIntegerField()
    appeal = models.TextField()
    kind = models.CharField(max_length=8)
    """`saved` by a person, `auto` while they typed, `aside`: not the mailing's text, kept for its writer."""
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.kind} {self.edition}"


class KeptPassage(models.Model):
    """A piece of text that letters share, with the day up to which its facts were looked at."""

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.CASCADE, related_name="+")
    key = models.SlugField()
    text = models.TextField()
    fact_date = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="one_passage_of_a_key")]

    def __str__(self) -> str:
        return self.key


class LetterPicture(models.Model):
    """A picture that a draft's letter carries in itself, small and bare. A letter that was sent has its own copy."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="pictures")
    name = models.SlugField()
    content_type = models.CharField(max_length=20)
    data = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["mailing", "name"], name="one_picture_of_a_name")]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.name}"


class Proposal(models.Model):
    """A draft that the program proposed: news of a target, thanks, a milestone. Its audience is those who acted."""

    mailing = models.OneToOneField(Mailing, on_delete=models.PROTECT, related_name="proposal")
    reason = models.CharField(max_length=12)
    """`news`, `thanks`, `ended` or `milestone`."""
    about = models.CharField(max_length=160)
    """What is told: people who were told of the same are left out."""
    once = models.CharField(max_length=180, unique=True)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+")
    target_id = models.BigIntegerField()
    path = models.CharField(max_length=300)
    """Where its asks lead, below the base URL."""
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["about"], name="proposal_about")]

    def __str__(self) -> str:
        return f"{self.reason}: {self.about}"


class Variant(models.Model):
    """Another way to say it, in a split test: its own subject, body or sender, and its own letter.

    Where `appeal` is empty it has the mailing's text, as that stands when it starts, under its own subject.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="variants")
    name = models.CharField(max_length=1)
    subject = models.CharField(max_length=300, blank=True)
    appeal = models.TextField(blank=True)
    sender = models.ForeignKey(SenderProfile, on_delete=models.PROTECT, related_name="+")
    letter_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "name"], name="one_variant_of_a_name")]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.name}"


class SeriesStep(models.Model):
    """One letter of a series: so many days after somebody joined, if they have not (or have) signed its petition."""

    series = models.SlugField()
    position = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=12, blank=True)
    """`unsigned`, `signed`, or empty: everybody."""
    appeal = models.TextField()
    sender = models.ForeignKey(SenderProfile, on_delete=models.PROTECT, related_name="+")
    petition = models.ForeignKey("actions.Petition", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12, default="en")
    since = models.DateTimeField()
    """Who joined before is not written to: a series starts with those who come."""

    class Meta:
        ordering = ["series", "position"]
        constraints = [models.UniqueConstraint(fields=["series", "position"], name="one_step_of_a_position")]

    def __str__(self) -> str:
        return f"{self.series} {self.position}"


class Reached(models.Model):
    """Whom a letter reached that has left whole: a bit for each person's number, so that “had a letter lately” is asked of ten
    million people in a second. The database lets go of it by itself when a row of that letter changes its meaning."""

    letter_id = models.BigIntegerField(primary_key=True)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    numbers = models.PositiveBigIntegerField(default=0)
    bits = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"reached by letter {self.letter_id}"


class Audience(models.Model):
    """A saved definition of who a letter is for. A mailing keeps its own copy: changing this changes no letter."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    definition = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
