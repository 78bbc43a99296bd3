"""Who applied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.kernel import masking
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField, new_id


class Applicant(models.Model):
    """Who applied, as shown at the window. Encrypted; ``salt`` makes the ledger's digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    name = EncryptedTextField(purpose="applicant.name")
    id_type = models.CharField(max_length=3)
    id_number = EncryptedTextField(purpose="applicant.id_number")
    id_index = EqualityIndexField(of="id_number")
    name_index = EqualityIndexField(of="name")
    phone = EncryptedTextField(purpose="applicant.phone")
    address = EncryptedTextField(purpose="applicant.address")
    agent = EncryptedTextField(purpose="applicant.agent")
    salt = models.CharField(max_length=32)
    # Whether papers may be served on the progress page (电子送达); since when is in the ledger.
    is_served_online = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id_index"], name="applicant_by_id"),
            models.Index(fields=["name_index"], name="applicant_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ApplicantKind]), name="applicant_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(id_type__in=[t.value for t in IdType]), name="applicant_id_type_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown_name(self) -> str:
        """The name as lists show it: a person's masked; an organisation's is public."""
        name: str = self.name
        is_person = self.kind == ApplicantKind.PERSON.value
        return masking.name(name) if is_person else name
