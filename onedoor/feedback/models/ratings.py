"""Ratings of finished cases and served visits, and the work a bad one makes."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models import Case
from onedoor.feedback.models.notes import StepNote
from onedoor.feedback.rules.lifecycle import OVER, UNCALLED, State
from onedoor.feedback.rules.words import Channel, Level, Way
from onedoor.kernel.fields import EncryptedTextField, new_id


class Rating(models.Model):
    """What somebody said of a finished case or a served visit (评价), once, changed at most once.

    ``number`` is the case's, or the visit's: hall, day and number of its ticket. ``about`` says
    what a visit was for. ``served_at`` is when what is rated had ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=60, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="rating")
    about = models.CharField(max_length=200, blank=True)
    served_at = models.DateTimeField()
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
        indexes = [
            models.Index(fields=["unit", "rated_at"], name="ratings_of_unit"),
            models.Index(
                fields=["served_at"], condition=Q(case__isnull=True), name="ratings_of_visits"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[each.value for each in Level]), name="rating_level_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]),
                name="rating_channel_known",
            ),
            # Nobody says how they were served before they were.
            models.CheckConstraint(
                condition=Q(rated_at__gte=F("served_at")), name="rating_after_service"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(about=""), name="rating_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.level}"

    @property
    def subject(self) -> str:
        return f"rating:{self.number}"

    @property
    def served(self) -> str:
        """The subject of what is rated: of the case, or of the ticket."""
        return self.case.subject if self.case else f"ticket:{self.number}"

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
