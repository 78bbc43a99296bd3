"""What is typed about a licence or a promise."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from onedoor.cases.forms.fields import SeenForm
from onedoor.kernel.forms import Form, words
from onedoor.kernel.terms import Term


class LinkLicenceForm(SeenForm):
    number = forms.CharField(label=gettext_lazy("原证照编号"), max_length=40)


class EndLicenceForm(Form):
    """Why a licence ends: the ground of the law, and the facts."""

    ground = forms.ChoiceField(label=gettext_lazy("法定情形"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("事实和理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.BooleanField(label=gettext_lazy("我核对过证照编号和持有人"))

    def __init__(self, data: QueryDict | None = None, *, grounds: type[Term]) -> None:
        super().__init__(data, auto_id=f"{grounds.__name__.lower()}_%s")
        self.grounds = grounds
        self.choose("ground", words(grounds))
