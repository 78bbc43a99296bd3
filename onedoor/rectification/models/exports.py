"""Findings taken out with their proofs (带存证导出), in parts that each verify alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.files.models import StoredFile
from onedoor.kernel.fields import new_id
from onedoor.rectification.rules.words import ProofUse


class ProofExport(models.Model):
    """What an auditor asked to take out: which findings, and what for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    purpose = models.CharField(max_length=12)
    shown = models.CharField(max_length=12, blank=True)
    unit = models.CharField(max_length=64, blank=True)
    finding_count = models.PositiveIntegerField()
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[u.value for u in ProofUse]), name="proof_use_known"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def what_for(self) -> ProofUse:
        return ProofUse(self.purpose)


class ProofPart(models.Model):
    """One package of an export, made by the worker; what it cannot make yet says why and waits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    export = models.ForeignKey(ProofExport, models.PROTECT, related_name="parts")
    place = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    """The numbers of what is in it."""
    make_at = models.DateTimeField(null=True)
    """When the worker tries; empty once it is made."""
    fault = models.CharField(max_length=60, blank=True)
    package = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    file_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["make_at"], condition=Q(make_at__isnull=False), name="proof_parts_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["export", "place"], name="proof_part_once"),
            models.CheckConstraint(
                condition=Q(make_at__isnull=False) | Q(package__isnull=False),
                name="proof_part_made_has_package",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.export.number}-{self.place}"
