"""What people write about a publication."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.disclosure.rules.words import Ground
from onedoor.kernel.forms import Form


class WithholdForm(Form):
    """On what ground of the law a decision is kept off the list, and why."""

    ground = forms.ChoiceField(
        label=gettext_lazy("不予公开的情形"),
        choices=[(each.value, gettext_lazy(each.zh)) for each in Ground],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
