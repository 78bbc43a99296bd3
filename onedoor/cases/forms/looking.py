"""What is typed to find a case or a period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.cases import supervision
from onedoor.cases.forms.fields import DateOf
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form


class PeriodForm(Form):
    """The days of a report, both included."""

    first = DateOf(
        label=gettext_lazy("从"), error_messages={"required": gettext_lazy("请填写从哪天起。")}
    )
    last = DateOf(
        label=gettext_lazy("到"), error_messages={"required": gettext_lazy("请填写到哪天为止。")}
    )

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                supervision.check_period(self.cleaned_data["first"], self.cleaned_data["last"])
            except NotValid as refusal:
                self.tell(refusal)
        return self.cleaned_data


class TrackForm(Form):
    """Number or short number, and the query code from the receipt."""

    number = forms.CharField(
        label=gettext_lazy("办件编号，或凭证上的 8 位短号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=gettext_lazy("6 位查询码"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class CodeForm(Form):
    """The query code alone, where the case is known."""

    code = forms.CharField(
        label=gettext_lazy("6 位查询码"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写 6 位查询码。")},
    )

    def clean_code(self) -> str:
        return "".join(c for c in self.cleaned_data["code"] if c.isdigit())
