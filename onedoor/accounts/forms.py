"""What people type to sign in."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy

from onedoor.kernel.forms import Form


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
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(Form):
    """The six digits of an authenticator."""

    code = forms.CharField(
        label=gettext_lazy("验证器上的 6 位数字"),
        max_length=6,
        min_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
