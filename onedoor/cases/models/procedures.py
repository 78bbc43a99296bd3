"""What interrupts or prepares a decision: suspensions, forwarding, surveys, hearings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Person
from onedoor.cases.models.cases import Case
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Proposal(models.Model):
    """A special procedure somebody proposed (特别程序的提出); until it is approved the clock runs.

    ``version`` is the step whose note holds the reason.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals", db_index=False)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    planned_days = models.PositiveSmallIntegerField()
    proposed_by = models.CharField(max_length=64)
    proposed_on = models.DateField()
    is_approved = models.BooleanField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_proposal_per_step"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_approved__isnull=True), name="one_open_proposal"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SpecialKind]), name="proposal_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(is_approved__isnull=True, answered_on__isnull=True)
                | Q(is_approved__isnull=False, answered_on__isnull=False)
                & ~Q(answered_by=models.F("proposed_by"), is_approved=True),
                name="proposal_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.proposed_on}"

    @property
    def procedure(self) -> SpecialKind:
        return SpecialKind(self.kind)


class Pause(models.Model):
    """A special procedure that stops the handling clock (特别程序): approved, told in writing.

    Several may run at once; their days are counted as a union. What came of it is kept as a
    document, except of a hearing, whose record is a paper of the case.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="pause")
    kind = models.CharField(max_length=10)
    first_on = models.DateField()
    planned_until = models.DateField()
    resumed_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="pause.document_name")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(resumed_on__isnull=True),
                name="one_open_pause_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SpecialKind]), name="pause_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_on}"

    @property
    def procedure(self) -> SpecialKind:
        return SpecialKind(self.kind)


class Forwarding(models.Model):
    """A case sent up for the decision (转报): to which body, and what it answered.

    What the body gave as its reason is the note of the step that recorded the answer; its paper
    is kept with it, where it came as one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="forwarding")
    body = models.CharField(max_length=100)
    is_approved = models.BooleanField(null=True)
    reference = models.CharField(max_length=100, blank=True)
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="forwarding.document_name")

    def __str__(self) -> str:
        return self.body


class Survey(models.Model):
    """An inspection on the spot (现场勘验) by two; the record counts once both have signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="surveys", db_index=False)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    planned_on = models.DateField()
    place = EncryptedTextField(purpose="survey.place")
    ordered_at = models.DateTimeField()
    passed = models.BooleanField(null=True)
    record_version = models.PositiveIntegerField(null=True)
    surveyed_at = models.DateTimeField(null=True)
    written_by = models.CharField(max_length=64, blank=True)
    written_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "ordered_at"], name="surveys_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(signed_at__isnull=True), name="one_open_survey"
            ),
            models.CheckConstraint(
                condition=~Q(first=models.F("second")), name="survey_by_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on}"


class Hearing(models.Model):
    """A hearing (听证): when the right was told, asked for, announced, held and recorded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="hearing")
    told_on = models.DateField()
    ask_by = models.DateField()
    asked_on = models.DateField(null=True)
    hold_by = models.DateField(null=True)
    called_on = models.DateField(null=True)
    held_at = models.DateTimeField(null=True)
    place = EncryptedTextField(purpose="hearing.place")
    chair = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    recorded_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.told_on}"
