"""What readers say is wrong in a guide, and what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.catalogue.rules.words import ReportStatus
from onedoor.kernel.forms import Form, words


class ReportForm(Form):
    """What a reader says is wrong; who they are is theirs to say."""

    text = forms.CharField(
        label=gettext_lazy("哪里不对"),
        help_text=gettext_lazy("比如：样本填错了、电话打不通、指南和窗口说的不一样。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.CharField(
        label=gettext_lazy("怎么告诉您结果（选填）"),
        help_text=gettext_lazy("手机号或邮箱，只给处理的人看。"),
        max_length=100,
        required=False,
    )


class AnswerForm(Form):
    """What came of a report."""

    outcome = forms.ChoiceField(label=gettext_lazy("结果"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settled = [ReportStatus.MENDED, ReportStatus.RIGHT]
        self.choose("outcome", words(settled))
