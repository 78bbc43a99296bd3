"""Ratings of finished cases, and the work a bad one makes."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models import Case
from onedoor.feedback.models.notes import StepNote
from onedoor.feedback.rules.lifecycle import OVER, UNCALLED, State
from onedoor.feedback.rules.words import Channel, Level, Way
from onedoor.kernel.fields import EncryptedTextField, new_id


class Rating(models.Model):
    """What the holder of a receipt said of a finished case (评价), once, changed at most once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="rating")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=10)
    level_before = models.CharField(max_length=10, blank=True)
    indicators = models.JSONField(default=list)
    channel = models.CharField(max_length=10)
    text = EncryptedTextField(purpose="rating.text")
    phone = EncryptedTextField(purpose="rating.phone")
    salt = models.CharField(max_length=32)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    # An appeal that was upheld takes it out of the figures; the rating itself stays.
    is_counted = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "rated_at"], name="ratings_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[each.value for each in Level]), name="rating_level_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]),
                name="rating_channel_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"

    @property
    def grade(self) -> Level:
        return Level(self.level)

    @property
    def through(self) -> Channel:
        return Channel(self.channel)


class Order(models.Model):
    """The road of one bad rating (差评工单): called back, put right, answered, looked at again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rating = models.OneToOneField(Rating, models.PROTECT, related_name="order")
    state = models.CharField(max_length=10, default=State.TO_VERIFY.value)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    call_by = models.DateField()
    answer_by = models.DateField()
    called_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    second_level = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "answer_by"], name="orders_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="order_state_known"
            ),
            # Nothing is filed away before somebody spoke to whoever rated, or tried to.
            models.CheckConstraint(
                condition=~Q(state=State.ARCHIVED.value)
                | Q(called_at__isnull=False, answered_at__isnull=False),
                name="order_archived_after_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.state}"

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def is_over(self) -> bool:
        return self.standing in OVER

    @property
    def next_due(self) -> date:
        """By when something has to happen next."""
        return self.call_by if self.standing in UNCALLED and not self.called_at else self.answer_by

    def is_late(self, on: date) -> bool:
        return not self.is_over and self.answered_at is None and self.next_due < on

    @property
    def second(self) -> Level | None:
        return Level(self.second_level) if self.second_level else None


class OrderNote(StepNote):
    """What was written at a step of an order, and how somebody was reached."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="notes")
    level = models.CharField(max_length=10, blank=True)
    text = EncryptedTextField(purpose="rating.note")

    class Meta(StepNote.Meta):
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="order_note_once"),
            models.CheckConstraint(
                condition=Q(way__in=["", *(each.value for each in Way)]), name="order_way_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.version}"
