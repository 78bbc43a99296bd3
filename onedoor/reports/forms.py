"""What people type about reports: a file to take in, what they put right in a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.kernel.forms import Form
from onedoor.reports import queries
from onedoor.reports.rules.words import LiveKind


class FileForm(Form):
    """A report: JSON is taken in at once, text and docx become a draft."""

    file = forms.FileField(
        label=_("报告文件"),
        help_text=_(
            "结构化的 JSON 直接导入；文字版（txt）和 Word 版（docx）先识读成草稿，由您确认。"
        ),
    )


class TaskForm(Form):
    """Who does a task of the next steps, and by when."""

    unit = forms.ModelChoiceField(label=_("责任单位"), queryset=Organisation.objects.none())
    due_on = forms.DateField(label=_("完成日期"), widget=forms.DateInput(attrs={"type": "date"}))
    goal = forms.CharField(label=_("目标（写得出数）"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")

    @property
    def until(self) -> date:
        due: date = self.cleaned_data["due_on"]
        return due


class CorrectionForm(Form):
    """One finding of a draft, as a person puts it right."""

    keep = forms.BooleanField(label=_("是一个问题"), required=False)
    title = forms.CharField(label=_("问题"), max_length=500, required=False)
    claimed = forms.CharField(label=_("自述整改结果"), max_length=50, required=False)
    unit = forms.CharField(label=_("责任单位"), max_length=200, required=False)
    deadline = forms.CharField(label=_("整改时限"), max_length=50, required=False)


class LiveForm(Form):
    """Which report to make from the ledger as it stands."""

    kind = forms.ChoiceField(label=_("哪种报告"))
    project = forms.ChoiceField(label=_("审计项目（月报、年报不用选）"), required=False)
    period = forms.CharField(
        label=_("期间（月报写 2026-11，年报写 2026）"), max_length=7, required=False
    )
    is_public = forms.BooleanField(label=_("只写已经公开的问题"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(k.value, gettext(k.zh)) for k in LiveKind]
        project: Any = self.fields["project"]
        rows = queries.projects().values_list("key", "title")
        project.choices = [("", gettext("全部")), *rows]

    @property
    def told(self) -> tuple[LiveKind, str]:
        """Return the kind and what it is about, each kind asked for its own."""
        kind = LiveKind(self.cleaned_data["kind"])
        is_period = kind in (LiveKind.MONTHLY, LiveKind.YEARLY)
        return kind, self.cleaned_data["period" if is_period else "project"]
