"""One matter, several cases: the application they share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.accounts.models import Organisation
from onedoor.cases.models.applicants import Applicant
from onedoor.cases.models.cases import Case
from onedoor.cases.rules.clock import Extension
from onedoor.cases.rules.joint import MemberState
from onedoor.cases.rules.words import MaterialState
from onedoor.catalogue.models import Item, Package
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Application(models.Model):
    """A joint application (一件事的联合申请): several cases of one applicant, received as one.

    What was judged at the window is kept with it, for the members that begin later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=23)
    alias = models.CharField(max_length=8)
    track_digest = models.CharField(max_length=64)
    code_key = models.PositiveSmallIntegerField()
    package = models.ForeignKey(Package, models.PROTECT, related_name="applications")
    name = models.CharField(max_length=100)
    is_joint = models.BooleanField(default=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="applications")
    received_by = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    extended_days = models.PositiveSmallIntegerField(default=0)
    extended_on = models.DateField(null=True)
    extension_reason = EncryptedTextField(purpose="application.extension_reason")
    extension_salt = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_by", "received_at"], name="applications_by_receiver")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(extended_days=0, extended_on__isnull=True)
                | Q(extended_days__gt=0, extended_on__isnull=False, is_joint=True),
                name="application_extension_is_dated",
            ),
            models.UniqueConstraint(fields=["number"], name="application_number_unique"),
            models.UniqueConstraint(fields=["alias"], name="application_alias_unique"),
            models.UniqueConstraint(fields=["track_digest"], name="application_track_unique"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"application:{self.number}"

    @property
    def extension(self) -> Extension | None:
        if self.extended_on is None:
            return None
        return Extension(self.extended_days, self.extended_on)


class ApplicationMember(models.Model):
    """An item of a joint application: waiting for the one before, a case, or no longer done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="members", db_index=False
    )
    order = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    state = models.CharField(max_length=10, default=MemberState.WAITING.value)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="membership")

    class Meta:
        indexes = [
            models.Index(
                fields=["after"],
                condition=Q(state=MemberState.WAITING.value),
                name="application_members_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "order"], name="application_member_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MemberState]),
                name="application_member_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=MemberState.STARTED.value, case__isnull=False)
                | ~Q(state=MemberState.STARTED.value) & Q(case__isnull=True),
                name="application_member_started_is_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    @property
    def standing(self) -> MemberState:
        return MemberState(self.state)


class ApplicationMaterial(models.Model):
    """A material of a joint application, judged once for all members that need it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="materials", db_index=False
    )
    order = models.PositiveSmallIntegerField()
    key = models.TextField()
    name = models.TextField()
    members = models.JSONField(default=list)
    state = models.CharField(max_length=10)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "order"], name="application_material_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MaterialState]),
                name="application_material_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    @property
    def found(self) -> MaterialState:
        return MaterialState(self.state)


class ApplicationFile(models.Model):
    """A file handed in for a joint application; each case that needs it points to the same one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    material = models.ForeignKey(ApplicationMaterial, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = EncryptedTextField(purpose="attachment.name")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
