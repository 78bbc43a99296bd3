"""A draw with its list, the parties' commitments and openings, and what came of it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.kernel.fields import new_id
from onedoor.market.rules.drawing import Action, Party, State


class Draw(models.Model):
    """A draw (抽签). ``number`` is its address; ``serial`` counts the freezes of a year, whole."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, default=State.LISTED.value)
    version = models.PositiveIntegerField(default=1)
    notice = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    purchaser = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    method = models.CharField(max_length=10)
    winners = models.PositiveSmallIntegerField()
    alternates = models.PositiveSmallIntegerField()
    listed_by = models.CharField(max_length=64)
    listed_at = models.DateTimeField()
    contest_until = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    freeze = models.TextField(blank=True)
    freeze_hash = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True)
    commit_deadline = models.DateTimeField(null=True)
    open_deadline = models.DateTimeField(null=True)
    typed = models.CharField(max_length=100, blank=True)
    typed_by = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=100, blank=True)
    witness = models.CharField(max_length=100, blank=True)
    event_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)
    void_by = models.CharField(max_length=100, blank=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-listed_at", "-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="draw_state_known"
            ),
            models.CheckConstraint(
                condition=Q(serial__isnull=True, frozen_at__isnull=True, freeze="")
                | Q(serial__isnull=False, frozen_at__isnull=False) & ~Q(freeze=""),
                name="draw_frozen_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=State.VOID.value, void_at__isnull=False)
                | ~Q(state=State.VOID.value) & Q(void_at__isnull=True),
                name="draw_void_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.COMPLETED.value) | ~Q(result=""),
                name="draw_completed_has_result",
            ),
            # Two who freeze at once: one of them is refused, no number is left out.
            models.UniqueConstraint(fields=["year", "serial"], name="draw_once_a_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"draw:{self.number}"

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def frozen(self) -> dict[str, Any]:
        """What was frozen, as it was published."""
        found: dict[str, Any] = json.loads(self.freeze)
        return found

    @property
    def draw_id(self) -> str:
        return str(self.frozen["draw_id"]) if self.freeze else ""


class Entrant(models.Model):
    """An agency on the list, or left out of it for a published reason (排除)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draw = models.ForeignKey(Draw, models.CASCADE, related_name="entrants")
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    weight = models.PositiveIntegerField(default=1)
    excluded = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["uscc"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "uscc"], name="entrant_once"),
            models.CheckConstraint(
                condition=Q(excluded="", reason="") | ~Q(excluded="") & ~Q(reason=""),
                name="entrant_excluded_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uscc} {self.name}"


class Contribution(models.Model):
    """What a party committed to, and later opened; the number itself is made on its own device."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="contributions")
    party = models.CharField(max_length=10)
    commit = models.CharField(max_length=64)
    sealed = models.CharField(max_length=100)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    number = models.CharField(max_length=128, blank=True)
    opened_as = models.CharField(max_length=8, blank=True)
    opened_by = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "party"], name="contribution_once"),
            models.CheckConstraint(
                condition=Q(party__in=[each.value for each in Party]), name="contribution_party"
            ),
            models.CheckConstraint(
                condition=Q(number="", opened_at__isnull=True)
                | ~Q(number="") & Q(opened_at__isnull=False),
                name="contribution_opened_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.party}"

    @property
    def who(self) -> Party:
        return Party(self.party)


class Reason(models.Model):
    """Why a list was corrected, an envelope opened, a draw made void or held again: public."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draw = models.ForeignKey(Draw, models.CASCADE, related_name="reasons")
    action = models.CharField(max_length=10)
    text = models.CharField(max_length=300)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.action}"

    @property
    def what(self) -> Action:
        return Action(self.action)
