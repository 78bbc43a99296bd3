"""What is typed at a decision: opinion, reason, basis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases import queries
from onedoor.cases.forms.fields import SeenForm
from onedoor.cases.models import Case
from onedoor.cases.rules.words import RejectionGround
from onedoor.kernel.forms import words


class OpinionForm(SeenForm):
    """An opinion: an approved phrase, own words, or both."""

    phrase = forms.CharField(
        label=gettext_lazy("常用意见"), required=False, max_length=200, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("补充意见（选填）"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def given(self) -> dict[str, Any]:
        parts = (self.cleaned_data["phrase"], self.cleaned_data["text"])
        return {"opinion": " ".join(part for part in parts if part)}


class ReasonForm(SeenForm):
    """A reason and the article it rests on, picked from what the item lists."""

    bases: Sequence[str] = ()

    basis = forms.CharField(label=gettext_lazy("依据条款"), max_length=500)
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GrantForm(OpinionForm):
    attached = forms.CharField(
        label=gettext_lazy("附加条件（选填，印在决定书上）"), max_length=1000, required=False
    )
    sure = forms.BooleanField(label=gettext_lazy("我看过材料和初审意见，决定准予"))

    def given(self) -> dict[str, Any]:
        return super().given() | {"attached": self.cleaned_data["attached"]}


class RejectForm(ReasonForm):
    ground = forms.ChoiceField(label=gettext_lazy("为什么不受理"), widget=forms.RadioSelect)
    competent = forms.CharField(
        label=gettext_lazy("归哪个机关办（不归我们管的必填，印在决定书上）"),
        max_length=100,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("ground", words(RejectionGround))

    def offer(self, case: Case, *, on: date) -> None:
        self.bases = queries.rejection_bases(case)

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        given = self.cleaned_data
        is_ours = given.get("ground") != RejectionGround.NOT_OURS.value
        if not is_ours and not given.get("competent", "").strip():
            self.add_error("competent", gettext("请写明归哪个机关办，申请人要去那里申请。"))
        return given

    def given(self) -> dict[str, Any]:
        return super().given() | {"ground": RejectionGround(self.cleaned_data["ground"])}


class RefuseForm(ReasonForm):
    facts = forms.CharField(
        label=gettext_lazy("查明的事实"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(label=gettext_lazy("我看过材料和初审意见，决定不予"))

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("facts", "reason", "basis")}

    def offer(self, case: Case, *, on: date) -> None:
        self.bases = queries.bases(case)
