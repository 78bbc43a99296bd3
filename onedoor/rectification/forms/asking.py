"""What is typed when somebody asks, answers or doubts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.kernel.forms import Form
from onedoor.rectification.forms.fields import FindingForm, day_of, text_of
from onedoor.rectification.models import Finding
from onedoor.rectification.queries.lists import concluding, replying
from onedoor.rectification.rules.words import Answer, Decision, Rung


class ExtensionForm(FindingForm):
    until = day_of(_("延到哪天"))
    text = text_of(_("为什么延期，下一步怎么做"))


class DecideForm(FindingForm):
    granted = forms.ChoiceField(label=_("意见"), widget=forms.RadioSelect)
    text = text_of(_("说明，不同意的必须写"), rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("granted", [Decision.GRANTED, Decision.REFUSED])

    def clean_granted(self) -> bool:
        return bool(self.cleaned_data["granted"] == Decision.GRANTED.value)


class UpForm(FindingForm):
    addressee = forms.CharField(label=_("报给谁"), max_length=200)
    basis = forms.CharField(label=_("依据"), max_length=300)
    text = text_of(_("请示什么"))


class AnswerUpForm(FindingForm):
    letter = forms.ChoiceField(label=_("哪份请示"))
    answer = forms.ChoiceField(label=_("答复意见"), widget=forms.RadioSelect)
    text = text_of(_("答复内容"))

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
    addressee = forms.CharField(
        label=_("移送给哪个机关（只有移送要写）"), max_length=200, required=False
    )
    clue = forms.CharField(label=_("线索类型（只有移送要写）"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.supervisions.filter(issued_by="").order_by("taken_on")
        self.choose("supervision", [(s.number, f"{s.number} {gettext(s.what.zh)}") for s in rows])
        if not any(s.what is Rung.TRANSFER for s in rows):
            del self.fields["addressee"], self.fields["clue"]


class ConcludeForm(FindingForm):
    supervision = forms.ChoiceField(label=_("督办"))
    text = text_of(_("结果"))
    persons = forms.IntegerField(
        label=_("处理、问责人数（没有就空着）"), min_value=0, max_value=9999, required=False
    )
    on = day_of(_("结果的日期（空着是今天）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = concluding(self.finding).order_by("taken_on")
        self.choose("supervision", [(s.number, f"{s.number} {gettext(s.what.zh)}") for s in rows])


class ReplyForm(FindingForm):
    supervision = forms.ChoiceField(label=_("督办"))
    text = text_of(_("逾期的原因和下一步"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = replying(self.finding)
        self.choose(
            "supervision",
            [(s.number, f"{s.number} {gettext(s.what.zh)}") for s in rows.order_by("taken_on")],
        )


class SettleForm(FindingForm):
    signal = forms.ChoiceField(label=_("信号"))
    text = text_of(_("核查情况"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.finding.signals.filter(settled_at=None).order_by("at")
        self.choose(
            "signal", [(str(s.pk), f"{gettext(s.what.zh)} {s.shown_about}".strip()) for s in rows]
        )


class DoubtForm(Form):
    """What somebody of the public says about a fix that was claimed."""

    text = forms.CharField(
        label=_("您看到的情况"),
        help_text=_("不用留姓名。请不要写别人的身份证号、电话。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def letters_of(finding: Finding) -> list[tuple[str, str]]:
    rows = finding.upward.filter(answer=Answer.WAITING.value).order_by("sent_on")
    return [(str(letter.pk), letter.addressee) for letter in rows]
