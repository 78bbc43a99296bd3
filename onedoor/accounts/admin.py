"""Reference data of people and units; every change is recorded. Nothing of a process is here.

Three separate administrators (三员分立): accounts, roles, and reading what was done.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from onedoor.accounts import services as accounts
from onedoor.accounts.backoffice import actor_of
from onedoor.accounts.events import ReferenceChanged
from onedoor.accounts.models import Delegation, Organisation, Person, Post, RoleHolding, Token
from onedoor.accounts.rules import Role, Scope, token_state
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid
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
        label=gettext_lazy("初始密码"),
        help_text=gettext_lazy("本人第一次登录时要换成自己的。程序用的账号不设密码。"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Person
        fields = ("username", "name", "is_active")

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.instance)
        return password


@admin.register(Person)
class PersonAdmin(Recorded):
    form = PersonForm
    list_display = ("username", "name", "is_active")
    search_fields = ("username", "name")
    actions = ("lift_lock",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if password := form.cleaned_data["new_password"]:
            by, now = actor_of(request), clock.now()
            accounts.give_password(obj, password=password, by=by, at=now)

    @admin.action(description=gettext_lazy("解除所选账号的登录锁定"), permissions=["change"])
    def lift_lock(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        now = clock.now()
        for person in people:
            accounts.lift_lock(person, by=actor_of(request), at=now)


@admin.register(Organisation)
class OrganisationAdmin(Recorded):
    list_display = ("sequence", "name", "code", "is_active")
    search_fields = ("name", "code")


@admin.register(Post)
class PostAdmin(Recorded):
    list_display = ("person", "organisation", "title", "window", "card_number", "first_on")


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    role = forms.ChoiceField(
        label=gettext_lazy("角色"),
        choices=[(r.value, r.zh) for r in Role if r not in (Role.SYSTEM, Role.TIMER)],
    )

    class Meta:
        model = RoleHolding
        fields = ("person", "role", "organisation", "first_on", "last_on", "basis")


class Dated(Recorded):
    """What is given by a service with a date, and can then only be ended: never rewritten."""

    may_change = Role.SECURITY_ADMIN
    given: ClassVar[tuple[str, ...]]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.given

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else tuple(n for n in self.given if n != "last_on")

    def give(self, obj: Any, **who_and_when: Any) -> Any:
        raise NotImplementedError

    def end(self, obj: Any, **who_and_when: Any) -> None:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, at = actor_of(request), clock.now()
        if change:
            self.end(obj, last_on=_end(obj), by=by, at=at)
            return
        days = {"first_on": obj.first_on, "last_on": obj.last_on, "basis": obj.basis}
        obj.pk, obj._state.adding = self.give(obj, **days, by=by, at=at).pk, False


@admin.register(RoleHolding)
class RoleHoldingAdmin(Dated):
    form = RoleForm
    given = ("person", "role", "organisation", "first_on", "last_on", "basis")
    list_display = ("person", "role", "organisation", "first_on", "last_on")
    list_filter = ("role", "organisation")

    def give(self, obj: RoleHolding, **who_and_when: Any) -> RoleHolding:
        return accounts.give_role(obj.person, Role(obj.role), unit=obj.organisation, **who_and_when)

    def end(self, obj: RoleHolding, **who_and_when: Any) -> None:
        accounts.end_role(obj, **who_and_when)


@admin.register(Delegation)
class DelegationAdmin(Dated):
    given = list_display = ("holding", "deputy", "first_on", "last_on", "basis")

    def give(self, obj: Delegation, **who_and_when: Any) -> Delegation:
        return accounts.delegate(obj.holding, to=obj.deputy, **who_and_when)

    def end(self, obj: Delegation, **who_and_when: Any) -> None:
        accounts.end_delegation(obj, **who_and_when)


def _end(obj: RoleHolding | Delegation) -> date:
    if obj.last_on is None:
        raise NotValid("form.required", "请填写%(label)s。", field="last_on", label="结束日期")
    return obj.last_on


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可以做什么"),
        choices=[(s.value, s.zh) for s in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    last_on = forms.DateField(
        label=gettext_lazy("用到哪天"), widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Token
        fields = ("person", "name", "scopes")


@admin.register(Token)
class TokenAdmin(Recorded):
    """A token is issued here, shown once, and afterwards only seen and revoked."""

    may_change = Role.SECURITY_ADMIN
    form = TokenForm
    list_display = ("name", "person", "scopes", "expires_at", "state")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        last = ("last_on",) if obj is None else ("expires_at", "revoked_at")
        return ("person", "name", "scopes", *last)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            return  # nothing of it can be rewritten
        made = accounts.issue_token(
            obj.person,
            name=obj.name,
            scopes=frozenset(Scope(value) for value in form.cleaned_data["scopes"]),
            expires_at=clock.end_of(form.cleaned_data["last_on"]),
            by=actor_of(request),
            at=clock.now(),
        )
        obj.pk, obj.secret = made.token.pk, made.secret

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret in the answer itself: it is in no message, cookie or session."""
        context = {**self.admin_site.each_context(request), "token": obj, "title": obj.name}
        response = render(request, "registration/token_issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.display(description=gettext_lazy("状态"))
    def state(self, token: Token) -> str:
        return gettext(token_state(token.expires_at, token.revoked_at, at=clock.now()).zh)

    @admin.action(description=gettext_lazy("撤销所选令牌，立即生效"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        now = clock.now()
        for token in tokens:
            accounts.revoke_token(token, by=actor_of(request), at=now)
