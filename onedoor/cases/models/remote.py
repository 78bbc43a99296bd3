"""What was taken in for another place, until its result is with the applicant (异地代收)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models.applicants import Applicant
from onedoor.cases.rules.remote import HERE, RemoteOutcome, RemoteState
from onedoor.kernel.fields import new_id


class RemoteIntake(models.Model):
    """Papers taken in for another place's body: the register, both signatures, both waybills."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="remote_intakes")
    item = models.CharField(max_length=200)
    body = models.CharField(max_length=100)
    body_address = models.CharField(max_length=200)
    body_phone = models.CharField(max_length=40, blank=True)
    materials = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=RemoteState.TAKEN.value)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=64)
    send_due_on = models.DateField()
    packed_at = models.DateTimeField(null=True)
    packed_by = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=64, blank=True)
    carrier = models.CharField(max_length=40, blank=True)
    waybill = models.CharField(max_length=40, blank=True)
    home_number = models.CharField(max_length=64, blank=True)
    accepted_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    result_carrier = models.CharField(max_length=40, blank=True)
    result_waybill = models.CharField(max_length=40, blank=True)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "received_at"], name="cases_remote_of_unit"),
            models.Index(
                fields=["send_due_on"],
                condition=Q(state__in=[s.value for s in HERE]),
                name="cases_remote_unsent",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RemoteState])
                & Q(outcome__in=[o.value for o in RemoteOutcome]),
                name="cases_remote_words_known",
            ),
            models.CheckConstraint(
                condition=Q(sent_by="") | (~Q(packed_by="") & ~Q(sent_by=F("packed_by"))),
                name="cases_remote_signed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in HERE]) | ~Q(waybill=""),
                name="cases_remote_sent_under_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> RemoteState:
        return RemoteState(self.state)

    @property
    def result(self) -> RemoteOutcome:
        return RemoteOutcome(self.outcome)

    @property
    def subject(self) -> str:
        return f"remote:{self.number}"
