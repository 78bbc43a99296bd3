"""What people type about a case. Shape only; what is allowed is decided by the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from onedoor.accounts.models import Person
from onedoor.cases import supervision
from onedoor.cases.inputs import ApplicantData, Demand, Handed, Recipient
from onedoor.cases.rules.delivery import AT_WINDOW, BY_POST, Relation
from onedoor.cases.rules.words import ApplicantKind, IdType, MaterialState, RejectionGround
from onedoor.catalogue.rules.content import SpecialProcedure
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form
from onedoor.kernel.terms import Term
from onedoor.kernel.web import sentence


def words(terms: type[Term]) -> list[tuple[str, str]]:
    """Return a term's members as choices in the reader's language."""
    return [(term.value, gettext(term.zh)) for term in terms]


class Listed(NamedTuple):
    """A material to be judged: its place in the list, what is asked for, what to check."""

    order: int
    name: str
    is_required: bool
    originals: int
    copies: int
    standard: str
    problem: str = ""
    demand: str = ""
    before: object = None
    """Where the applicant handed the same material in before, if anywhere."""


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
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对证件原件，和本人一致"), required=False
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["kind"].choices = words(ApplicantKind)  # type: ignore[attr-defined]  # ChoiceField
        self.fields["id_type"].choices = words(IdType)  # type: ignore[attr-defined]  # ChoiceField

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        if not self.errors:
            try:
                self.data_given().checked(on=self.on)
            except NotValid as refusal:
                self.add_error(refusal.field or None, sentence(refusal))
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
        )


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


class SeenForm(Form):
    """The version of the case the page showed; the base of every step taken from a page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def given(self) -> dict[str, Any]:
        """Return what the service is told, beside who, when and the version seen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class DateOf(forms.DateField):
    """A day picked from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


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
        self.fields["ground"].choices = words(RejectionGround)  # type: ignore[attr-defined]  # ChoiceField

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
        self.fields["kind"].choices = words(SpecialKind)  # type: ignore[attr-defined]  # ChoiceField

    def offer(self, listed: Sequence[SpecialProcedure]) -> None:
        """Offer what the item lists, each with its most days."""
        text = gettext("%(kind)s（最多 %(n)s 个%(unit)s）")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # ChoiceField
            (
                one.kind.value,
                text % {"kind": gettext(one.kind.zh), "n": one.days, "unit": gettext(one.unit.zh)},
            )
            for one in listed
        ]
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_approved"].choices = [  # type: ignore[attr-defined]  # ChoiceField
            ("yes", gettext("同意")),
            ("no", gettext("不同意")),
        ]


class ExtendForm(SeenForm):
    """How long, and why the limit cannot be kept; how long at most is for the law to say."""

    days = forms.IntegerField(label=gettext_lazy("延长几个工作日"), min_value=1, max_value=99)
    reason = forms.CharField(
        label=gettext_lazy("延期理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
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
        self.fields["kind"].choices = words(SpecialKind)  # type: ignore[attr-defined]  # ChoiceField

    def offer(self, running: Sequence[SpecialKind]) -> None:
        self.fields["kind"].choices = [(k.value, gettext(k.zh)) for k in running]  # type: ignore[attr-defined]  # ChoiceField
        self.fields["kind"].initial = running[0].value

    def clean(self) -> dict[str, Any]:
        """Say at the field what the service would refuse, so that nothing typed is lost."""
        given = self.cleaned_data
        if given.get("kind") not in (None, SpecialKind.HEARING.value) and not given.get("document"):
            self.add_error("document", gettext("请上传结果文件。没有结果文件，不能恢复计时。"))
        return given

    def given(self) -> dict[str, Any]:
        return super().given() | {"kind": SpecialKind(self.cleaned_data["kind"])}


class RecipientForm(SeenForm):
    """Who takes the paper; what has to be known of them is decided by the service."""

    among: ClassVar[Sequence[Relation]]

    relation = forms.ChoiceField(label=gettext_lazy("谁来领"), widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=gettext_lazy("姓名（本人和登记的代办人不用填）"), max_length=100, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = [(r.value, gettext(r.zh)) for r in self.among]  # type: ignore[attr-defined]  # ChoiceField
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
        self.fields["id_type"].choices = words(IdType)  # type: ignore[attr-defined]  # ChoiceField

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


class SomebodyOf(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the people offered; whether they may is decided by the service."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.filter(is_active=True), **kwargs)

    def offer(self, people: Sequence[Person]) -> None:
        self.queryset = Person.objects.filter(pk__in=[p.pk for p in people]).order_by("name")


class OrderSurveyForm(SeenForm):
    first = SomebodyOf(label=gettext_lazy("勘验人"))
    second = SomebodyOf(label=gettext_lazy("另一位勘验人"))
    planned_on = DateOf(label=gettext_lazy("哪天去"))
    place = forms.CharField(label=gettext_lazy("去哪里"), max_length=200)


class RecordSurveyForm(SeenForm):
    surveyed_at = forms.DateTimeField(
        label=gettext_lazy("勘验时间（在现场的时间）"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    passed = forms.TypedChoiceField(
        label=gettext_lazy("勘验结论"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    findings = forms.CharField(
        label=gettext_lazy("看到的情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passed"].choices = [  # type: ignore[attr-defined]  # ChoiceField
            ("yes", gettext("符合")),
            ("no", gettext("不符合")),
        ]


class TellHearingForm(SeenForm):
    reason = forms.CharField(
        label=gettext_lazy("为什么可以听证"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AskHearingForm(SeenForm):
    asked_by = forms.CharField(label=gettext_lazy("谁申请听证"), max_length=100)


class CallHearingForm(SeenForm):
    held_at = forms.DateTimeField(
        label=gettext_lazy("听证时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=gettext_lazy("听证地点"), max_length=200)
    chair = SomebodyOf(label=gettext_lazy("主持人（没有办过这一件的人）"))


class RecordHearingForm(SeenForm):
    attendants = forms.CharField(
        label=gettext_lazy("参加人（每行一位，像“申请人：张三”）"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.CharField(
        label=gettext_lazy("听证笔录要点"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class PromiseForm(SeenForm):
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件，他看过要补的材料、期限和后果，愿意签承诺书"),
        required=False,
    )


class LinkLicenceForm(SeenForm):
    number = forms.CharField(label=gettext_lazy("原证照编号"), max_length=40)


class EndLicenceForm(Form):
    """Why a licence ends: the ground of the law, and the facts."""

    ground = forms.ChoiceField(label=gettext_lazy("法定情形"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("事实和理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.BooleanField(label=gettext_lazy("我核对过证照编号和持有人"))

    def __init__(self, data: QueryDict | None = None, *, grounds: type[Term]) -> None:
        super().__init__(data, auto_id=f"{grounds.__name__.lower()}_%s")
        self.grounds = grounds
        self.fields["ground"].choices = words(grounds)  # type: ignore[attr-defined]  # ChoiceField


class PostForm(SeenForm):
    carrier = forms.CharField(label=gettext_lazy("快递公司"), max_length=40, initial="EMS")
    waybill = forms.CharField(
        label=gettext_lazy("运单号（可以扫条码）"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class ConfirmForm(RecipientForm):
    among = BY_POST

    signed_on = DateOf(label=gettext_lazy("签收日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].label = gettext("回执上是谁签收的")

    def given(self) -> dict[str, Any]:
        return {"recipient": self.taker(), "signed_on": self.cleaned_data["signed_on"]}


class WithdrawForm(SeenForm):
    reason = forms.CharField(
        label=gettext_lazy("撤回原因（选填）"), max_length=1000, required=False
    )
    identity_checked = forms.BooleanField(
        label=gettext_lazy("我已核对申请人的证件"), required=False
    )


class PeriodForm(Form):
    """The days of a report, both included."""

    first = DateOf(
        label=gettext_lazy("从"), error_messages={"required": gettext_lazy("请填写从哪天起。")}
    )
    last = DateOf(
        label=gettext_lazy("到"), error_messages={"required": gettext_lazy("请填写到哪天为止。")}
    )

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                supervision.check_period(self.cleaned_data["first"], self.cleaned_data["last"])
            except NotValid as refusal:
                self.add_error(refusal.field, sentence(refusal))
        return self.cleaned_data


class TrackForm(Form):
    """Number or short number, and the query code from the receipt."""

    number = forms.CharField(
        label=gettext_lazy("办件编号，或凭证上的 8 位短号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=gettext_lazy("6 位查询码"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class CodeForm(Form):
    """The query code alone, where the case is known."""

    code = forms.CharField(
        label=gettext_lazy("6 位查询码"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("请填写 6 位查询码。")},
    )

    def clean_code(self) -> str:
        return "".join(c for c in self.cleaned_data["code"] if c.isdigit())
