"""What is typed about a recommendation of the auditors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.kernel.forms import Form, words
from onedoor.rectification.forms.fields import day_of, text_of
from onedoor.rectification.models import Project, Recommendation
from onedoor.rectification.rules.words import Adoption


class AdviseForm(Form):
    project = forms.ModelChoiceField(label=_("审计项目"), queryset=Project.objects.none())
    unit = forms.ModelChoiceField(label=_("建议给哪个单位"), queryset=Organisation.objects.none())
    text = text_of(_("建议"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.order_by("-pk")
        unit: Any = self.fields["unit"]
        unit.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")


class AdoptForm(Form):
    """An answer; it carries the version of the recommendation its writer saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    adoption = forms.ChoiceField(label=_("采纳情况"), widget=forms.RadioSelect)
    text = text_of(_("没有全部采纳的，写明原因"), required=False)
    made = forms.CharField(label=_("定了什么制度或者做了什么"), max_length=300, required=False)
    made_number = forms.CharField(label=_("制度的文号"), max_length=100, required=False)
    made_on = day_of(_("制度的日期"), required=False)
    file = forms.FileField(label=_("佐证文件（照片、PDF 或 OFD）"), required=False)

    def __init__(self, *args: Any, about: Recommendation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": about.version})
        super().__init__(*args, **kwargs)
        self.choose("adoption", words(a for a in Adoption if a is not Adoption.WAITING))

    def clean_adoption(self) -> Adoption:
        return Adoption(self.cleaned_data["adoption"])
