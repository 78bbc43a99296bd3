"""Kiosks, and the numbers they hold for when the server is away."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.hall.models.setting import Group, Hall
from onedoor.kernel.fields import new_id


class Kiosk(models.Model):
    """A machine that gives numbers (取号机); of the key it was paired with a digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="kiosks", db_index=False)
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=60)
    key_digest = models.CharField(max_length=64, blank=True)
    has_paper = models.BooleanField(default=True)
    seen_at = models.DateTimeField(null=True)
    help_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["hall", "code"], name="hall_kiosk_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"kiosk:{self.hall.code}-{self.code}"


class Block(models.Model):
    """Numbers that one kiosk alone may give while the server is away (号段), for one day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="blocks")
    group = models.ForeignKey(Group, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    leased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "day", "first"], name="hall_block_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="hall_block_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.first}-{self.last}"
