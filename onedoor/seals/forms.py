"""What people type about seals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.queries import keepers
from onedoor.kernel.forms import Form
from onedoor.seals.rules.words import Medium, SealKind


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

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")
        for name in ("keeper", "deputy"):
            people: Any = self.fields[name]
            people.queryset = keepers(on=on)

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"kind": SealKind(data["kind"]), "medium": Medium(data["medium"])}


class HandOverForm(Form):
    """Who takes a seal, and on what basis."""

    to = PersonField(label=_("接收人"), queryset=Person.objects.none())
    basis = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["to"]
        people.queryset = keepers(on=on)
