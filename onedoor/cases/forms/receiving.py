"""What is typed when somebody comes: who applies, what is handed in, what is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases.forms.fields import Listed, SeenForm
from onedoor.cases.inputs import ApplicantData, Demand, Handed, LateEntry
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form, words
from onedoor.kernel.sentences import sentence


class ApplicantForm(Form):
    """Who applies, and that somebody looked at the document."""

    kind = forms.ChoiceField(label=gettext_lazy("申请人类型"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("姓名或名称"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "zh"}),
    )
    id_type = forms.ChoiceField(label=gettext_lazy("证件类型"))
    id_number = forms.CharField(
        label=gettext_lazy("证件号码"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(label=gettext_lazy("地址（选填）"), max_length=200, required=False)
    agent = forms.CharField(
        label=gettext_lazy("代办人姓名（选填）"), max_length=100, required=False
    )
    is_served_online = forms.BooleanField(
        label=gettext_lazy("同意电子送达：决定书放到“办理进度”页，放上去那天就算送达"),
        help_text=gettext_lazy("不勾选的，到窗口领取或者邮寄。以后可以改。"),
        required=False,
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对证件原件，和本人一致"), required=False
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.choose("kind", words(ApplicantKind))
        self.choose("id_type", words(IdType))

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        if not self.errors:
            try:
                self.data_given().checked(on=self.on)
            except NotValid as refusal:
                self.tell(refusal)
        asked = "identity_checked" in self.fields
        if asked and not self.cleaned_data.get("identity_checked"):
            self.add_error("identity_checked", gettext("请先核对证件原件，再勾选。"))
        return self.cleaned_data

    def data_given(self) -> ApplicantData:
        """Return the applicant as typed."""
        given = self.cleaned_data
        return ApplicantData(
            kind=ApplicantKind(given["kind"]),
            name=given["name"],
            id_type=IdType(given["id_type"]),
            id_number=given["id_number"],
            phone=given["phone"],
            address=given["address"],
            agent=given["agent"],
            is_served_online=given.get("is_served_online", False),
        )


class LateForm(Form):
    """That the papers were taken before and are entered only now (补录)."""

    prefix = "late"
    brought_at = forms.DateTimeField(
        label=gettext_lazy("真实的收件时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=gettext_lazy("补录的理由（停电、断网、上门收件等）"), max_length=500, required=False
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Ask for both or neither, and for a time before now."""
        brought, reason = self.cleaned_data.get("brought_at"), self.cleaned_data.get("reason")
        if reason and not brought and not self.errors:
            self.add_error("brought_at", gettext("请写真实的收件时间。"))
        if brought and not self.errors:
            try:
                LateEntry(brought, reason or "").checked(at=self.at)
            except NotValid as refusal:
                field = refusal.field.removeprefix("late_")
                self.add_error(field or None, sentence(refusal))
        return self.cleaned_data

    def entry(self) -> LateEntry | None:
        given = self.cleaned_data
        return LateEntry(given["brought_at"], given["reason"]) if given["brought_at"] else None


class MaterialsForm(Form):
    """Each material 齐, 缺 or 不合格, with the number of papers taken."""

    def __init__(self, *args: Any, listed: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed
        for m in listed:
            self.fields[f"state_{m.order}"] = forms.ChoiceField(
                label=m.name,
                choices=words(MaterialState),
                widget=forms.RadioSelect,
                error_messages={
                    "required": gettext("请判断“%(name)s”：齐、缺还是不合格。") % {"name": m.name}
                },
            )
            for what, count, label in (
                ("originals", m.originals, gettext("原件份数")),
                ("copies", m.copies, gettext("复印件份数")),
            ):
                self.fields[f"{what}_{m.order}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=999, initial=count, required=False
                )

    def rows(self) -> list[tuple[Listed, Any, Any, Any]]:
        """Return each material with its three fields, for the page."""
        return [
            (m, self[f"state_{m.order}"], self[f"originals_{m.order}"], self[f"copies_{m.order}"])
            for m in self.listed
        ]

    def handed(self) -> list[Handed]:
        given = self.cleaned_data
        found = []
        for m in self.listed:
            state = MaterialState(given[f"state_{m.order}"])
            there = state is not MaterialState.MISSING
            found.append(
                Handed(
                    m.order,
                    state,
                    (given[f"originals_{m.order}"] or 0) if there else 0,
                    (given[f"copies_{m.order}"] or 0) if there else 0,
                )
            )
        return found


class NoticeForm(Form):
    """What is missing or defective, and what to bring: the one-time notice."""

    reason = forms.CharField(
        label=gettext_lazy("再次告知的理由"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, listed: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed
        for m in listed:
            self.fields[f"problem_{m.order}"] = forms.ChoiceField(
                label=m.name,
                choices=words(MaterialState),
                initial=m.problem or MaterialState.OK.value,
                widget=forms.RadioSelect,
            )
            self.fields[f"demand_{m.order}"] = forms.CharField(
                label=gettext("要补什么、怎么补"),
                max_length=500,
                required=False,
                initial=m.demand,
                widget=forms.TextInput(attrs={"list": "phrases"}),
            )
            self.fields[f"basis_{m.order}"] = forms.CharField(
                label=gettext("依据（用自己的话写要求时填）"), max_length=500, required=False
            )

    def rows(self) -> list[tuple[Listed, Any, Any, Any]]:
        return [
            (m, self[f"problem_{m.order}"], self[f"demand_{m.order}"], self[f"basis_{m.order}"])
            for m in self.listed
        ]

    def demands(self) -> list[Demand]:
        given = self.cleaned_data
        return [
            Demand(
                m.order,
                MaterialState(given[f"problem_{m.order}"]),
                given[f"demand_{m.order}"],
                given[f"basis_{m.order}"],
            )
            for m in self.listed
            if given[f"problem_{m.order}"] != MaterialState.OK.value
        ]


class PromiseForm(SeenForm):
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件，他看过要补的材料、期限和后果，愿意签承诺书"),
        required=False,
    )


class WithdrawForm(SeenForm):
    reason = forms.CharField(
        label=gettext_lazy("撤回原因（选填）"), max_length=1000, required=False
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件"), required=False
    )
