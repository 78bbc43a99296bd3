"""What was granted under the one seal, on its way to the department that supervises it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models.licences import Licence
from onedoor.cases.rules.pushes import Feedback, PushState
from onedoor.kernel.fields import EncryptedTextField, new_id


class SupervisionPush(models.Model):
    """A granted licence told to the supervising department (审管推送), signed for and answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(Licence, models.PROTECT, related_name="push")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=PushState.PUSHED.value)
    pushed_at = models.DateTimeField()
    sign_due_on = models.DateField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=64, blank=True)
    answer_due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    feedback = models.CharField(max_length=10, blank=True)
    text = EncryptedTextField(purpose="push.text")
    salt = models.CharField(max_length=32, blank=True)
    reminded_at = models.DateTimeField(null=True)
    escalate_on = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "state", "pushed_at"], name="cases_pushes_of_unit"),
            models.Index(
                fields=["sign_due_on"],
                condition=Q(state=PushState.PUSHED.value),
                name="cases_pushes_unsigned",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PushState])
                & Q(feedback__in=["", *(f.value for f in Feedback)]),
                name="cases_push_words_known",
            ),
            models.CheckConstraint(
                condition=Q(state=PushState.PUSHED.value)
                | Q(signed_at__isnull=False) & ~Q(signed_by=""),
                name="cases_push_signed_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=PushState.ANSWERED.value)
                | Q(answered_at__isnull=False) & ~Q(feedback=""),
                name="cases_push_answered_with_what",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def standing(self) -> PushState:
        return PushState(self.state)

    @property
    def said(self) -> Feedback | None:
        return Feedback(self.feedback) if self.feedback else None
