"""What is typed when a special procedure, an extension or another body comes between."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases import queries
from onedoor.cases.forms.fields import DateOf, SeenForm
from onedoor.cases.models import Case
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.kernel.forms import Form, words


class ProposeSpecialForm(SeenForm):
    """Which procedure, how long, and why; what the item lists is decided by the service."""

    kind = forms.ChoiceField(label=gettext_lazy("特别程序"), widget=forms.RadioSelect)
    planned_days = forms.IntegerField(
        label=gettext_lazy("预计需要几天"), min_value=1, max_value=999
    )
    reason = forms.CharField(
        label=gettext_lazy("为什么需要"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", words(SpecialKind))

    def offer(self, case: Case, *, on: date) -> None:
        """Offer what the item lists, each with its most days."""
        listed = case.item_version.procedures
        text = gettext("%(kind)s（最多 %(n)s 个%(unit)s）")
        names = [
            text % {"kind": gettext(one.kind.zh), "n": one.days, "unit": gettext(one.unit.zh)}
            for one in listed
        ]
        self.choose(
            "kind", [(one.kind.value, name) for one, name in zip(listed, names, strict=True)]
        )
        # What may be told of any of them; whoever needs more types it.
        self.fields["planned_days"].initial = min((one.days for one in listed), default=None)

    def given(self) -> dict[str, Any]:
        return super().given() | {"kind": SpecialKind(self.cleaned_data["kind"])}


class TurnDownForm(SeenForm):
    reason = forms.CharField(
        label=gettext_lazy("为什么不同意"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ExtendJointForm(Form):
    """How long, and why the limit that all cases share cannot be kept."""

    days = forms.IntegerField(label=gettext_lazy("延长几个工作日"), min_value=1, max_value=99)
    reason = forms.CharField(
        label=gettext_lazy("延期理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ForwardForm(SeenForm):
    body = forms.CharField(label=gettext_lazy("报给哪个上级机关"), max_length=100)
    expected_on = DateOf(label=gettext_lazy("预计哪天前有结果"))


class ReplyForm(SeenForm):
    """What the upper body answered, with the number and the day of its paper."""

    is_approved = forms.TypedChoiceField(
        label=gettext_lazy("上级的决定"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(label=gettext_lazy("上级文号"), max_length=100)
    replied_on = DateOf(label=gettext_lazy("上级哪天决定的"))
    reason = forms.CharField(
        label=gettext_lazy("上级的意见和理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document = forms.FileField(
        label=gettext_lazy("上级的文件：照片、PDF 或 OFD（有就传）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,.ofd"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("is_approved", [("yes", gettext("同意")), ("no", gettext("不同意"))])


class ExtendForm(SeenForm):
    """How long, and why the limit cannot be kept; how long at most is for the law to say."""

    days = forms.IntegerField(label=gettext_lazy("延长几个工作日"), min_value=1, max_value=99)
    reason = forms.CharField(
        label=gettext_lazy("延期理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PutOffForm(SeenForm):
    """How long a promised supplement is put off, and what prevents it."""

    days = forms.IntegerField(label=gettext_lazy("顺延几个工作日"), min_value=1, max_value=60)
    reason = forms.CharField(
        label=gettext_lazy("为什么补不来（不可抗力）"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ResultForm(SeenForm):
    """What a procedure ended with, and the document that says so."""

    kind = forms.ChoiceField(label=gettext_lazy("哪一项程序"), widget=forms.RadioSelect)
    result = forms.CharField(
        label=gettext_lazy("程序结果"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = forms.FileField(
        label=gettext_lazy("结果文件：报告、结论的照片、PDF 或 OFD（听证用笔录，不用传）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,.ofd"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", words(SpecialKind))

    def offer(self, case: Case, *, on: date) -> None:
        running = queries.running(case)
        self.choose("kind", words(running))
        self.fields["kind"].initial = running[0].value

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        given = self.cleaned_data
        if given.get("kind") not in (None, SpecialKind.HEARING.value) and not given.get("document"):
            self.add_error("document", gettext("请上传结果文件。没有结果文件，不能恢复计时。"))
        return given

    def given(self) -> dict[str, Any]:
        return super().given() | {"kind": SpecialKind(self.cleaned_data["kind"])}
