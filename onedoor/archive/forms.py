"""What people write about files."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.archive.rules.words import Use
from onedoor.kernel.forms import Form


class ReadForm(Form):
    """What a file is taken out for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("利用目的（会记下来）"),
        choices=[(each.value, gettext_lazy(each.zh)) for each in Use],
        widget=forms.RadioSelect,
    )


class HoldForm(Form):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500)


class DisposalForm(Form):
    opinion = forms.CharField(
        label=gettext_lazy("鉴定意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
