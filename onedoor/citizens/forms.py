"""What somebody types to sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.kernel.forms import Form


class PhoneForm(Form):
    """A telephone, and that its owner agrees to what is kept of them."""

    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    agree = forms.BooleanField(
        label=gettext_lazy("我看过下面的说明，同意为登录和办事保存我的手机号"),
        error_messages={"required": gettext_lazy("请看过说明，勾选同意，再取验证码。")},
    )


class CodeForm(Form):
    """The code that came by text message."""

    code = forms.CharField(
        label=gettext_lazy("短信里的验证码"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}
        ),
    )


class MailForm(Form):
    """An e-mail address to be told at."""

    email = forms.CharField(
        label=gettext_lazy("邮箱地址"),
        max_length=300,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )


class MailCodeForm(Form):
    """The code that came by e-mail."""

    code = forms.CharField(
        label=gettext_lazy("邮件里的验证码"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}
        ),
    )
