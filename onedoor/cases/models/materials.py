"""What was handed in, and what was found missing or wrong."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.cases.models.cases import Case
from onedoor.cases.rules.words import Channel, MaterialState, Promised
from onedoor.catalogue.models import Material
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class CaseMaterial(models.Model):
    """One material of the item version, as the clerk found it on this case.

    Before receipt nobody has judged it: ``state`` only says whether something is there yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="materials", db_index=False)
    material = models.ForeignKey(Material, models.PROTECT, related_name="+", db_index=False)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    channel = models.CharField(max_length=10, default=Channel.WINDOW.value)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    promised = models.CharField(max_length=10, default=Promised.NONE.value, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "order"], name="one_row_per_material"),
            models.CheckConstraint(
                condition=Q(promised__in=[p.value for p in Promised]), name="material_promise_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MaterialState]), name="material_state_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in Channel]), name="material_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    @property
    def found(self) -> MaterialState:
        return MaterialState(self.state)

    @property
    def is_awaited(self) -> bool:
        """Whether it was promised for later and is not there yet."""
        return self.promised == Promised.LATER.value and self.found is not MaterialState.OK

    @property
    def comes_by(self) -> Channel:
        return Channel(self.channel)


class Attachment(models.Model):
    """A scan or file handed in for a material; the file itself lies in the store, by digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = EncryptedTextField(purpose="attachment.name")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class PrecheckGap(models.Model):
    """What a pre-check sent an application back for (预审意见): a material, and what is wrong.

    No correction notice of the law: nothing was received yet, and no limit runs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="precheck_gaps")
    case_version = models.PositiveIntegerField()
    demand = models.CharField(max_length=500)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_material", "case_version"], name="one_precheck_gap_per_return"
            )
        ]

    def __str__(self) -> str:
        return self.demand


class Gap(models.Model):
    """What a correction notice asked for: a material of the item version and what was wrong."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_material = models.ForeignKey(CaseMaterial, models.PROTECT, related_name="gaps")
    notice_version = models.PositiveIntegerField()
    problem = models.CharField(max_length=10)
    demand = models.CharField(max_length=500)
    basis = models.CharField(max_length=500, blank=True)
    supplied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_material", "notice_version"], name="one_gap_per_material_and_notice"
            ),
            models.CheckConstraint(
                condition=Q(
                    problem__in=[MaterialState.MISSING.value, MaterialState.DEFECTIVE.value]
                ),
                name="gap_problem_known",
            ),
        ]

    def __str__(self) -> str:
        return self.demand
