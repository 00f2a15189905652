"""Who supplies what to whom: a register across campaigns, by place."""

from django.db import models
from django.db.models import Q

from groundswell.campaigns.models.campaign import Target

STATES = ("in use", "planned", "ended", "unknown")


class Supply(models.Model):
    """A product in a buyer's hands, for a purpose, from a day to a day, as a source says."""

    reference = models.CharField(max_length=120, unique=True)
    """The list's own number, or a hash of supplier, product, buyer and place: the same line again is the same row."""
    supplier_name = models.CharField(max_length=200, blank=True)
    supplier = models.ForeignKey(Target, null=True, on_delete=models.PROTECT, related_name="supplies")
    product = models.CharField(max_length=300)
    buyer = models.CharField(max_length=300)
    purpose = models.TextField(blank=True)
    since = models.CharField(max_length=40, blank=True)
    until = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, default="unknown", choices=[(name, name) for name in STATES])
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=80, blank=True)
    county = models.CharField(max_length=120, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    publisher = models.CharField(max_length=200)
    source_title = models.CharField(max_length=400)
    source_url = models.CharField(max_length=900)
    source_date = models.CharField(max_length=40, blank=True)
    list_name = models.CharField(max_length=120)
    """The list it was read from: `Atlas of Surveillance`, the name of a file."""
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "supplies"
        ordering = ["country", "region", "locality", "buyer", "product", "pk"]
        indexes = [models.Index(fields=["country", "region", "locality"], name="supply_by_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(publisher="") & ~Q(source_url=""), name="no_supply_without_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.buyer}: {self.product}"
