"""What is typed about measures, evidence and money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.rectification.forms.fields import FindingForm, day_of, text_of
from onedoor.rectification.models import Finding, Milestone
from onedoor.rectification.rules.words import EvidenceKind, EvidenceState, MoneyKind


class MeasureForm(FindingForm):
    text = text_of(_("措施内容"))
    goal = forms.CharField(label=_("目标（写得出数）"), max_length=300, required=False)
    mark = forms.CharField(label=_("完成标志"), max_length=300, required=False)
    due_on = day_of(_("完成日期"), required=False)


class ProgressForm(FindingForm):
    measure = forms.ChoiceField(label=_("措施"))
    percent = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100)
    text = text_of(_("进展"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("measure", measures_of(self.finding))


class MilestoneForm(FindingForm):
    measure = forms.ChoiceField(label=_("措施"))
    due_on = day_of(_("到哪天"))
    text = forms.CharField(label=_("做到什么"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("measure", measures_of(self.finding))


class ReachForm(FindingForm):
    milestone = forms.ChoiceField(label=_("阶段目标"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("milestone", goals_of(self.finding))


class MoveMilestoneForm(FindingForm):
    milestone = forms.ChoiceField(label=_("阶段目标"))
    due_on = day_of(_("调整到哪天"))
    text = text_of(_("为什么调整"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("milestone", goals_of(self.finding))


class EvidenceForm(FindingForm):
    measure = forms.ChoiceField(label=_("证明哪条措施"))
    kind = forms.ChoiceField(label=_("佐证种类"))
    title = forms.CharField(label=_("佐证名称"), max_length=200)
    dated_on = day_of(_("文件日期"), required=False)
    replaces = forms.ChoiceField(label=_("替换哪份佐证（新的不用选）"), required=False)
    file = forms.FileField(label=_("文件（照片、PDF 或 OFD）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("measure", measures_of(self.finding))
        self.offer("kind", list(EvidenceKind))
        kept = self.finding.evidence.exclude(state=EvidenceState.WITHDRAWN.value)
        self.choose("replaces", [("", "—"), *((str(e.sequence), e.title) for e in kept)])

    def clean_kind(self) -> EvidenceKind:
        return EvidenceKind(self.cleaned_data["kind"])


class JudgeForm(FindingForm):
    evidence = forms.ChoiceField(label=_("佐证"))
    approved = forms.ChoiceField(label=_("意见"), widget=forms.RadioSelect)
    text = text_of(_("说明，不认可的必须写"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.evidence.filter(state=EvidenceState.WAITING.value)
        self.choose("evidence", [(str(e.sequence), e.title) for e in rows.order_by("sequence")])
        self.offer("approved", [EvidenceState.APPROVED, EvidenceState.REJECTED])

    def clean_approved(self) -> bool:
        return bool(self.cleaned_data["approved"] == EvidenceState.APPROVED.value)


class WithdrawForm(FindingForm):
    evidence = forms.ChoiceField(label=_("佐证"))
    text = text_of(_("为什么撤回"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.evidence.exclude(state=EvidenceState.WITHDRAWN.value)
        self.choose("evidence", [(str(e.sequence), e.title) for e in rows.order_by("sequence")])


class AmountForm(FindingForm):
    kind = forms.ChoiceField(label=_("处理方式"))
    due = forms.CharField(label=_("应处理金额（元）"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", list(MoneyKind))

    def clean_kind(self) -> MoneyKind:
        return MoneyKind(self.cleaned_data["kind"])


class PayForm(FindingForm):
    amount = forms.ChoiceField(label=_("处理方式"))
    yuan = forms.CharField(label=_("已处理金额（元）"), max_length=20)
    on = day_of(_("处理日期"))
    voucher = forms.CharField(label=_("凭证号"), max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.amounts.order_by("kind")
        self.choose("amount", [(a.kind, gettext(a.what.zh)) for a in rows])


def measures_of(finding: Finding) -> list[tuple[str, str]]:
    rows = finding.measures.order_by("sequence")
    return [(str(m.sequence), f"{m.sequence} {str(m)[:30]}") for m in rows]


def goals_of(finding: Finding) -> list[tuple[str, str]]:
    """Return the dated goals that are not reached yet."""
    goals = Milestone.objects.filter(measure__finding=finding, done_on=None)
    rows = goals.order_by("due_on", "text")
    return [(str(g.pk), f"{g.due_on} {g.text}") for g in rows]
