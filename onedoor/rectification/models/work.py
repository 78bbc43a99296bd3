"""What units do about a finding: measures, evidence, money."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import new_id
from onedoor.rectification.models.findings import Finding
from onedoor.rectification.rules.words import EvidenceKind, EvidenceState, MoneyKind


class Measure(models.Model):
    """What is done about it (措施). Those of a published report keep their words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="measures")
    sequence = models.PositiveIntegerField()
    label = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    goal = models.CharField(max_length=300, blank=True)
    mark = models.CharField(max_length=300, blank=True)
    """By what one sees that it is done (完成标志)."""
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "sequence"], name="measure_once"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="measure_progress"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("starts_on")),
                name="measure_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:40]


class Milestone(models.Model):
    """A dated goal of a stage (阶段目标)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="milestones")
    due_on = models.DateField()
    text = models.CharField(max_length=300)
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "due_on", "text"], name="milestone_once")
        ]

    def __str__(self) -> str:
        return self.text


class MilestoneMove(models.Model):
    """A dated goal was put off or brought forward: from when, why, by whom. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="moves")
    due_on = models.DateField()
    """When it was due before."""
    reason = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.due_on)


class Evidence(models.Model):
    """What shows that a measure was taken (佐证); each upload is a version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="evidence")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="evidence")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    judged_by = models.CharField(max_length=64, blank=True)
    judged_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "sequence"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in EvidenceKind]), name="evidence_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in EvidenceState]),
                name="evidence_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def what(self) -> EvidenceKind:
        return EvidenceKind(self.kind)

    @property
    def standing(self) -> EvidenceState:
        return EvidenceState(self.state)


class EvidenceRevision(models.Model):
    """One version of a piece of evidence: the file under its digest, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    dated_on = models.DateField(null=True)
    taken_on = models.DateField(null=True)
    """When the camera says a photo was taken."""
    uploaded_by = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_revision_once")
        ]

    def __str__(self) -> str:
        return self.name


class Amount(models.Model):
    """Money that has to be handled in one way (应处理金额), in fen; never more than is due."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="amounts")
    kind = models.CharField(max_length=10)
    due_fen = models.BigIntegerField()
    done_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "kind"], name="amount_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in MoneyKind]), name="amount_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(due_fen__gt=0, done_fen__gte=0, done_fen__lte=F("due_fen")),
                name="amount_done_within_due",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def what(self) -> MoneyKind:
        return MoneyKind(self.kind)

    @property
    def rest_fen(self) -> int:
        return self.due_fen - self.done_fen


class Payment(models.Model):
    """Money that was handled, with its voucher (凭证). Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    amount = models.ForeignKey(Amount, models.PROTECT, related_name="payments")
    fen = models.BigIntegerField()
    on = models.DateField()
    voucher = models.CharField(max_length=100)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["amount", "voucher"], name="payment_voucher_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="payment_of_something"),
        ]

    def __str__(self) -> str:
        return self.voucher
