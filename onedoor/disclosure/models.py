"""The road of each granted decision to the public list."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from onedoor.cases.models import Licence
from onedoor.disclosure.rules.words import Ground, PublicState
from onedoor.kernel.fields import EncryptedTextField, new_id


class Publication(models.Model):
    """A granted licence on its way to the public list, on it, or kept off it by two persons."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(Licence, models.PROTECT, related_name="publication")
    state = models.CharField(max_length=10, default=PublicState.WAITING.value)
    publish_on = models.DateField()
    due_on = models.DateField()
    published_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=20, blank=True)
    reason = EncryptedTextField(purpose="publication.reason")
    salt = models.CharField(max_length=32, blank=True)
    proposed_by = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["publish_on"],
                condition=Q(state=PublicState.WAITING.value),
                name="publications_waiting",
            ),
            models.Index(fields=["state", "published_at"], name="publications_public"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PublicState]),
                name="publication_state_known",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["", *(g.value for g in Ground)]),
                name="publication_ground_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=PublicState.PUBLISHED.value) | Q(published_at__isnull=False),
                name="publication_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=PublicState.WITHHELD.value)
                | (Q(answered_at__isnull=False) & ~Q(ground="") & ~Q(proposed_by=F("answered_by"))),
                name="publication_withheld_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.state}"

    @property
    def standing(self) -> PublicState:
        return PublicState(self.state)

    @property
    def why(self) -> Ground | None:
        return Ground(self.ground) if self.ground else None

    @property
    def is_proposed(self) -> bool:
        """Whether somebody asked to withhold it and nobody has answered yet."""
        return self.proposed_at is not None and self.answered_at is None
