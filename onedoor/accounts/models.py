"""People, organisations, posts, roles, delegations, tokens, and requests already answered."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from onedoor.kernel.fields import EncryptedTextField, new_id


class Organisation(models.Model):
    """A unit of the administration (机构). ``sequence`` is its number within the centre."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100, blank=True)
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
