"""How a hall is set up: its zones, what its windows can do, which business goes where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation, Person
from onedoor.hall.rules.words import LETTERS, Pause, WindowKind, WindowState
from onedoor.kernel.fields import new_id


class Hall(models.Model):
    """A place with windows (大厅)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A part of a hall with a board of its own (区)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="zones")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=100, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=40, blank=True)
    is_muted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["sequence", "code"]
        constraints = [models.UniqueConstraint(fields=["hall", "code"], name="hall_zone_once")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A business people wait for in one row (业务组): a letter, and the units whose items it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="groups")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="groups")
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(default=10)
    is_general = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    sequence = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sequence", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "letter"], name="hall_group_once"),
            models.UniqueConstraint(
                fields=["hall"], condition=Q(is_general=True), name="hall_group_general_once"
            ),
            models.CheckConstraint(
                condition=Q(letter__in=list(LETTERS)), name="hall_group_letter_known"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="hall_group_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class GroupUnit(models.Model):
    """Whose items are received in a group; those of other units go to the general one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "unit"], name="hall_unit_once")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.unit_id}"


class Window(models.Model):
    """A window (窗口): what it is for, who sits there, whether it calls."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="windows", db_index=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, default=WindowState.CLOSED.value)
    clerk = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="hall_window_once"),
            # Nobody sits at two windows at once.
            models.UniqueConstraint(fields=["clerk"], name="hall_clerk_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in WindowKind]),
                name="hall_window_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in WindowState]),
                name="hall_window_state_known",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", *(each.value for each in Pause)]),
                name="hall_window_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(state=WindowState.CLOSED.value, clerk__isnull=True)
                | ~Q(state=WindowState.CLOSED.value) & Q(clerk__isnull=False),
                name="hall_window_open_with_clerk",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def standing(self) -> WindowState:
        return WindowState(self.state)

    @property
    def does(self) -> WindowKind:
        return WindowKind(self.kind)

    @property
    def paused_for(self) -> Pause | None:
        return Pause(self.reason) if self.reason else None


class Skill(models.Model):
    """A group a window calls from (技能): its own, or one it helps out in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    window = models.ForeignKey(Window, models.CASCADE, related_name="skills", db_index=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="skills")
    is_main = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["window", "group"], name="hall_skill_once")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.group_id}"
