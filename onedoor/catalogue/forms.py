"""What people type about items. Shape only; what is allowed is decided by the services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.catalogue.rules.aliases import read_aliases
from onedoor.kernel.errors import NotValid
from onedoor.kernel.web import sentence


class AliasesForm(forms.Form):
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
