"""Whether guides are right and online addresses answer: reports of readers, the probe."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.items import Item
from onedoor.catalogue.rules.links import Answer
from onedoor.catalogue.rules.words import ReportStatus
from onedoor.kernel.fields import EncryptedTextField, new_id


class GuideReport(models.Model):
    """What a reader says is wrong in a guide (报错): an order for the item's editors."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reports")
    version_number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, default=ReportStatus.OPEN.value)
    text = EncryptedTextField(purpose="catalogue.report")
    contact = EncryptedTextField(purpose="catalogue.report", blank=True)
    answer = models.TextField(blank=True)
    reported_at = models.DateTimeField()
    answer_by = models.DateField()
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "answer_by"], name="catalogue_reports_open"),
            models.Index(fields=["item", "reported_at"], name="catalogue_reports_of_item"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=known("status", ReportStatus), name="catalogue_report_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.OPEN.value, answered_by="")
                | ~Q(status=ReportStatus.OPEN.value) & ~Q(answered_by="") & ~Q(answer=""),
                name="catalogue_report_answered_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.version_number}"


class GuideCheck(models.Model):
    """What the publish gates found in an item's guide in force when it was last looked through."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="check_of_guide")
    looked_on = models.DateField(db_index=True)
    faults = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["looked_on", "item"],
                condition=Q(faults__gt=0),
                name="catalogue_guides_faulty",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.faults}"


class ProbeNight(models.Model):
    """A night in which online addresses were probed (网办探测).

    ``is_blind``: nobody outside answered at all, so nothing is held against a silent site.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField(unique=True)
    planned_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    is_blind = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.day}"


class LinkProbe(models.Model):
    """How the online address of one item answered in a night; no address is our own page's.

    ``is_failing`` is what the night came to: a citizen cannot apply where the guide says so.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    night = models.ForeignKey(ProbeNight, on_delete=models.CASCADE, related_name="probes")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="probes")
    address = models.TextField(blank=True)
    host = models.CharField(max_length=255, blank=True)
    answer = models.CharField(max_length=20, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    tried_count = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    probed_at = models.DateTimeField(null=True, blank=True)
    is_failing = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["night", "due_at"], condition=Q(answer=""), name="catalogue_probe_waiting"
            ),
            models.Index(
                fields=["night"], condition=Q(is_failing=True), name="catalogue_probe_failing"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["night", "item"], name="catalogue_probed_once_a_night"),
            models.CheckConstraint(
                condition=known("answer", Answer, blank=True), name="catalogue_probe_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.answer}"
