"""Official reports as structure, what they promise next, and drafts read from texts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.kernel.fields import new_id
from onedoor.rectification.models import Finding
from onedoor.reports.rules.words import Origin, ReadingState, TaskState


class Report(models.Model):
    """A report (报告) as it was given: its structure never changes, a correction is a new one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    origin = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    series = models.CharField(max_length=120, blank=True, db_index=True)
    """Of a report made from the ledger: its kind, what it is about, and for whom."""
    index_number = models.CharField(max_length=64, blank=True)
    published_on = models.DateField(null=True)
    content = models.JSONField()
    content_digest = models.CharField(max_length=71, unique=True)
    text_digest = models.CharField(max_length=71)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    made_at = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=[o.value for o in Origin]), name="report_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    content_digest__startswith="sha256:", text_digest__startswith="sha256:"
                ),
                name="report_digests",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"report:{self.number}"

    @property
    def source(self) -> Origin:
        return Origin(self.origin)


class ReportFinding(models.Model):
    """A finding a report tells of, in the order in which it does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="told")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="told_in")
    place = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "place"], name="report_place_once"),
            models.UniqueConstraint(fields=["report", "finding"], name="report_finding_once"),
        ]

    def __str__(self) -> str:
        return str(self.place)


class ReportNote(models.Model):
    """What is to be looked at in a report (核对提示): from its source, or seen at the import."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="remarks")
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "place"], name="report_note_once")]

    def __str__(self) -> str:
        return self.code


class Task(models.Model):
    """Something the next steps promise (下一步任务), to be broken down: who, by when, how much."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="tasks")
    place = models.PositiveIntegerField()
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=15, default=TaskState.TO_BREAK_DOWN.value)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    goal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "place"], name="report_task_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in TaskState]), name="task_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.TO_BREAK_DOWN.value)
                | Q(unit__isnull=False, due_on__isnull=False),
                name="task_broken_down_has_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def standing(self) -> TaskState:
        return TaskState(self.state)


class Reading(models.Model):
    """A report read from a text (识读): a draft beside its source, until a person confirms it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=71, unique=True)
    lines = models.JSONField()
    content = models.JSONField()
    marks = models.JSONField()
    """What was understood of each line, and what was not."""
    state = models.CharField(max_length=10)
    report = models.OneToOneField(Report, models.PROTECT, null=True, related_name="reading")
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ReadingState]), name="reading_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> ReadingState:
        return ReadingState(self.state)
