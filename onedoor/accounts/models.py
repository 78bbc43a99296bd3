"""People, organisations, posts, roles, delegations, tokens, and requests already answered."""

from __future__ import annotations

import secrets
import time
from base64 import b32decode, b32encode
from typing import ClassVar
from urllib.parse import quote

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django_otp.models import Device
from django_otp.oath import TOTP

from onedoor.kernel.fields import EncryptedTextField, new_id


class Organisation(models.Model):
    """A unit of the administration (机构). ``sequence`` is its number within the centre."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100, blank=True)
    english_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    sequence = models.PositiveIntegerField(unique=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.short_name or self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, name: str, password: str | None = None) -> Person:
        person = Person(username=username, name=name)
        person.set_password(password)
        person.save(force_insert=True)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in (人员)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    # Somebody else knows the password: it opens nothing until its owner has chosen another.
    has_given_password = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return f"person:{self.pk}"

    # What Django's admin asks: everybody there is an administrator with a one-time code.
    @property
    def is_staff(self) -> bool:
        return self.is_active

    @property
    def is_superuser(self) -> bool:
        return False

    # Each of our tables says itself who may change it; tables of libraries are nobody's.
    def has_perm(self, permission: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Post(models.Model):
    """A person's place in a unit (岗位), with its dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=100)
    # Printed on papers: where somebody sits, and the card they show on the spot (工作证号).
    window = models.CharField(max_length=100, blank=True)
    card_number = models.CharField(max_length=40, blank=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="post_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.title}"


class RoleHolding(models.Model):
    """A role somebody holds (角色授权): in one unit, or in the whole centre when it is empty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="role_holdings")
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="role_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Delegation(models.Model):
    """An absent holder's role lent to a named deputy, with dates (委托). Printed on the paper."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holding = models.ForeignKey(RoleHolding, models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    first_on = models.DateField()
    last_on = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="delegation_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.holding} → {self.deputy}"


class Token(models.Model):
    """A program's key to the API for one person (接口令牌). Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AnsweredRequest(models.Model):
    """A creating request that was answered: the same key gets the same answer (幂等)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.CharField(max_length=64)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=71)
    answer = EncryptedTextField(purpose="answered_request.answer")
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class AttemptWindow(models.Model):
    """How often something was tried within a window of time (限次)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


def new_seed() -> str:
    """Return the secret an authenticator shares with us: twenty random bytes."""
    return b32encode(secrets.token_bytes(20)).decode()


class Authenticator(Device):  # type: ignore[misc]  # the package has no types
    """What makes an administrator's one-time codes (验证器): its seed, which nobody may read.

    A code is good once: ``used_step`` is the thirty seconds of the last one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(Person, models.CASCADE, related_name="+")
    seed = EncryptedTextField(purpose="authenticator.seed")
    used_step = models.BigIntegerField(default=-1)

    @property
    def persistent_id(self) -> str:
        """What a session remembers: the package finds the row again by a whole number."""
        return f"{self.model_label()}/{self.id.int}"

    def code_at(self, seconds: float) -> TOTP:
        code = TOTP(b32decode(self.seed))
        code.time = seconds
        return code

    def verify_token(self, token: str) -> bool:
        """Say whether it is the code of now, or of just before or after, not used yet."""
        code = self.code_at(time.time())
        is_number = token.isascii() and token.isdigit()
        if not is_number or not code.verify(int(token), tolerance=1, min_t=self.used_step + 1):
            return False
        earlier = Authenticator.objects.filter(pk=self.pk, used_step__lt=code.t())
        return bool(earlier.update(used_step=code.t()))

    @property
    def config_url(self) -> str:
        """What the QR code says to the authenticator the first time."""
        label = quote(f"OneDoor:{self.user.get_username()}")
        return f"otpauth://totp/{label}?secret={self.seed}&issuer=OneDoor&digits=6&period=30"
