"""What people type about a finding. Which of these is offered to whom is in ``views.doing``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.kernel.forms import Form
from onedoor.rectification.models import Finding, Milestone
from onedoor.rectification.rules.outcomes import OUTCOMES
from onedoor.rectification.rules.words import (
    Answer,
    Decision,
    EvidenceKind,
    EvidenceState,
    MoneyKind,
    Outcome,
    RecheckWay,
    RectificationClass,
)


def _words(label: Any, *, rows: int = 3, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=area, required=required)


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"})
    )


class FindingForm(Form):
    """A form about one finding; it carries the version its reader saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        self.finding = finding
        kwargs.setdefault("initial", {"seen": finding.version})
        super().__init__(*args, **kwargs)

    def choose(self, name: str, chosen: list[tuple[Any, str]]) -> None:
        """Offer rows of the finding."""
        field: Any = self.fields[name]
        field.choices = chosen

    def offer(self, name: str, terms: list[Any]) -> None:
        """Offer words in the reader's language."""
        self.choose(name, [(t.value, gettext(t.zh)) for t in terms])


class NoForm(FindingForm):
    """A step that needs no words."""


class TextForm(FindingForm):
    text = _words(_("情况或原因"))


class SubmitForm(FindingForm):
    claimed = forms.ChoiceField(label=_("自述整改结果"), widget=forms.RadioSelect)
    text = _words(_("整改情况"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("claimed", [row.outcome for row in OUTCOMES])

    def clean_claimed(self) -> Outcome:
        return Outcome(self.cleaned_data["claimed"])


class RecogniseForm(FindingForm):
    outcome = forms.ChoiceField(label=_("认定结果"), widget=forms.RadioSelect)
    text = _words(_("认定的理由，没有整改完的写原因和下一步"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("outcome", [row.outcome for row in OUTCOMES])

    def clean_outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])


class ConfirmForm(FindingForm):
    way = forms.ChoiceField(label=_("复查方式"), widget=forms.RadioSelect)
    text = _words(_("复查发现"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("way", list(RecheckWay))

    def clean_way(self) -> RecheckWay:
        return RecheckWay(self.cleaned_data["way"])


class CompleteForm(FindingForm):
    unit = forms.ModelChoiceField(label=_("责任单位"), queryset=Organisation.objects.none())
    rectification_class = forms.ChoiceField(label=_("整改类型"))
    served_on = _day(_("送达日期"), required=False)
    deadline_on = _day(_("整改时限（空着按类型算）"), required=False)
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


class MeasureForm(FindingForm):
    text = _words(_("措施内容"))
    goal = forms.CharField(label=_("目标（写得出数）"), max_length=300, required=False)
    mark = forms.CharField(label=_("完成标志"), max_length=300, required=False)
    due_on = _day(_("完成日期"), required=False)


class ProgressForm(FindingForm):
    measure = forms.ChoiceField(label=_("措施"))
    percent = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100)
    text = _words(_("进展"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("measure", measures_of(self.finding))


class ReachForm(FindingForm):
    milestone = forms.ChoiceField(label=_("阶段目标"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = Milestone.objects.filter(measure__finding=self.finding, done_on=None)
        rows = goals.order_by("due_on", "text")
        self.choose("milestone", [(str(g.pk), f"{g.due_on} {g.text}") for g in rows])


class EvidenceForm(FindingForm):
    measure = forms.ChoiceField(label=_("证明哪条措施"))
    kind = forms.ChoiceField(label=_("佐证种类"))
    title = forms.CharField(label=_("佐证名称"), max_length=200)
    dated_on = _day(_("文件日期"), required=False)
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
    text = _words(_("说明，不认可的必须写"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.evidence.filter(state=EvidenceState.WAITING.value)
        self.choose("evidence", [(str(e.sequence), e.title) for e in rows.order_by("sequence")])
        self.offer("approved", [EvidenceState.APPROVED, EvidenceState.REJECTED])

    def clean_approved(self) -> bool:
        return bool(self.cleaned_data["approved"] == EvidenceState.APPROVED.value)


class WithdrawForm(FindingForm):
    evidence = forms.ChoiceField(label=_("佐证"))
    text = _words(_("为什么撤回"), rows=2)

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
    on = _day(_("处理日期"))
    voucher = forms.CharField(label=_("凭证号"), max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.amounts.order_by("kind")
        self.choose("amount", [(a.kind, gettext(a.what.zh)) for a in rows])


class ExtensionForm(FindingForm):
    until = _day(_("延到哪天"))
    text = _words(_("为什么延期，下一步怎么做"))


class DecideForm(FindingForm):
    granted = forms.ChoiceField(label=_("意见"), widget=forms.RadioSelect)
    text = _words(_("说明，不同意的必须写"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("granted", [Decision.GRANTED, Decision.REFUSED])

    def clean_granted(self) -> bool:
        return bool(self.cleaned_data["granted"] == Decision.GRANTED.value)


class UpForm(FindingForm):
    addressee = forms.CharField(label=_("报给谁"), max_length=200)
    basis = forms.CharField(label=_("依据"), max_length=300)
    text = _words(_("请示什么"))


class AnswerUpForm(FindingForm):
    letter = forms.ChoiceField(label=_("哪份请示"))
    answer = forms.ChoiceField(label=_("答复意见"), widget=forms.RadioSelect)
    text = _words(_("答复内容"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("letter", letters_of(self.finding))
        self.offer("answer", [a for a in Answer if a is not Answer.WAITING])

    def clean_answer(self) -> Answer:
        return Answer(self.cleaned_data["answer"])


class LetterForm(FindingForm):
    letter = forms.ChoiceField(label=_("哪份请示"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("letter", letters_of(self.finding))


class SignForm(FindingForm):
    supervision = forms.ChoiceField(label=_("督办"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.supervisions.filter(issued_by="").order_by("taken_on")
        self.choose("supervision", [(s.number, f"{s.number} {gettext(s.what.zh)}") for s in rows])


class ReplyForm(FindingForm):
    supervision = forms.ChoiceField(label=_("督办"))
    text = _words(_("逾期的原因和下一步"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.supervisions.filter(replied_on=None).exclude(issued_by="")
        self.choose(
            "supervision",
            [(s.number, f"{s.number} {gettext(s.what.zh)}") for s in rows.order_by("taken_on")],
        )


class SettleForm(FindingForm):
    signal = forms.ChoiceField(label=_("信号"))
    text = _words(_("核查情况"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.signals.filter(settled_at=None).order_by("at")
        self.choose("signal", [(str(s.pk), gettext(s.what.zh)) for s in rows])


class DoubtForm(Form):
    """What somebody of the public says about a fix that was claimed."""

    text = forms.CharField(
        label=_("您看到的情况"),
        help_text=_("不用留姓名。请不要写别人的身份证号、电话。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def measures_of(finding: Finding) -> list[tuple[str, str]]:
    rows = finding.measures.order_by("sequence")
    return [(str(m.sequence), f"{m.sequence} {str(m)[:30]}") for m in rows]


def letters_of(finding: Finding) -> list[tuple[str, str]]:
    rows = finding.upward.filter(answer=Answer.WAITING.value).order_by("sent_on")
    return [(str(letter.pk), letter.addressee) for letter in rows]
