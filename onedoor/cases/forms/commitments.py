"""What is typed about a commitment: taking it, checking it, objecting to what was found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases import commitments, queries
from onedoor.cases.forms.fields import SeenForm
from onedoor.cases.models import Case
from onedoor.cases.rules.commitment import Checked
from onedoor.kernel.forms import Form, words


class CommitForm(SeenForm):
    orders = forms.MultipleChoiceField(
        label=gettext_lazy("用承诺代替哪几份"), widget=forms.CheckboxSelectMultiple, required=False
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件，他看过告知的内容和责任，愿意签承诺书"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # whether they may be chosen is decided by the service
            sent = self.data.getlist("orders")  # type: ignore[attr-defined]  # a QueryDict
            self.choose("orders", [(o, o) for o in sent if o.isdigit()])

    def offer(self, case: Case, *, on: date) -> None:
        """Offer the materials a commitment may stand for."""
        rows = commitments.committable(case, queries.listed(case))
        self.choose("orders", [(str(r.order), r.material.name) for r in rows])

    def given(self) -> dict[str, Any]:
        given = super().given()
        return given | {"orders": [int(order) for order in given["orders"]]}


class VerifyForm(Form):
    outcome = forms.ChoiceField(label=gettext_lazy("核查结果"), widget=forms.RadioSelect)
    findings = forms.CharField(
        label=gettext_lazy("怎么查的，查到什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = forms.FileField(
        label=gettext_lazy("证据：照片、PDF 或 OFD（无法核实的可以没有）"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,.ofd"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [o for o in Checked if o is not Checked.NONE]
        self.choose("outcome", words(outcomes))

    def clean_outcome(self) -> Checked:
        return Checked(self.cleaned_data["outcome"])

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        given = self.cleaned_data
        is_known = given.get("outcome") in (Checked.KEPT, Checked.FALSE)
        if is_known and not given.get("document"):
            self.add_error("document", gettext("请上传核查的证据：照片、查询结果或者记录。"))
        return given


class ObjectForm(Form):
    text = forms.CharField(
        label=gettext_lazy("申请人的理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件"),
        error_messages={"required": gettext_lazy("请先核对申请人的证件，再勾选。")},
    )


class AnswerObjectionForm(Form):
    is_upheld = forms.TypedChoiceField(
        label=gettext_lazy("异议"),
        choices=[("1", gettext_lazy("成立：承诺不算不实")), ("0", gettext_lazy("不成立"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
