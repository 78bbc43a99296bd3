"""What is typed at a step of a finding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.rectification.forms.fields import FindingForm, day_of, text_of
from onedoor.rectification.rules.outcomes import OUTCOMES
from onedoor.rectification.rules.words import Outcome, RecheckWay, RectificationClass


class NoForm(FindingForm):
    """A step that needs no words."""


class TextForm(FindingForm):
    text = text_of(_("情况或原因"))


class SubmitForm(FindingForm):
    claimed = forms.ChoiceField(label=_("自述整改结果"), widget=forms.RadioSelect)
    text = text_of(_("整改情况"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("claimed", [row.outcome for row in OUTCOMES])

    def clean_claimed(self) -> Outcome:
        return Outcome(self.cleaned_data["claimed"])


class RecogniseForm(FindingForm):
    outcome = forms.ChoiceField(label=_("认定结果"), widget=forms.RadioSelect)
    text = text_of(_("认定的理由，没有整改完的写原因和下一步"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("outcome", [row.outcome for row in OUTCOMES])

    def clean_outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])


class ConfirmForm(FindingForm):
    way = forms.ChoiceField(label=_("复查方式"), widget=forms.RadioSelect)
    text = text_of(_("复查发现"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("way", list(RecheckWay))

    def clean_way(self) -> RecheckWay:
        return RecheckWay(self.cleaned_data["way"])


class CompleteForm(FindingForm):
    unit = forms.ModelChoiceField(label=_("责任单位"), queryset=Organisation.objects.none())
    rectification_class = forms.ChoiceField(label=_("整改类型"))
    served_on = day_of(_("送达日期"), required=False)
    deadline_on = day_of(_("整改时限（空着按类型算）"), required=False)
    leader = forms.CharField(label=_("责任领导"), max_length=100, required=False)
    officer = forms.CharField(label=_("责任人"), max_length=100, required=False)
    co_units = forms.ModelMultipleChoiceField(
        label=_("配合单位"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "co_units"):
            field: Any = self.fields[name]
            field.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")
        self.offer("rectification_class", [c for c in RectificationClass if c.value])

    def clean_rectification_class(self) -> RectificationClass:
        return RectificationClass(self.cleaned_data["rectification_class"])
