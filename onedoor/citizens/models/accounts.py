"""Accounts of the public, and the codes sent to their telephones."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from onedoor.citizens.rules import Assurance
from onedoor.kernel import masking
from onedoor.kernel.fields import EncryptedTextField, EqualityIndexField, new_id
from onedoor.messages.models import Message


class Citizen(models.Model):
    """Somebody of the public who signs in (办事人). Encrypted; empty where it is not known.

    ``email`` is an address they confirmed, to which they are told what they are told by telephone.
    Who signed in by telephone alone has an account of its number, without a name. When the identity
    service tells who that is, it becomes theirs, or a part of the one they have (``joined_to``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assurance = models.CharField(max_length=10)
    name = EncryptedTextField(purpose="citizen.name")
    id_type = models.CharField(max_length=3, blank=True)
    id_number = EncryptedTextField(purpose="citizen.id_number")
    id_index = EqualityIndexField(of="id_number", blank=True)
    phone = EncryptedTextField(purpose="citizen.phone")
    phone_index = EqualityIndexField(of="phone", blank=True)
    email = EncryptedTextField(purpose="citizen.email", blank=True)
    consent = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_index"],
                condition=Q(closed_at__isnull=True) & ~Q(id_index=""),
                name="citizen_once_by_identity",
            ),
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=Q(closed_at__isnull=True, id_index=""),
                name="citizen_once_by_phone",
            ),
            models.CheckConstraint(
                condition=Q(assurance__in=[each.value for each in Assurance]),
                name="citizen_assurance_known",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False)
                | ~Q(assurance=Assurance.IDENTITY.value)
                | ~Q(id_index=""),
                name="citizen_verified_is_named",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> str:
        return f"citizen:{self.pk}"

    @property
    def is_verified(self) -> bool:
        """Whether the identity service said who this is."""
        return self.assurance == Assurance.IDENTITY.value

    @property
    def known_by(self) -> Assurance:
        return Assurance(self.assurance)

    @property
    def shown(self) -> str:
        """Their name, or their number with its middle hidden: only they see this."""
        return str(self.name) or masking.phone(str(self.phone))

    def ids(self) -> list[UUID]:
        """Return this account and those that became a part of it; one statement, asked once."""
        if not hasattr(self, "_ids"):
            self._ids: list[UUID] = [self.pk, *self.joined.values_list("pk", flat=True)]
        return self._ids


class PhoneCode(models.Model):
    """The last code sent to a number (短信验证码): good for some minutes, some tries, one use."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = EncryptedTextField(purpose="phone_code.phone")
    phone_index = EqualityIndexField(of="phone", unique=True)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def about(self) -> str:
        return f"phone-code:{self.pk}"


class MailCode(models.Model):
    """The last code sent to an address somebody wants to be told at (邮箱验证码): used once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    citizen = models.OneToOneField(Citizen, models.CASCADE, related_name="mail_code")
    email = EncryptedTextField(purpose="mail_code.email")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def about(self) -> str:
        return f"mail-code:{self.pk}"


class Reading(models.Model):
    """That somebody has read a message in their own space (已读)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="readings")
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citizen", "message"], name="citizen_reads_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
