"""A new item by its code, and what people call an item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.catalogue.rules.aliases import read_aliases
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form
from onedoor.kernel.sentences import sentence


class NewItemForm(Form):
    """Which item: its code, and whose it is."""

    code = forms.CharField(
        label=gettext_lazy("实施编码"),
        help_text=gettext_lazy("31 位；业务办理项是 33 位。"),
        max_length=64,
    )
    unit = forms.ChoiceField(label=gettext_lazy("实施主体"))

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "%s"
        self.choose("unit", list(units))


class AliasesForm(Form):
    """What people call an item, one a line."""

    aliases = forms.CharField(
        label=gettext_lazy("常用叫法，一行一个"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10, "lang": "zh"}),
    )

    def clean_aliases(self) -> str:
        """Say at the field what the service would refuse."""
        text = str(self.cleaned_data["aliases"])
        try:
            read_aliases(text)
        except NotValid as fault:
            raise forms.ValidationError(sentence(fault)) from None
        return text
