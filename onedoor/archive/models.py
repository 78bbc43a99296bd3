"""Files of closed cases, holds on them, and lists of what is disposed of."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.archive.rules.words import FileState, ListState, Retention
from onedoor.cases.models import Case
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class ArchiveFile(models.Model):
    """The electronic file of a closed case (电子档案); its package lies in the store.

    ``edition`` counts how often it was packed: what ends the licence later is added to it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=60, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="archive_file")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    retention = models.CharField(max_length=3)
    closed_on = models.DateField()
    kept_until = models.DateField(null=True)
    state = models.CharField(max_length=10, default=FileState.WAITING.value)
    pack_at = models.DateTimeField()
    fault = models.CharField(max_length=60, blank=True)
    edition = models.PositiveSmallIntegerField(default=0)
    package = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    digest = models.CharField(max_length=71, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    packed_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["pack_at"],
                condition=Q(state=FileState.WAITING.value),
                name="archive_files_waiting",
            ),
            models.Index(fields=["kept_until", "number"], name="archive_files_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in FileState]), name="archive_state_known"
            ),
            models.CheckConstraint(
                condition=Q(retention__in=[r.value for r in Retention]),
                name="archive_retention_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.KEPT.value) | Q(package__isnull=False),
                name="archive_kept_has_a_package",
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.DISPOSED.value)
                | Q(package__isnull=True, disposed_at__isnull=False, kept_until__isnull=False),
                name="archive_disposed_has_none",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> FileState:
        return FileState(self.state)

    @property
    def term(self) -> Retention:
        return Retention(self.retention)

    @property
    def subject(self) -> str:
        return f"archive:{self.number}"


class Hold(models.Model):
    """A file that must not be disposed of meanwhile (暂缓销毁): a dispute, an audit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(ArchiveFile, models.PROTECT, related_name="holds")
    reason = EncryptedTextField(purpose="archive_hold.reason")
    salt = models.CharField(max_length=32)
    placed_by = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=64, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(lifted_at__isnull=True), name="archive_one_open_hold"
            )
        ]

    def __str__(self) -> str:
        return str(self.placed_at)


class DisposalList(models.Model):
    """Files proposed to be disposed of (销毁清册): by one person, approved by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    opinion = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default=ListState.PROPOSED.value)
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ListState]), name="disposal_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ListState.CARRIED_OUT.value)
                | (Q(answered_at__isnull=False) & ~Q(proposed_by=F("answered_by"))),
                name="disposal_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> ListState:
        return ListState(self.state)


class DisposalLine(models.Model):
    """A file on such a list; what it was stays readable when the file is gone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    disposal = models.ForeignKey(DisposalList, models.PROTECT, related_name="lines")
    file = models.ForeignKey(ArchiveFile, models.PROTECT, related_name="lines")
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=71)
    kept_until = models.DateField()
    left_out = models.CharField(max_length=60, blank=True)
    """Why it was not disposed of after all: the code of the refusal."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disposal", "file"], name="disposal_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.file_id}"
