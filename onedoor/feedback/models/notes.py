"""What is written at a step, whatever it is a step of."""

from __future__ import annotations

from django.db import models

from onedoor.feedback.rules.words import Way
from onedoor.kernel.fields import new_id


class StepNote(models.Model):
    """Who took which step when, and how somebody was reached; the words are each kind's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=10)
    way = models.CharField(max_length=10, blank=True)
    salt = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["version"]

    @property
    def reached(self) -> Way | None:
        return Way(self.way) if self.way else None
