"""The check of a commitment after the decision that rests on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.cases.models.cases import Case
from onedoor.cases.rules.commitment import Checked
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.catalogue.rules.content_columns import commitments_from
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Verification(models.Model):
    """The check of one matter vouched for (核查任务): due by a day, with its outcome and objection.

    ``place`` is that of the matter in the item version's list, from one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="verifications", db_index=False)
    place = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, default=Checked.NONE.value, blank=True)
    findings = EncryptedTextField(purpose="verification.findings")
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="verification.document_name")
    checked_by = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    object_by = models.DateField(null=True)
    barred_until = models.DateField(null=True)
    objection = EncryptedTextField(purpose="verification.objection")
    objected_at = models.DateTimeField(null=True)
    is_upheld = models.BooleanField(null=True)
    answer = EncryptedTextField(purpose="verification.answer")
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(outcome=""), name="verifications_to_be_done"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="one_check_per_matter"),
            models.CheckConstraint(
                condition=Q(outcome__in=[c.value for c in Checked]), name="check_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", checked_at__isnull=True)
                | ~Q(outcome="") & Q(checked_at__isnull=False) & ~Q(checked_by=""),
                name="check_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Checked.FALSE.value)
                | Q(object_by__isnull=False, barred_until__isnull=False),
                name="false_may_be_objected_to",
            ),
            models.CheckConstraint(
                condition=Q(is_upheld__isnull=True)
                | Q(objected_at__isnull=False) & ~Q(answered_by=models.F("checked_by")),
                name="objection_answered_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.due_on}"

    @property
    def result(self) -> Checked:
        return Checked(self.outcome)

    @property
    def commitment(self) -> Commitment:
        """What was vouched for, as the case's version of the item told it."""
        return commitments_from(self.case.item_version.details["commitments"])[self.place - 1]

    @property
    def subject(self) -> str:
        return f"check:{self.case.number}:{self.place}"
