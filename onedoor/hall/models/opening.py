"""When the hall is open on days that are not as usual, and who is at which window when."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Person
from onedoor.hall.models.setting import Group, Hall, Window
from onedoor.hall.rules.opening import Opening, Span
from onedoor.kernel.fields import new_id


class SpecialOpening(models.Model):
    """A day on which the hall, or one business in it, is open otherwise (服务日历).

    Without spans it is closed; why is always said, for the public reads it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="special_openings")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="special_openings")
    day = models.DateField()
    reason = models.CharField(max_length=100)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "day"],
                condition=Q(group__isnull=True),
                name="hall_special_day_once",
            ),
            models.UniqueConstraint(fields=["group", "day"], name="hall_special_group_day_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="hall_special_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class OpeningSpan(models.Model):
    """From when to when it is open on such a day, and as what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    special = models.ForeignKey(SpecialOpening, models.CASCADE, related_name="spans")
    start = models.TimeField()
    end = models.TimeField()
    kind = models.CharField(max_length=10)

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="hall_span_forward"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in Opening]), name="hall_span_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, Opening(self.kind))


class WindowDuty(models.Model):
    """Who is at a window from when to when on a day (值班)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    window = models.ForeignKey(Window, models.CASCADE, related_name="duties", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering = ["window__number", "start"]
        indexes = [models.Index(fields=["day", "window"], name="hall_duties_of_day")]
        constraints = [
            models.UniqueConstraint(fields=["window", "day", "start"], name="hall_duty_once"),
            models.UniqueConstraint(fields=["person", "day", "start"], name="hall_duty_one_place"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="hall_duty_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.start:%H:%M}–{self.end:%H:%M}"

    def overlaps(self, start: time, end: time) -> bool:
        return self.start < end and start < self.end


class Break(models.Model):
    """A time in which fewer windows called for a business than promised (断档), seen as it was."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="breaks")
    have = models.PositiveSmallIntegerField()
    need = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(ended_at__isnull=True), name="hall_break_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.began_at}"
