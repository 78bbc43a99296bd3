"""What people type about seals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.queries import keepers, keepers_ever
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form, words
from onedoor.seals import services as seals
from onedoor.seals.registers import Sought
from onedoor.seals.rules.words import Medium, SealKind, SealState

LARGEST = 100_000
"""Bytes of a file with a key: a few thousand are usual."""


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in stubs
    """One of those who may keep a seal."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


class RegisterForm(Form):
    """A seal to take into the register."""

    kind = forms.ChoiceField(label=_("种类"), choices=[(k.value, k.zh) for k in SealKind])
    medium = forms.ChoiceField(label=_("介质"), choices=[(m.value, m.zh) for m in Medium])
    code = forms.RegexField(label=_("印章编号"), regex=r"^[0-9A-Za-z-]{1,40}$")
    name = forms.CharField(label=_("印文"), max_length=30)
    unit = forms.ModelChoiceField(label=_("单位"), queryset=Organisation.objects.none())
    keeper = PersonField(label=_("保管人"), queryset=Person.objects.none())
    deputy = PersonField(label=_("备用保管人"), queryset=Person.objects.none(), required=False)
    valid_from = forms.DateField(label=_("启用日期"))
    valid_to = forms.DateField(label=_("有效期至"))
    basis = forms.CharField(label=_("依据"), max_length=200)
    file = forms.FileField(
        label=_("签发机构给的证书文件（PKCS#12，.p12 或 .pfx）"),
        required=False,
        help_text=_("电子印章用。没有的，由演示签发机构生成密钥，只能试用。"),
    )
    pin = forms.CharField(
        label=_("证书文件的 PIN"),
        max_length=200,
        required=False,
        strip=False,
        help_text=_("只用来打开一次，不保存。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")
        for name in ("keeper", "deputy"):
            people: Any = self.fields[name]
            people.queryset = keepers(on=on)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST:
            raise forms.ValidationError(gettext("这个文件太大了，不会是证书文件。"))
        return file

    def clean(self) -> dict[str, Any]:
        """Say beside the field what is wrong with the file: nothing else has to be typed again."""
        told = self.cleaned_data
        file, first, last = (told.get(name) for name in ("file", "valid_from", "valid_to"))
        if file and first and last and told.get("medium") == Medium.ELECTRONIC.value:
            try:
                seals.given(file.read(), told.get("pin", ""), first=first, last=last)
            except NotValid as refusal:
                self.tell(refusal)
            file.seek(0)
        return told

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["file"] = data["file"].read() if data["file"] else b""
        return data | {"kind": SealKind(data["kind"]), "medium": Medium(data["medium"])}


class HandOverForm(Form):
    """Who takes a seal, and on what basis."""

    to = PersonField(label=_("接收人"), queryset=Person.objects.none())
    basis = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["to"]
        people.queryset = keepers(on=on)


class DestroyForm(Form):
    """Who sees a seal destroyed with the one who records it."""

    witness = PersonField(label=_("在场的另一个人"), queryset=Person.objects.none())

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["witness"]
        people.queryset = keepers(on=on)


def _day(label: Any) -> forms.DateField:
    picked = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=picked)


class SoughtForm(Form):
    """What narrows a register; an empty field narrows nothing."""

    q = forms.CharField(max_length=60, required=False)
    unit = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("全部单位"),
    )
    kind = forms.ChoiceField(label=_("种类"), required=False)
    state = forms.ChoiceField(label=_("印章状态"), required=False)
    keeper = PersonField(
        label=_("保管人"),
        queryset=Person.objects.none(),
        to_field_name="username",
        required=False,
        empty_label=_("全部保管人"),
    )
    first = _day(_("从"))
    last = _day(_("到"))

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields
        offered["unit"].queryset = units
        offered["keeper"].queryset = keepers_ever()
        every = [("", gettext("全部"))]
        self.choose("kind", every + words(SealKind))
        self.choose("state", every + words(SealState))

    def clean(self) -> dict[str, Any]:
        try:
            self.sought()
        except NotValid as refusal:
            self.tell(refusal)
        return self.cleaned_data

    @property
    def is_narrow(self) -> bool:
        """Say whether more than a number is looked for."""
        return bool(self.errors) or any(v for k, v in self.cleaned_data.items() if k != "q")

    def sought(self) -> Sought:
        data = self.cleaned_data
        unit, keeper = data.get("unit"), data.get("keeper")
        return Sought(
            text=data.get("q", ""),
            unit=unit.code if unit else "",
            kind=SealKind(data["kind"]) if data.get("kind") else None,
            state=SealState(data["state"]) if data.get("state") else None,
            keeper=keeper.username if keeper else "",
            first=data.get("first"),
            last=data.get("last"),
        )
