"""What a supervising department answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.cases.rules.pushes import Feedback
from onedoor.kernel.forms import Form


class FeedbackForm(Form):
    """How what was granted stands under supervision."""

    feedback = forms.ChoiceField(
        label=gettext_lazy("怎么样了"),
        choices=[(each.value, gettext_lazy(each.zh)) for each in Feedback],
    )
    text = forms.CharField(
        label=gettext_lazy("说明"),
        help_text=gettext_lazy("发现异常或者建议撤销的，写清楚事实。"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
