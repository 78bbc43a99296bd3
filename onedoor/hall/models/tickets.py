"""Tickets: who waits for what since when, and how they were called and served."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Person
from onedoor.catalogue.models import Item
from onedoor.hall.models.setting import Group, Hall, Window
from onedoor.hall.rules.lifecycle import AT_WINDOW, OPEN, STORED, State
from onedoor.hall.rules.words import Channel, Outcome, Priority
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField, new_id
from onedoor.ledger.rules.chain import Link

_OPEN = sorted(each.value for each in OPEN)


def subject_of(hall: str, day: date, number: str) -> str:
    """Return the name of a ticket's chain in the ledger."""
    return f"ticket:{hall}-{day:%Y%m%d}-{number}"


class Ticket(models.Model):
    """A number for one visit (排队号); transferred or returned it stays the same number.

    ``virtual_at`` is its place in the row. Whoever holds it follows it at an address only they
    know; of its code a digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="tickets", db_index=False)
    day = models.DateField()
    group = models.ForeignKey(Group, models.PROTECT, related_name="tickets", db_index=False)
    letter = models.CharField(max_length=1)
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=71, blank=True)
    priority = models.CharField(max_length=10, default=Priority.ORDINARY.value)
    special = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=12)
    is_offline = models.BooleanField(default=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    name = EncryptedTextField(purpose="ticket.name")
    id_number = EncryptedTextField(purpose="ticket.id_number")
    phone = EncryptedTextField(purpose="ticket.phone")
    id_index = EqualityIndexField(of="id_number", blank=True)
    phone_index = EqualityIndexField(of="phone", blank=True)
    note = EncryptedTextField(purpose="ticket.note")
    follow_digest = models.CharField(max_length=64, unique=True)
    code_key = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    virtual_at = models.DateTimeField()
    to_window = models.ForeignKey(
        Window, models.PROTECT, null=True, related_name="+", db_index=False
    )
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="tickets")
    clerk = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    call_key = models.CharField(max_length=40, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    returns = models.PositiveSmallIntegerField(default=0)
    transfers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["group", "virtual_at"],
                condition=Q(state=State.WAITING.value),
                name="tickets_waiting",
            ),
            models.Index(fields=["hall", "day", "called_at"], name="tickets_called"),
            # What the night looks for, every round of it.
            models.Index(fields=["day"], condition=Q(state__in=_OPEN), name="tickets_open"),
            models.Index(fields=["day"], condition=Q(code_key__gt=0), name="tickets_named"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "number"], name="ticket_number_once"),
            # One who waits for a business waits for it once.
            models.UniqueConstraint(
                fields=["day", "group", "id_index"],
                condition=Q(state__in=_OPEN) & ~Q(id_index=""),
                name="ticket_one_per_person",
            ),
            models.UniqueConstraint(
                fields=["day", "group", "phone_index"],
                condition=Q(state__in=_OPEN, id_index="") & ~Q(phone_index=""),
                name="ticket_one_per_phone",
            ),
            # A window has one person before it.
            models.UniqueConstraint(
                fields=["window"],
                condition=Q(state__in=sorted(each.value for each in AT_WINDOW)),
                name="ticket_one_at_window",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in STORED]), name="ticket_state_known"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=[each.value for each in Priority]),
                name="ticket_priority_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]),
                name="ticket_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(each.value for each in Outcome)]),
                name="ticket_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DONE.value, ended_at__isnull=False) & ~Q(outcome="")
                | ~Q(state=State.DONE.value) & Q(outcome=""),
                name="ticket_done_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CALLED.value, State.SERVING.value, State.HELD.value])
                | Q(window__isnull=False, called_at__isnull=False),
                name="ticket_called_to_window",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return subject_of(self.hall.code, self.day, self.number)

    @property
    def link(self) -> Link:
        return Link(self.version, self.head)

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def goes_by(self) -> Priority:
        return Priority(self.priority)

    @property
    def came_of_it(self) -> Outcome | None:
        return Outcome(self.outcome) if self.outcome else None

    @property
    def taken_by(self) -> Channel:
        return Channel(self.channel)

    @property
    def waited(self) -> timedelta | None:
        """How long somebody waited to be called first."""
        return self.first_called_at - self.issued_at if self.first_called_at else None

    def waits_since(self, at: datetime) -> int:
        """Return for how many minutes somebody has been waiting."""
        return max(int((at - self.issued_at).total_seconds() // 60), 0)


class TicketCase(models.Model):
    """A case received during a visit: a visit may be for several."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="cases", db_index=False)
    case_number = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "case_number"], name="ticket_case_once")
        ]

    def __str__(self) -> str:
        return self.case_number
