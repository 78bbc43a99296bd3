"""What is being written online and was not sent yet."""

from __future__ import annotations

from django.db import models

from onedoor.cases.models.cases import Case
from onedoor.catalogue.models import Item
from onedoor.citizens.models import Citizen, Mandate
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Draft(models.Model):
    """What an applicant has typed and not sent yet (草稿); dropped some days after the last touch.

    ``key`` is the digest of a secret only the applicant's device holds, or that only their account
    has (``citizen``), or has for another (``mandate``). Once sent, the row stays empty for those
    days: a form sent again finds the case it became.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=64, unique=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    item_version = models.PositiveIntegerField()
    content = EncryptedTextField(purpose="draft.content")
    touched_at = models.DateTimeField(db_index=True)
    citizen = models.ForeignKey(Citizen, models.PROTECT, null=True, related_name="+")
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, related_name="+", db_index=False
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_index=False)

    def __str__(self) -> str:
        return str(self.pk)


class Sender(models.Model):
    """By which account an application was sent (提交账户), and under which authority for another:
    it is in that account's list."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="sender")
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="+")
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return str(self.pk)


class DraftFile(models.Model):
    """A file uploaded for a material and not sent yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    order = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = EncryptedTextField(purpose="draft_file.name")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
