"""What is typed to take findings out with their proofs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.kernel.forms import Form, words
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.words import ProofUse


class ExportForm(Form):
    purpose = forms.ChoiceField(label=_("用途"))
    shown = forms.ChoiceField(label=_("哪些问题"), required=False)
    unit = forms.ModelChoiceField(
        label=_("责任单位（空着是全部）"),
        queryset=Organisation.objects.none(),
        required=False,
        to_field_name="code",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("purpose", words(ProofUse))
        self.choose("shown", words(Shown))
        unit: Any = self.fields["unit"]
        unit.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")

    def clean_purpose(self) -> ProofUse:
        return ProofUse(self.cleaned_data["purpose"])

    def clean_shown(self) -> Shown:
        return Shown(self.cleaned_data["shown"])

    def clean_unit(self) -> str:
        unit = self.cleaned_data["unit"]
        return unit.code if unit else ""
