"""Reference data of people and units; every change is recorded. Nothing of a process is here.

Three separate administrators (三员分立): accounts, roles, and reading what was done.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from onedoor.accounts.backoffice import actor_of
from onedoor.accounts.events import ReferenceChanged
from onedoor.accounts.models import Delegation, Organisation, Person, Post, RoleHolding, Token
from onedoor.accounts.rules import Role
from onedoor.accounts.services import refuse_incompatible
from onedoor.kernel import clock
from onedoor.ledger import services as ledger


class Recorded(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """A table that one kind of administrator may change, others read; deletion is not offered."""

    may_change: ClassVar[Role] = Role.ADMIN

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).holds(self.may_change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).holds(self.may_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None  # the ledger is the log

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    @ledger.recorded
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        event = ReferenceChanged(
            subject=f"reference:{obj.pk}",
            model=type(obj).__name__,
            change="changed" if change else "added",
            fields=sorted(form.changed_data),
        )
        ledger.record(event, by=actor_of(request).ref, at=clock.now())


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    new_password = forms.CharField(
        label=gettext_lazy("新密码"),
        required=False,
        min_length=10,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Person
        fields = ("username", "name", "is_active")


@admin.register(Person)
class PersonAdmin(Recorded):
    form = PersonForm
    list_display = ("username", "name", "is_active")
    search_fields = ("username", "name")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.cleaned_data["new_password"]:
            obj.set_password(form.cleaned_data["new_password"])
        elif not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Organisation)
class OrganisationAdmin(Recorded):
    list_display = ("sequence", "name", "code", "is_active")
    search_fields = ("name", "code")


@admin.register(Post)
class PostAdmin(Recorded):
    list_display = ("person", "organisation", "title", "first_on", "last_on")


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    role = forms.ChoiceField(
        label=gettext_lazy("角色"),
        choices=[(r.value, r.zh) for r in Role if r not in (Role.SYSTEM, Role.TIMER)],
    )

    class Meta:
        model = RoleHolding
        fields = ("person", "role", "organisation", "first_on", "last_on", "basis")


@admin.register(RoleHolding)
class RoleHoldingAdmin(Recorded):
    may_change = Role.SECURITY_ADMIN
    form = RoleForm
    list_display = ("person", "role", "organisation", "first_on", "last_on")
    list_filter = ("role", "organisation")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        refuse_incompatible(
            obj.person, Role(obj.role), first_on=obj.first_on, last_on=obj.last_on, besides=obj
        )
        super().save_model(request, obj, form, change)


@admin.register(Delegation)
class DelegationAdmin(Recorded):
    may_change = Role.SECURITY_ADMIN
    list_display = ("holding", "deputy", "first_on", "last_on", "basis")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        role = Role(obj.holding.role)
        refuse_incompatible(
            obj.deputy, role, first_on=obj.first_on, last_on=obj.last_on, besides=obj
        )
        super().save_model(request, obj, form, change)


@admin.register(Token)
class TokenAdmin(Recorded):
    """Tokens are issued by command, shown once; here they can be seen and revoked."""

    may_change = Role.SECURITY_ADMIN
    list_display = ("name", "person", "scopes", "expires_at", "revoked_at")
    fields = ("name", "person", "scopes", "expires_at", "revoked_at")
    readonly_fields = ("name", "person", "scopes")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
