"""What is asked to suspend, resume or cancel an item."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.catalogue.forms.fields import choices
from onedoor.catalogue.rules.turns import Turn
from onedoor.kernel.forms import Form


class TurnForm(Form):
    """What is asked for an item, and what must be said for it."""

    turn = forms.ChoiceField(label=gettext_lazy("要做什么"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=2000)
    notice = forms.CharField(
        label=gettext_lazy("对外公告（恢复时可不写）"),
        help_text=gettext_lazy("写给来办事的人看：为什么、到什么时候、现在怎么办。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    successor = forms.CharField(
        label=gettext_lazy("取消以后改办哪一项（事项编码）"),
        help_text=gettext_lazy("没有就空着。旧指南的页面会指到新的一项。"),
        max_length=64,
        required=False,
    )
    effective_on = forms.DateField(
        label=gettext_lazy("从哪天起"),
        help_text=gettext_lazy("空着就是今天。取消事项写法定日期。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "%s"
        self.choose("turn", choices(Turn))
