"""What an evening's reconciliation of the seal left for somebody to do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.cases.rules.words import DifferenceState
from onedoor.kernel.fields import new_id


class SealDifference(models.Model):
    """What does not add up between decisions, papers and uses of the seal (用印差异)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    about = models.CharField(max_length=64)
    code = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    state = models.CharField(max_length=10)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "code"], name="cases_one_item_a_difference"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DifferenceState]),
                name="cases_difference_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=DifferenceState.SETTLED.value) | ~Q(reason=""),
                name="cases_difference_settled_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.code}"

    @property
    def subject(self) -> str:
        return f"seal-difference:{self.pk}"

    @property
    def standing(self) -> DifferenceState:
        return DifferenceState(self.state)
