"""What people write: a rating, and a step about a bad one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.feedback import pack
from onedoor.feedback.rules.lifecycle import LIFECYCLE, Action, Need
from onedoor.feedback.rules.words import Level, Way
from onedoor.feedback.services import Said
from onedoor.kernel.forms import Form


class RateForm(Form):
    """Five levels in words, then the phrases of each; the words and the number may stay empty."""

    level = forms.ChoiceField(
        label=_("您觉得怎么样"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个等级。")},
    )
    indicators = forms.MultipleChoiceField(required=False)
    text = forms.CharField(
        label=_("还想说什么（可以不写）"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.CharField(
        label=_("回电话打哪个号码（不写就打申请时留的）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = [(each.value, gettext(each.zh)) for each in Level]
        indicators: Any = self.fields["indicators"]
        indicators.choices = [
            (code, text) for listed in pack.phrases().values() for code, text in listed.items()
        ]


class StepForm(Form):
    """One step about a bad rating; its fields are those the table asks for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=_("怎么联系的"), widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("评价人现在怎么说（没有联系上就不选）"), required=False, widget=forms.RadioSelect
    )
    is_complex = forms.BooleanField(label=_("情况复杂，按复杂的期限办"), required=False)
    text = forms.CharField(
        label=_("情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{action.value}_%s"
        super().__init__(*args, **kwargs)
        needs = next(s.needs for s in LIFECYCLE if s.action is action)
        if Need.CONTACT in needs:
            way: Any = self.fields["way"]
            way.choices = [(each.value, gettext(each.zh)) for each in Way]
        else:
            del self.fields["way"]
        if Need.LEVEL in needs:
            level: Any = self.fields["level"]
            level.choices = [(each.value, gettext(each.zh)) for each in Level]
        else:
            del self.fields["level"]
        if action is not Action.MEND:
            del self.fields["is_complex"]
        if Need.TEXT not in needs:
            del self.fields["text"]

    def said(self) -> Said:
        """Return what was written as the service takes it."""
        given = self.cleaned_data
        return Said(
            text=given.get("text", ""),
            way=Way(given["way"]) if given.get("way") else None,
            level=Level(given["level"]) if given.get("level") else None,
            is_complex=given.get("is_complex", False),
        )
