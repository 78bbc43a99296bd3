"""The rules of a period as they were handed in, confirmed, and signed for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.kernel.fields import new_id
from onedoor.market.rules.packs import State


class RulePack(models.Model):
    """The rules of the market for a period (规则包), kept as the text that was handed in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, default=State.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    document = models.CharField(max_length=300)
    first_on = models.DateField()
    last_on = models.DateField()
    text = models.TextField()
    digest = models.CharField(max_length=71)
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-first_on", "-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="rule_pack_state_known"
            ),
            models.CheckConstraint(
                condition=Q(first_on__lte=F("last_on")), name="rule_pack_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT.value) | Q(confirmed_at__isnull=False),
                name="rule_pack_in_force_is_confirmed",
            ),
            # Two who confirm at once: one of them is refused.
            models.UniqueConstraint(
                fields=["first_on"],
                condition=Q(state=State.IN_FORCE.value),
                name="rule_pack_once_a_period",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"rule_pack:{self.number}"

    @property
    def standing(self) -> State:
        return State(self.state)


class ScopeReceipt(models.Model):
    """A unit's signature that it has the list of what must be bought through the market (签收)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pack = models.ForeignKey(RulePack, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "unit"], name="scope_receipt_once")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.unit_id}"
