"""Appointments: the places of each half hour, who keeps one, and who waits for one."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from onedoor.catalogue.models import Item
from onedoor.citizens.models import Citizen
from onedoor.hall.models.setting import Group
from onedoor.hall.models.tickets import Ticket
from onedoor.hall.rules.bookings import OPEN, STORED, Standing
from onedoor.kernel import masking
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField, new_id

_OPEN = sorted(each.value for each in OPEN)


class Places(models.Model):
    """How many places a half hour of a business has (号源), and how many of them are taken.

    Made when the first is asked for; from then on its capacity is what it was then, unless
    somebody sets it otherwise. The database itself sells no place twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, models.PROTECT, related_name="places", db_index=False)
    start = models.DateTimeField()
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "start"], name="hall_places_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("capacity")), name="hall_places_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.start} {self.taken}/{self.capacity}"


class Booker(models.Model):
    """Somebody who made appointments, known by their telephone, else by their ID number.

    Whoever books locks their own row first, so that two clicks are counted one after another.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mark = EncryptedTextField(purpose="booker.mark")
    mark_index = EqualityIndexField(of="mark", unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Booking(models.Model):
    """An appointment (预约), or a place on the waiting list (候补) of its half hour.

    Whoever holds it follows it at an address only they know; of its code a digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=8, unique=True)
    places = models.ForeignKey(Places, models.PROTECT, related_name="bookings", db_index=False)
    booker = models.ForeignKey(Booker, models.PROTECT, related_name="bookings", db_index=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=1)
    is_confirmed_first = models.BooleanField(default=False)
    name = EncryptedTextField(purpose="booking.name")
    phone = EncryptedTextField(purpose="booking.phone")
    reason = EncryptedTextField(purpose="booking.reason")
    follow_digest = models.CharField(max_length=64, unique=True)
    code_key = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="booking")

    class Meta:
        indexes = [
            models.Index(fields=["places", "state", "made_at"], name="bookings_of_places"),
            models.Index(fields=["booker", "state"], name="bookings_of_booker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booker", "places"], condition=Q(state__in=_OPEN), name="booking_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in STORED]), name="booking_state_known"
            ),
            # Checking in is the ticket: neither is there without the other.
            models.CheckConstraint(
                condition=Q(state=Standing.CHECKED_IN.value, ticket__isnull=False)
                | ~Q(state=Standing.CHECKED_IN.value) & Q(ticket__isnull=True),
                name="booking_checked_in_by_ticket",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, ended_at__isnull=True)
                | ~Q(state__in=_OPEN) & Q(ended_at__isnull=False),
                name="booking_ended_or_open",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"booking:{self.number}"

    @property
    def standing(self) -> Standing:
        return Standing(self.state)

    @property
    def is_open(self) -> bool:
        return self.standing in OPEN

    @property
    def start(self) -> datetime:
        return self.places.start

    @property
    def shown(self) -> str:
        """Who comes, as the list of the hall shows it."""
        return masking.name(str(self.name)) or masking.phone(str(self.phone))
