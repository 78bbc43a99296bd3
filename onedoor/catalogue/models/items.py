"""What one may apply for, and how it is suspended, resumed and cancelled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.catalogue.models.checks import known
from onedoor.catalogue.rules.turns import Turn, TurnStatus
from onedoor.catalogue.rules.words import ItemState
from onedoor.kernel.fields import new_id, new_short


class Item(models.Model):
    """What one may apply for (政务服务事项), under the code its own place gave it.

    ``unit`` is the unit of the current version; before there is one, that of the first. A handling
    item (业务办理项) is an item of its own; ``parent_code`` is the code of what it is a part of.
    ``transferred_to`` decides on it from ``transferred_at`` on (划转), in place of ``unit``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    parent_code = models.CharField(max_length=64, blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="items")
    division_code = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=20, default=ItemState.IN_USE.value)
    short = models.CharField(max_length=10, unique=True, default=new_short, editable=False)
    current_version = models.OneToOneField(
        "ItemVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    planned_version = models.OneToOneField(
        "ItemVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField(null=True, blank=True)
    turns_at = models.DateTimeField(null=True, blank=True)
    turns_to = models.CharField(max_length=20, blank=True)
    transferred_to = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    transferred_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "code"], name="catalogue_item_by_unit"),
            # Most are part of nothing: by the first column alone SQLite would rather read them all.
            models.Index(fields=["parent_code", "code"], name="catalogue_item_by_parent"),
            models.Index(
                fields=["planned_at"],
                condition=Q(planned_at__isnull=False),
                name="catalogue_item_planned",
            ),
            models.Index(
                fields=["turns_at"],
                condition=Q(turns_at__isnull=False),
                name="catalogue_item_turns",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=known("state", ItemState), name="catalogue_item_state_known"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="catalogue_item_has_code"),
            models.CheckConstraint(
                condition=Q(planned_version__isnull=True, planned_at__isnull=True)
                | Q(planned_version__isnull=False, planned_at__isnull=False),
                name="catalogue_item_plan_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(turns_at__isnull=True, turns_to="")
                | Q(turns_at__isnull=False) & known("turns_to", ItemState),
                name="catalogue_item_turn_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(transferred_to__isnull=True, transferred_at__isnull=True)
                | Q(transferred_to__isnull=False, transferred_at__isnull=False),
                name="catalogue_item_transfer_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StateOrder(models.Model):
    """A suspension, resumption or cancellation (状态变更): asked by one, confirmed by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="turns")
    turn = models.CharField(max_length=20)
    status = models.CharField(max_length=20, default=TurnStatus.ASKED.value)
    reason = models.TextField()
    basis = models.TextField()
    notice = models.TextField(blank=True)
    effective_on = models.DateField()
    # What is applied for from then on in place of a cancelled item.
    successor = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "asked_at"], name="catalogue_turns_of_item")]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=TurnStatus.ASKED.value),
                name="catalogue_one_turn_asked",
            ),
            models.CheckConstraint(
                condition=known("status", TurnStatus) & known("turn", Turn),
                name="catalogue_turn_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""), name="catalogue_turn_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by="") & ~Q(asked_by=F("decided_by")),
                name="catalogue_turn_by_two",
            ),
            models.CheckConstraint(
                condition=Q(status=TurnStatus.ASKED.value, decided_by="", decided_at__isnull=True)
                | ~Q(status=TurnStatus.ASKED.value)
                & ~Q(decided_by="")
                & Q(decided_at__isnull=False),
                name="catalogue_turn_settled_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} {self.effective_on}"
