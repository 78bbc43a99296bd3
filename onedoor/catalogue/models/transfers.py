"""The transfer list (划转事项清单): its batches, and the items of each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.items import Item
from onedoor.catalogue.rules.transfers import BatchState
from onedoor.kernel.fields import new_id


class TransferBatch(models.Model):
    """A batch of licence powers that go to one body (划转批次), from a day on.

    Drafted by one person and published by another; fixed once it is published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveSmallIntegerField(unique=True)
    basis = models.CharField(max_length=200)
    effective_on = models.DateField()
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=BatchState.DRAFT.value)
    drafted_by = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("state", BatchState), name="catalogue_batch_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(drafted_by=""), name="catalogue_batch_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.DRAFT.value)
                | Q(published_at__isnull=False)
                & ~Q(published_by="")
                & ~Q(published_by=F("drafted_by")),
                name="catalogue_batch_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def standing(self) -> BatchState:
        return BatchState(self.state)


class TransferItem(models.Model):
    """An item whose power goes over (划转事项), and what the department keeps doing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(TransferBatch, on_delete=models.CASCADE, related_name="items")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="transfer")
    former_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept_duties = models.CharField(max_length=300, blank=True)
    liaison = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return str(self.item_id)
