"""What is typed when papers are taken in for another place, and as they go on."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from onedoor.cases.forms.fields import DateOf
from onedoor.cases.forms.receiving import ApplicantForm
from onedoor.cases.rules.remote import RemoteOutcome, RemoteStep, read_papers
from onedoor.cases.services.remote import RemoteData
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form, words


class RemoteApplicantForm(ApplicantForm):
    """Who applies; nothing of ours is served on them electronically."""

    is_served_online = None  # type: ignore[assignment]  # Django's way to leave a field out


class RemoteForm(Form):
    """What is to be done, by which body, and what was handed in."""

    item = forms.CharField(label=gettext_lazy("办什么事"), max_length=200)
    body = forms.CharField(label=gettext_lazy("受理机关（哪个地方的哪个机关）"), max_length=100)
    body_address = forms.CharField(label=gettext_lazy("材料寄到哪"), max_length=200)
    body_phone = forms.CharField(
        label=gettext_lazy("受理机关的电话（选填）"), max_length=40, required=False
    )
    materials = forms.CharField(
        label=gettext_lazy("收了哪些材料"),
        help_text=gettext_lazy("一行一份：材料名称｜原件几份｜复印件几份。不写份数的是原件 1 份。"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_materials(self) -> Any:
        try:
            return read_papers(self.cleaned_data["materials"])
        except NotValid as refusal:
            self.tell(refusal)
            return ()

    def told(self) -> RemoteData:
        given = {k: v for k, v in self.cleaned_data.items() if k != "materials"}
        return RemoteData(**given)


class CountedForm(Form):
    """That every paper was counted; the base of both signatures."""

    checked = forms.BooleanField(
        label=gettext_lazy("我逐份点过，和清单一致，签字负责"), required=False
    )


class SendRemoteForm(CountedForm):
    carrier = forms.CharField(label=gettext_lazy("快递公司"), max_length=40, initial="EMS")
    waybill = forms.CharField(
        label=gettext_lazy("运单号（可以扫条码）"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class RemoteAcceptedForm(Form):
    home_number = forms.CharField(label=gettext_lazy("对方的办件编号"), max_length=64)
    accepted_on = DateOf(label=gettext_lazy("对方哪天受理的"))


class RemoteResultForm(Form):
    outcome = forms.ChoiceField(label=gettext_lazy("结果"), widget=forms.RadioSelect)
    ended_on = DateOf(label=gettext_lazy("对方哪天办结的"))
    carrier = forms.CharField(
        label=gettext_lazy("结果由哪家快递寄回（选填）"), max_length=40, required=False
    )
    waybill = forms.CharField(
        label=gettext_lazy("寄回的运单号（选填）"), max_length=40, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("outcome", [one for one in words(RemoteOutcome) if one[0]])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("outcome"):
            given["outcome"] = RemoteOutcome(given["outcome"])
        return given


class HandOverRemoteForm(Form):
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对领取人的证件；直接寄到家的，已看签收记录"), required=False
    )


class RemoteForms:
    """The form of each step."""

    OF: ClassVar[dict[RemoteStep, type[Form]]] = {
        RemoteStep.PACK: CountedForm,
        RemoteStep.SEND: SendRemoteForm,
        RemoteStep.ACCEPTED: RemoteAcceptedForm,
        RemoteStep.RESULT: RemoteResultForm,
        RemoteStep.HAND_OVER: HandOverRemoteForm,
    }
