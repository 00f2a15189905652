"""Accounts of the people who work here, and the ledger of what they did. The ledger is only ever added to."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Account(AbstractUser):
    """A member of staff. What they may do comes from Wagtail's groups: Editors write, Moderators approve."""


class LedgerEntry(models.Model):
    """Who did what to what, when and why. `about` names rows (`person 41`), never a person's details."""

    at = models.DateTimeField()
    actor = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=60)
    about = models.CharField(max_length=200)
    why = models.TextField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.about}"


class Notice(models.Model):
    """Something the program noticed and staff should know, told once for each `once` key. Names no person."""

    subject = models.CharField(max_length=200)
    words = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at"], condition=models.Q(read_at=None), name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.subject}"
