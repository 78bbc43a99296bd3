"""What the auditors advised (审计建议), and every answer that was given to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import new_id
from onedoor.ledger.rules.chain import Link
from onedoor.rectification.models.findings import Project
from onedoor.rectification.rules.words import Adoption


class Recommendation(models.Model):
    """What the auditors advised a unit (审计建议): closed by adoption, not by money."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="recommendations")
    text = models.TextField()
    salt = models.CharField(max_length=32)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    adoption = models.CharField(max_length=12, default=Adoption.WAITING.value)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=71, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "number"], name="recommendation_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(adoption__in=[a.value for a in Adoption]),
                name="recommendation_adoption_known",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"recommendation:{self.number}"

    @property
    def link(self) -> Link:
        return Link(self.version, self.head)

    @property
    def standing(self) -> Adoption:
        return Adoption(self.adoption)


class AdoptionAnswer(models.Model):
    """One answer to a recommendation; a later one follows it and never changes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answers")
    version = models.PositiveIntegerField()
    adoption = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    made = models.CharField(max_length=300, blank=True)
    """The regulation or arrangement that came of it (制度名称)."""
    made_number = models.CharField(max_length=100, blank=True)
    made_on = models.DateField(null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "version"], name="adoption_answer_once"
            ),
            models.CheckConstraint(
                condition=Q(adoption__in=[a.value for a in Adoption if a is not Adoption.WAITING]),
                name="adoption_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return self.adoption

    @property
    def what(self) -> Adoption:
        return Adoption(self.adoption)

    @property
    def said(self) -> str:
        """Return the words whose salted digest is on record."""
        return "\n".join((self.reason, self.made, self.made_number))
