"""What is typed when a paper goes out: who takes it, where it was posted or served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.cases.forms.fields import DateOf, SeenForm
from onedoor.cases.inputs import Recipient
from onedoor.cases.rules.delivery import AT_WINDOW, BY_POST, Relation, Unserved
from onedoor.cases.rules.words import IdType
from onedoor.kernel.forms import words


class RecipientForm(SeenForm):
    """Who takes the paper; what has to be known of them is decided by the service."""

    among: ClassVar[Sequence[Relation]]

    relation = forms.ChoiceField(label=gettext_lazy("谁来领"), widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=gettext_lazy("姓名（本人和登记的代办人不用填）"), max_length=100, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("relation", words(self.among))
        self.fields["relation"].initial = Relation.SELF.value

    def taker(self) -> Recipient:
        given = self.cleaned_data
        return Recipient(relation=Relation(given["relation"]), name=given["recipient"])


class HandOutForm(RecipientForm):
    among = AT_WINDOW

    id_type = forms.ChoiceField(label=gettext_lazy("领取人证件（本人不用填）"), required=False)
    id_number = forms.CharField(
        label=gettext_lazy("证件号码（本人不用填）"), max_length=60, required=False
    )
    authority = forms.CharField(
        label=gettext_lazy("看过的授权文件（本人不用填），像“授权委托书”"),
        max_length=200,
        required=False,
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对领取人的证件；代领的已看委托书"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("id_type", words(IdType))

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        given = self.cleaned_data
        if given.get("relation") not in (None, Relation.SELF.value):
            for name, text in (
                ("id_number", gettext("请填写领取人的证件号码。")),
                ("authority", gettext("请写明看过什么授权文件。没有授权不能代领。")),
            ):
                if not given.get(name):
                    self.add_error(name, text)
        return given

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "recipient": replace(
                self.taker(),
                id_type=IdType(given["id_type"]) if given["id_type"] else None,
                id_number=given["id_number"],
                authority=given["authority"],
            ),
            "identity_checked": given["identity_checked"],
        }


class PostForm(SeenForm):
    carrier = forms.CharField(label=gettext_lazy("快递公司"), max_length=40, initial="EMS")
    waybill = forms.CharField(
        label=gettext_lazy("运单号（可以扫条码）"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class LeaveForm(SeenForm):
    """Where the paper was left, how it was refused, who was there, and what shows it."""

    left_on = DateOf(label=gettext_lazy("哪天留置的"))
    place = forms.CharField(label=gettext_lazy("送达地点"), max_length=200)
    refusal = forms.CharField(
        label=gettext_lazy("怎样拒收的"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    witness = forms.CharField(label=gettext_lazy("见证人（姓名和单位）"), max_length=100)
    second = forms.CharField(label=gettext_lazy("另一位见证人（姓名和单位）"), max_length=100)
    document = forms.FileField(
        label=gettext_lazy("照片，或者见证人签名的文件"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,.ofd"}),
    )

    def given(self) -> dict[str, Any]:
        given = {k: v for k, v in self.cleaned_data.items() if k != "seen"}
        return given | {"witnesses": [given.pop("witness"), given.pop("second")]}


class AnnounceForm(SeenForm):
    """Why nothing is left but to announce it; what was tried stays with the case."""

    ground = forms.ChoiceField(label=gettext_lazy("公告原因"), widget=forms.RadioSelect)
    account = forms.CharField(
        label=gettext_lazy("原因和经过（存在案卷里，不公开）"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = words(Unserved)  # type: ignore[attr-defined]  # ChoiceField

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"ground": Unserved(given["ground"]), "account": given["account"]}


class ConfirmForm(RecipientForm):
    among = BY_POST

    signed_on = DateOf(label=gettext_lazy("签收日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].label = gettext("回执上是谁签收的")

    def given(self) -> dict[str, Any]:
        return {"recipient": self.taker(), "signed_on": self.cleaned_data["signed_on"]}


class EntrustForm(SeenForm):
    body = forms.CharField(
        label=gettext_lazy("委托谁送（乡镇、社区，或者另一个市民之家）"), max_length=100
    )


class ConfirmEntrustedForm(RecipientForm):
    """What the entrusted body sent back: who took it, when, and the proof they signed."""

    among = BY_POST

    served_on = DateOf(label=gettext_lazy("送达日期"))
    document = forms.FileField(
        label=gettext_lazy("签了名的送达回证（扫描或者照片）"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,.ofd"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].label = gettext("回证上是谁签收的")

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "recipient": self.taker(),
            "served_on": given["served_on"],
            "document": given["document"],
        }


class DepositForm(SeenForm):
    cabinet = forms.CharField(label=gettext_lazy("哪个自助柜"), max_length=60)
    compartment = forms.CharField(label=gettext_lazy("柜格号"), max_length=20)


class MomentOf(forms.DateTimeField):
    """A moment picked from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class FetchForm(SeenForm):
    """What the cabinet recorded."""

    code = forms.CharField(
        label=gettext_lazy("柜子记下的取件码"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    fetched_at = MomentOf(label=gettext_lazy("什么时候取走的"))


# --- The decision that ended a licence, entered at once when it is done -------------------------


class PostEndForm(RecipientForm):
    among = BY_POST
    carrier = PostForm.base_fields["carrier"]
    waybill = PostForm.base_fields["waybill"]
    signed_on = ConfirmForm.base_fields["signed_on"]

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        said = {name: given[name] for name in ("carrier", "waybill", "signed_on")}
        return said | {"recipient": self.taker()}


class EntrustEndForm(ConfirmEntrustedForm):
    body = EntrustForm.base_fields["body"]

    def given(self) -> dict[str, Any]:
        return super().given() | {"body": self.cleaned_data["body"]}


class FetchEndForm(DepositForm):
    fetched_at = FetchForm.base_fields["fetched_at"]
    document = forms.FileField(
        label=gettext_lazy("柜子的取件记录（照片或文件）"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,.ofd"}),
    )
