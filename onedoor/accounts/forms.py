"""What people type to sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext, gettext_lazy

from onedoor.accounts.models import Person
from onedoor.kernel.forms import Form


class _Password(forms.CharField):
    def __init__(self, *, autocomplete: str, **more: Any) -> None:
        shown = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=200, widget=shown, **more)


class LoginForm(Form, AuthenticationForm):
    """User name and password; the answer never says which of the two was wrong."""

    error_messages = {
        "invalid_login": gettext_lazy("用户名或密码不对。连错 5 次会锁 15 分钟。"),
        "inactive": gettext_lazy("这个账号已停用。需要的话请找系统管理员。"),
    }
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _Password(label=gettext_lazy("密码"), autocomplete="current-password")


class CodeForm(Form):
    """The six digits of an authenticator."""

    code = forms.CharField(
        label=gettext_lazy("验证器上的 6 位数字"),
        max_length=6,
        min_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(Form):
    """The password one has, and the one chosen instead, twice."""

    old = _Password(label=gettext_lazy("现在的密码"), autocomplete="current-password")
    new = _Password(label=gettext_lazy("新密码，至少 10 个字符"), autocomplete="new-password")
    again = _Password(label=gettext_lazy("再写一遍新密码"), autocomplete="new-password")

    def __init__(self, *args: Any, person: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.person.check_password(old):
            raise forms.ValidationError(gettext("现在的密码不对。"))
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.person)
        if new == self.cleaned_data.get("old"):
            raise forms.ValidationError(gettext("新密码不能和现在的一样。"))
        return new

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(gettext("两遍新密码不一样，请再写一遍。"))
        return again
