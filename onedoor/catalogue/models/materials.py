"""The papers a version asks for, the files it shows, and what is no longer asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.versions import ItemVersion
from onedoor.catalogue.rules.words import Form, Necessity, Reduced, Source
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import new_id


class Material(models.Model):
    """One paper or file asked of the applicant (申请材料)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="materials")
    order = models.PositiveSmallIntegerField()
    name = models.TextField()
    necessity = models.CharField(max_length=20, default=Necessity.REQUIRED.value)
    form = models.CharField(max_length=20, default=Form.PAPER.value)
    originals = models.PositiveSmallIntegerField(default=1)
    copies = models.PositiveSmallIntegerField(default=0)
    source_kind = models.CharField(max_length=20, default=Source.OWN.value)
    source = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    standard = models.TextField(blank=True)
    page_format = models.CharField(max_length=40, blank=True)
    fill_note = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    form_file = models.CharField(max_length=71, blank=True)
    sample_file = models.CharField(max_length=71, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="catalogue_material_order"),
            models.CheckConstraint(
                condition=known("necessity", Necessity)
                & known("form", Form)
                & known("source_kind", Source),
                name="catalogue_material_words_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GuideFile(models.Model):
    """A blank form or sample (指南文件): uploaded by an editor for everybody to download.

    A guide names nothing else of the store, where people's own papers lie too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(uploaded_by=""), name="catalogue_guide_file_is_somebodys"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id}"


class Reduction(models.Model):
    """One material or step that is no longer asked for (减材料减流程): what, how, on what basis."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="reductions")
    list_name = models.CharField(max_length=20)
    name = models.TextField()
    source = models.CharField(max_length=20)
    basis = models.TextField()
    count_before = models.PositiveSmallIntegerField()
    count_after = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "list_name", "name"], name="catalogue_reduced_once"
            ),
            models.CheckConstraint(
                condition=known("source", Reduced), name="catalogue_reduction_source_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
