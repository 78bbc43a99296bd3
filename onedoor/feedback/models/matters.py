"""What somebody could not get done, or asked, or suggested, and how it was answered."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models import Case
from onedoor.feedback.models.notes import StepNote
from onedoor.feedback.rules.matters import Kind, Outcome, Source, State
from onedoor.feedback.rules.words import Way
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Matter(models.Model):
    """Something sent to the centre that is answered by a day (反映): by the web, or at a window.

    ``unit`` answers for it once it was handed on. Whoever sent it follows it at an address only
    they know; of its code a digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    follow_digest = models.CharField(max_length=64, unique=True)
    code_key = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=State.WAITING.value)
    version = models.PositiveIntegerField(default=1)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="matters")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    place = EncryptedTextField(purpose="matter.place")
    text = EncryptedTextField(purpose="matter.text")
    name = EncryptedTextField(purpose="matter.name")
    phone = EncryptedTextField(purpose="matter.phone")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    salt = models.CharField(max_length=32)
    sent_at = models.DateTimeField()
    due_on = models.DateField()
    first_due_on = models.DateField()
    times_reopened = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_on"], name="matters_waiting"),
            models.Index(fields=["sent_at"], name="matters_sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in Kind]), name="matter_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[each.value for each in Source]),
                name="matter_source_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="matter_state_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(each.value for each in Outcome)]),
                name="matter_outcome_known",
            ),
            # Nothing is filed away unanswered.
            models.CheckConstraint(
                condition=~Q(state=State.ARCHIVED.value)
                | Q(answered_at__isnull=False) & ~Q(outcome=""),
                name="matter_archived_after_answer",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("first_due_on")), name="matter_due_never_earlier"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"matter:{self.number}"

    @property
    def what(self) -> Kind:
        return Kind(self.kind)

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def came_by(self) -> Source:
        return Source(self.source)

    @property
    def ended_as(self) -> Outcome | None:
        return Outcome(self.outcome) if self.outcome else None

    def is_late(self, on: date) -> bool:
        return self.answered_at is None and self.due_on < on


class MatterNote(StepNote):
    """What was written at a step of a matter; an answer is shown to whoever sent it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="notes")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, blank=True)
    text = EncryptedTextField(purpose="matter.note")

    class Meta(StepNote.Meta):
        constraints = [
            models.UniqueConstraint(fields=["matter", "version"], name="matter_note_once"),
            models.CheckConstraint(
                condition=Q(way__in=["", *(each.value for each in Way)]), name="matter_way_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(each.value for each in Outcome)]),
                name="matter_note_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.version}"
