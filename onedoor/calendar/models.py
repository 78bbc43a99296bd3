"""Notices, the days they set, and every day materialised with its number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.kernel.fields import new_id


class Revision(models.Model):
    """One load that changed the calendar; its number is the calendar's version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}"


class Notice(models.Model):
    """A paper (放假安排通知) that sets days of a year. Kept for ever; the latest version stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="notices")
    year = models.PositiveSmallIntegerField()
    is_local = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    issued_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "is_local", "version", "place"], name="calendar_notice_place"
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.url


class NoticeDay(models.Model):
    """A day as a notice sets it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "date"], name="calendar_notice_day_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["off", "work"]), name="calendar_notice_day_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class Day(models.Model):
    """Every day from 2018 on, so that due dates can be moved by one set-based UPDATE.

    ``ordinal`` is the number of working days up to and including the day.
    """

    date = models.DateField(primary_key=True)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=32, blank=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    is_working = models.BooleanField()
    is_confirmed = models.BooleanField()
    ordinal = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["off", "work", "normal"]), name="calendar_day_kind"
            ),
        ]
        indexes = [
            # Among working days a number names one day. Not unique: a rebuild moves them in turn.
            models.Index(
                fields=["ordinal"], condition=Q(is_working=True), name="calendar_day_ordinal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}"
