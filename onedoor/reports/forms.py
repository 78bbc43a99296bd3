"""What people type about reports: a file to take in, what they put right in a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.kernel.forms import Form, words
from onedoor.reports import pack, publications, queries
from onedoor.reports.models import Report
from onedoor.reports.rules.publishing.words import Settling, Validity
from onedoor.reports.rules.words import LiveKind
from onedoor.reports.services import Typed


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


class EnterForm(Form):
    """Which report to enter for publication, and in whose name."""

    report = forms.CharField(label=_("报告编号"), max_length=20)
    publisher = forms.ChoiceField(label=_("发布机构"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The list shows this form once for each report: its units are read once.
        self._units = {str(unit.pk): unit for unit in publications.publishers(actor)}
        self.choose("publisher", [(key, unit.name) for key, unit in self._units.items()])

    @property
    def unit(self) -> Organisation:
        return self._units[self.cleaned_data["publisher"]]


class SeenForm(Form):
    """A step that asks for nothing but which version was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReasonForm(SeenForm):
    """A step with its reason."""

    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectForm(ReasonForm):
    """Why the next edition is begun, and from which later report if from one."""

    report = forms.CharField(
        label=_("用哪份报告的内容（空着就改现在的正文）"), max_length=20, required=False
    )

    def clean_report(self) -> Report | None:
        number = self.cleaned_data["report"].strip()
        found = Report.objects.filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(gettext("没有这个编号的报告。"))
        return found


class SettleForm(SeenForm):
    """How a hit of the check is settled, with the reason."""

    settling = forms.ChoiceField(label=_("怎么处理"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, may_mask: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = (Settling.KEPT, Settling.MASKED) if may_mask else (Settling.KEPT,)
        self.choose("settling", words(choices))


class EditionForm(SeenForm):
    """The fields of the page and the text of a draft."""

    title = forms.CharField(label=_("标题"), max_length=300)
    column = forms.CharField(label=_("栏目"), max_length=50)
    doc_number = forms.CharField(
        label=_("文号（有就写，年份用〔〕）"), max_length=60, required=False
    )
    formed_on = forms.DateField(
        label=_("成文日期（更正时写变更的日期）"), widget=forms.DateInput(attrs={"type": "date"})
    )
    validity = forms.ChoiceField(label=_("时效性"))
    topic = forms.ChoiceField(label=_("主题分类"), required=False)
    genre = forms.ChoiceField(label=_("体裁分类"), required=False)
    audience = forms.CharField(label=_("服务对象"), max_length=60, required=False)
    keywords = forms.CharField(label=_("关键词"), max_length=200, required=False)
    summary = forms.CharField(
        label=_("内容概述"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(label=_("正文（一行一段）"), widget=forms.Textarea(attrs={"rows": 16}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = pack.rules()
        self.choose("validity", words(Validity))
        self.choose("topic", [("", "—"), *((t, t) for t in rules.topics)])
        self.choose("genre", [("", "—"), *((g, g) for g in rules.genres)])
        self.fields["column"].widget.attrs["list"] = "columns"

    @property
    def typed(self) -> Typed:
        told = {k: v for k, v in self.cleaned_data.items() if k != "seen"}
        return Typed(**{**told, "validity": Validity(told["validity"])})
