"""Audits, what they found, and what the findings came without."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.kernel.fields import EncryptedTextField, new_id
from onedoor.ledger.rules.chain import Link
from onedoor.rectification.rules.lifecycle import DONE, State
from onedoor.rectification.rules.words import (
    GapKind,
    Outcome,
    RectificationClass,
    Severity,
)

NO_DATE = date(9999, 12, 31)


class Project(models.Model):
    """An audit (审计项目): the document that the findings stand in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=71, unique=True)
    title = models.CharField(max_length=300)
    place = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    audit_body = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=40, blank=True)
    report_number = models.CharField(max_length=100, blank=True)
    report_date = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """Something an audit found (问题), verbatim, and where putting it right stands.

    ``claimed`` is what the unit says, ``outcome`` what was verified; neither ever sets the other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="findings")
    sequence = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    label = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=500)
    heading = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    basis = models.CharField(max_length=500, blank=True)
    category = models.CharField(max_length=100, blank=True)
    subcategory = models.CharField(max_length=100, blank=True)
    origin = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    rectification_class = models.CharField(max_length=12, blank=True)
    is_class_stated = models.BooleanField(default=False)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="findings")
    leader = models.CharField(max_length=100, blank=True)
    officer = models.CharField(max_length=100, blank=True)
    section = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    served_on = models.DateField(null=True)
    deadline_on = models.DateField(default=NO_DATE)
    next_rung_on = models.DateField(null=True, db_index=True)

    claimed = models.CharField(max_length=20, blank=True)
    claim_label = models.CharField(max_length=50, blank=True)
    claim_quote = models.CharField(max_length=500, blank=True)
    is_claim_explicit = models.BooleanField(default=False)
    claim_lead = models.TextField(blank=True)
    claim_result = models.TextField(blank=True)

    state = models.CharField(max_length=15)
    outcome = models.CharField(max_length=20, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    recognised_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=71, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["deadline_on", "number"], name="finding_by_deadline"),
            models.Index(fields=["state", "deadline_on"], name="finding_by_state"),
            models.Index(fields=["unit", "state", "deadline_on"], name="finding_by_unit"),
            models.Index(fields=["is_public", "deadline_on", "number"], name="finding_public"),
            # The rates of the classes are counted from the index alone.
            models.Index(
                fields=[
                    "is_public",
                    "rectification_class",
                    "state",
                    "claimed",
                    "outcome",
                    "deadline_on",
                ],
                name="finding_rates",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="finding_code_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="finding_state_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]), name="finding_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(claimed__in=[o.value for o in Outcome]), name="finding_claim_known"
            ),
            models.CheckConstraint(
                condition=Q(rectification_class__in=[c.value for c in RectificationClass]),
                name="finding_class_known",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[s.value for s in Severity]),
                name="finding_severity_known",
            ),
            # Only what was verified as put right is closed.
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLOSED.value, State.RECHECK.value])
                | Q(outcome=Outcome.RECTIFIED.value),
                name="finding_closed_is_rectified",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT.value, State.REGISTERED.value])
                | Q(unit__isnull=False),
                name="finding_issued_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(repeats__isnull=True) | ~Q(repeats=F("id")),
                name="finding_repeats_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"finding:{self.number}"

    @property
    def link(self) -> Link:
        return Link(self.version, self.head)

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def result(self) -> Outcome:
        return Outcome(self.outcome)

    @property
    def claim(self) -> Outcome:
        return Outcome(self.claimed)

    @property
    def kind(self) -> RectificationClass:
        return RectificationClass(self.rectification_class)

    @property
    def weight(self) -> Severity:
        return Severity(self.severity)

    @property
    def due_on(self) -> date | None:
        return None if self.deadline_on == NO_DATE else self.deadline_on

    def is_late(self, on: date) -> bool:
        return self.deadline_on < on and self.standing not in DONE

    def days_late(self, on: date) -> int:
        return (on - self.deadline_on).days if self.is_late(on) else 0


class FindingUnit(models.Model):
    """A unit that works along (配合单位): with measures of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="co_units")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "unit"], name="finding_co_unit_once")
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Gap(models.Model):
    """What a finding came without (缺项), and what its source says beside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="gaps")
    kind = models.CharField(max_length=24)
    text = models.TextField(blank=True)
    place = models.PositiveIntegerField(default=0)
    filled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "kind", "place"], name="finding_gap_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in GapKind]), name="finding_gap_known"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def what(self) -> GapKind:
        return GapKind(self.kind)


class Note(models.Model):
    """What a person wrote at a step; on record is its salted digest, so that it can be erased."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="notes")
    version = models.PositiveIntegerField()
    text = EncryptedTextField(purpose="finding.note")
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "version"], name="finding_note_once")
        ]

    def __str__(self) -> str:
        return str(self.version)
