"""What staff write and pick while they work on a case."""

from __future__ import annotations

from django.db import models

from onedoor.cases.models.cases import Case
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id


class Note(models.Model):
    """The free text of one step: reason, opinion, result. The ledger holds only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes", db_index=False)
    version = models.PositiveIntegerField()
    text = EncryptedTextField(purpose="note.text")
    basis = models.CharField(max_length=500, blank=True)
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_note_per_step")
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Posting(models.Model):
    """A paper on its way by post (邮寄送达): carrier, waybill, and when it was signed for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="postings")
    carrier = models.CharField(max_length=40)
    waybill = EncryptedTextField(purpose="posting.waybill")
    sent_at = models.DateTimeField()
    signed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.carrier} {self.sent_at:%Y-%m-%d}"


class Leaving(models.Model):
    """A paper left with whoever would not take it (留置送达): where, before whom, and the proof.

    How it was refused is the note of the step.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="leaving")
    left_on = models.DateField()
    place = EncryptedTextField(purpose="leaving.place")
    witnesses = EncryptedTextField(purpose="leaving.witnesses")
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="leaving.document_name")

    def __str__(self) -> str:
        return f"{self.left_on}"


class Entrusting(models.Model):
    """A paper that another body was asked to hand over (委托送达), and the proof it sent back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="entrustings")
    body = models.CharField(max_length=100)
    sent_at = models.DateTimeField()
    served_on = models.DateField(null=True)
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    document_name = EncryptedTextField(purpose="entrusting.document_name")

    def __str__(self) -> str:
        return f"{self.body} {self.sent_at:%Y-%m-%d}"


class Depositing(models.Model):
    """A paper put into a self-service cabinet (自助柜), to be fetched with a one-time code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="depositings")
    cabinet = models.CharField(max_length=60)
    compartment = models.CharField(max_length=20)
    put_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.cabinet} {self.compartment}"


class Phrase(models.Model):
    """A sentence the office approved for notices, opinions and refusals (常用语)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, db_index=True)
    text = models.CharField(max_length=500)
    basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.text
