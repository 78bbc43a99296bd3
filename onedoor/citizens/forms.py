"""What somebody types to sign in, to be told by mail, and to act for another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext

from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.rules.mandates import MONTHS, Kind, Scope
from onedoor.kernel.forms import Form, words


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


class ReachForm(Form):
    """What somebody may do for another, and until when."""

    scope = forms.ChoiceField(label=gettext_lazy("能做什么"), widget=forms.RadioSelect)
    months = forms.TypedChoiceField(
        label=gettext_lazy("到什么时候"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("scope", words(Scope))
        self.choose("months", [(str(n), _lasting(n)) for n in MONTHS])
        self.fields["scope"].initial = Scope.APPLY.value
        self.fields["months"].initial = str(MONTHS[-1])

    def reach(self) -> Scope:
        return Scope(self.cleaned_data["scope"])


def _lasting(months: int) -> str:
    if months % 12 == 0:
        return gettext("1 年")
    return ngettext("%(n)s 个月", "%(n)s 个月", months) % {"n": months}


class FamilyForm(ReachForm):
    """For whom of the family somebody wants to act."""

    id_number = forms.CharField(
        label=gettext_lazy("亲友的身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    field_order = ("id_number", "scope", "months")


class ConsentForm(Form):
    """The code that whoever is acted for was sent, and told their relative."""

    code = forms.CharField(
        label=gettext_lazy("亲友收到的验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "8"}),
    )


class CompanyForm(Form):
    """The company somebody says they answer for."""

    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class InviteForm(ReachForm):
    """Whom a company asks to act for it."""

    agent_name = forms.CharField(label=gettext_lazy("经办人姓名"), max_length=100)
    id_number = forms.CharField(label=gettext_lazy("经办人身份证号"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("经办人手机号（选填）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    field_order = ("agent_name", "id_number", "phone", "scope", "months")


class WindowForm(ReachForm):
    """What both showed at a window."""

    kind = forms.ChoiceField(label=gettext_lazy("什么关系"), widget=forms.RadioSelect)
    party_name = forms.CharField(label=gettext_lazy("被代办的人或者单位"), max_length=100)
    party_number = forms.CharField(
        label=gettext_lazy("被代办的身份证号或者统一社会信用代码"), max_length=40
    )
    party_phone = forms.CharField(
        label=gettext_lazy("被代办人的手机号（选填）"), max_length=20, required=False
    )
    agent_name = forms.CharField(label=gettext_lazy("代办人姓名"), max_length=100)
    agent_number = forms.CharField(label=gettext_lazy("代办人身份证号"), max_length=40)
    is_seen = forms.BooleanField(
        label=gettext_lazy("两边的证件和委托书（单位的营业执照）都看过原件"),
        error_messages={"required": gettext_lazy("请先看过原件，再勾选。")},
    )
    field_order = (
        "kind",
        "party_name",
        "party_number",
        "party_phone",
        "agent_name",
        "agent_number",
        "scope",
        "months",
        "is_seen",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", words(Kind))
        self.fields["kind"].initial = Kind.FAMILY.value

    def party(self) -> Identity:
        said = self.cleaned_data
        phone = said["party_phone"] if said["kind"] == Kind.FAMILY.value else ""
        return Identity(said["party_name"], "", said["party_number"], phone)

    def agent(self) -> Identity:
        return Identity(self.cleaned_data["agent_name"], "", self.cleaned_data["agent_number"])
