"""What was granted, for how long, and how it ended."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models.applicants import Applicant
from onedoor.cases.models.cases import Case
from onedoor.cases.rules.delivery import Way
from onedoor.cases.rules.licences import LicenceState, Shown, shown, worded_term
from onedoor.catalogue.models import Item
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Licence(models.Model):
    """What a case granted under the licence law (许可证件): from when to when, and how it ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    # Empty where the unit's code is none that an identifier can hold.
    identifier = models.CharField(max_length=100, blank=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="licence")
    item = models.ForeignKey(Item, models.PROTECT, related_name="licences", db_index=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="licences", db_index=False)
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="licences")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    state = models.CharField(max_length=10, default=LicenceState.VALID.value)
    ended_on = models.DateField(null=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "valid_from", "number"], name="licences_of_unit"),
            models.Index(
                fields=["item", "valid_to"],
                condition=Q(state=LicenceState.VALID.value),
                name="licences_in_force",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LicenceState]), name="licence_state_known"
            ),
            models.UniqueConstraint(
                fields=["identifier"],
                condition=~Q(identifier=""),
                name="licence_identifier_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="licence_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> LicenceState:
        return LicenceState(self.state)

    @property
    def worded_term(self) -> str:
        """How long it holds, where that is said in words and no last day can be named."""
        return "" if self.valid_to else worded_term(self.case.item_version.validity)

    @property
    def is_for_good(self) -> bool:
        """Whether the guide says that it holds without end (长期)."""
        return not self.valid_to and not self.worded_term and bool(self.case.item_version.validity)

    def shown_on(self, day: date) -> Shown:
        """Return how it stands that day, its last day considered."""
        return shown(self.standing, self.valid_to, on=day)

    @property
    def subject(self) -> str:
        return f"licence:{self.number}"


class LicenceKind(models.Model):
    """The number an item's licences have among those of its unit (证照类型), from the first one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.OneToOneField(Item, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=21, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="licence_kind_number_once")
        ]

    def __str__(self) -> str:
        return self.code


class LicenceNote(models.Model):
    """Why a licence was revoked or cancelled. The ledger holds only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(Licence, models.PROTECT, related_name="note")
    text = EncryptedTextField(purpose="licence_note.text")
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return str(self.pk)


class EndServing(models.Model):
    """How the decision that ended a licence is served: by which way, on which day, shown by what.

    Without a day it is announced, and counts as served after ``notice_due_on``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(Licence, models.PROTECT, related_name="end_serving")
    way = models.CharField(max_length=10)
    served_on = models.DateField(null=True)
    announced_on = models.DateField(null=True)
    notice_due_on = models.DateField(null=True, db_index=True)
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="end_serving.document_name")
    # Why it was announced and what was tried before; the ledger holds its digest.
    account = EncryptedTextField(purpose="end_serving.account")
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=[each.value for each in Way]), name="end_serving_way_known"
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=False) | Q(notice_due_on__isnull=False),
                name="end_served_or_announced",
            ),
        ]

    def __str__(self) -> str:
        return self.way

    @property
    def by_way(self) -> Way:
        return Way(self.way)
