"""The register of seals, what is to be sealed, and what was."""

from __future__ import annotations

import hashlib
import ssl

from django.db import models
from django.db.models import F, Q

from onedoor.accounts.models import Organisation, Person
from onedoor.files.models import StoredFile
from onedoor.kernel.fields import EncryptedTextField, new_id
from onedoor.seals.backends import NEED_PIN
from onedoor.seals.rules.words import Backing, Medium, RequestState, SealKind, SealState


class Authority(models.Model):
    """Who vouches for the seals' certificates here: the demo authority, made on first use."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True)
    certificate = models.TextField()
    key = EncryptedTextField(purpose="seal.authority_key")

    def __str__(self) -> str:
        return str(self.pk)


class Seal(models.Model):
    """A seal of the centre (印章), its keeper and deputy, and whether it may be used."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    medium = models.CharField(max_length=10)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="seals")
    keeper = models.ForeignKey(Person, models.PROTECT, related_name="seals_kept")
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    state = models.CharField(max_length=10)
    unlock_asked_by = models.CharField(max_length=64, blank=True)
    backing = models.CharField(max_length=10, default=Backing.DEMO.value)
    certificate = models.TextField(blank=True)
    chain = models.TextField(blank=True)
    key = EncryptedTextField(purpose="seal.key")
    sm2_certificate = models.TextField(blank=True)
    sm2_key = EncryptedTextField(purpose="seal.sm2_key")
    pin_failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            # One seal: two of a kind in use at once would be two roads to the same paper.
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(
                    medium=Medium.ELECTRONIC.value,
                    state__in=[SealState.ACTIVE.value, SealState.LOCKED.value],
                ),
                name="seals_one_in_use_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SealKind]), name="seals_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(medium__in=[m.value for m in Medium]), name="seals_medium_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SealState]), name="seals_state_known"
            ),
            models.CheckConstraint(
                condition=Q(backing__in=[b.value for b in Backing]), name="seals_backing_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="seals_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(keeper=F("deputy")), name="seals_deputy_is_another"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> SealState:
        return SealState(self.state)

    @property
    def what(self) -> SealKind:
        return SealKind(self.kind)

    @property
    def backed(self) -> Backing:
        return Backing(self.backing)

    @property
    def needs_pin(self) -> bool:
        return bool(self.certificate) and self.backed in NEED_PIN

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its certificate, by which a file can be known for sealed with it."""
        return _fingerprint(self.certificate)

    @property
    def sm2_fingerprint(self) -> str:
        """SHA-256 of the certificate of what it signs beside the PDF."""
        return _fingerprint(self.sm2_certificate)


def _fingerprint(certificate: str) -> str:
    if not certificate:
        return ""
    return f"sha256:{hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()}"


class Handover(models.Model):
    """A seal went from one keeper to the next (交接)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    witness = models.CharField(max_length=64)
    basis = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class SealRequest(models.Model):
    """A paper that needs a seal (用印申请): written where it was approved, in that transaction."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.CharField(max_length=60)
    paper_kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=71)
    subject = models.CharField(max_length=64)
    step = models.PositiveIntegerField(null=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="seal_requests")
    kind = models.CharField(max_length=10)
    approver = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    # For a paper from before the seal: it is counted with no decision of these days.
    is_afterwards = models.BooleanField(default=False)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "kind", "asked_at"], name="seals_request_waiting"),
            models.Index(fields=["subject"], name="seals_request_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["paper"], name="seals_asked_once_per_paper"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in SealKind]), name="seals_request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RequestState]),
                name="seals_request_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.paper

    @property
    def standing(self) -> RequestState:
        return RequestState(self.state)

    @property
    def what(self) -> SealKind:
        return SealKind(self.kind)


class SealUse(models.Model):
    """A seal was put on a paper (用印记录). Never changed and never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    request = models.OneToOneField(SealRequest, models.PROTECT, related_name="use")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="uses")
    approved = models.CharField(max_length=71)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(db_index=True)
    used_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="seals_use_number_unique"),
            models.UniqueConstraint(fields=["year", "serial"], name="seals_use_serial_once"),
            models.CheckConstraint(
                condition=Q(approved__startswith="sha256:"), name="seals_use_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Beside(models.Model):
    """The SM2 signature beside a sealed PDF (国密签名). Never changed and never deleted."""

    use = models.OneToOneField(SealUse, models.PROTECT, primary_key=True, related_name="beside")
    signature = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class HandUse(models.Model):
    """A seal of rubber was pressed on a paper (实物用印登记). Never changed and never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="hand_uses")
    paper = models.CharField(max_length=60)
    paper_kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=71)
    subject = models.CharField(max_length=64)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    approver = models.CharField(max_length=64)
    copies = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(db_index=True)
    used_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="seals_hand_use_number_unique"),
            models.UniqueConstraint(fields=["paper"], name="seals_pressed_once_per_paper"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="seals_hand_use_has_copies"),
        ]

    def __str__(self) -> str:
        return self.number
