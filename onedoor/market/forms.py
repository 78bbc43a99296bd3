"""What people write: a purchase to be routed, the rules of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.models import Organisation
from onedoor.kernel import money
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form, words
from onedoor.kernel.sentences import sentence
from onedoor.kernel.terms import Term
from onedoor.market.rules.drawing import Action, Party
from onedoor.market.rules.reading import MOST_BYTES
from onedoor.market.rules.routing import Purchase
from onedoor.market.rules.rulebook import Rulebook
from onedoor.market.rules.words import Exemption, Funding, ProjectKind, ServiceClass, UnitKind
from onedoor.market.services import Asked, Told


class MoneyField(forms.CharField):
    """An amount in yuan; whole fen or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return money.fen(text) if text else None
        except NotValid as refusal:
            raise forms.ValidationError(sentence(refusal)) from None


class RouteForm(Form):
    """What is known of a purchase; whatever is left open is unknown, never assumed."""

    purchaser = forms.ChoiceField(label=_("采购单位"), required=False)
    kind = forms.ChoiceField(label=_("名单里没有的，单位类型"), required=False)
    item = forms.ChoiceField(label=_("采购的服务"), required=False)
    what = forms.ChoiceField(label=_("目录里没有的，采购类别"), required=False)
    amount = MoneyField(label=_("预算金额（元）"))
    earlier = MoneyField(
        label=_("同一项目12个月内已采购的同类金额（元）"),
        help_text=_("没有就不写。拆成几份的合并计算。"),
    )
    funding = forms.ChoiceField(label=_("资金来源"), required=False)
    project = forms.ChoiceField(label=_("工程建设项目的类型"), required=False)
    exempt = forms.ChoiceField(label=_("豁免情形（没有就不选）"), required=False)
    exempt_by = forms.CharField(label=_("豁免的文件和批准人"), max_length=200, required=False)

    def __init__(self, *args: Any, book: Rulebook | None, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book, self.on = book, on
        units = [u for u in book.units if u.is_bound(on)] if book else []
        none = [("", gettext("不清楚"))]
        others = [("other", gettext("名单以外的单位"))]
        self.choose("purchaser", [*none, *((u.code, u.name) for u in units), *others])
        self.choose("kind", none + words(UnitKind))
        items = book.items if book else ()
        beyond = [("other", gettext("目录以外的服务"))]
        self.choose("item", [*none, *((i.code, i.name) for i in items), *beyond])
        self.choose("what", none + words(ServiceClass))
        self.choose("funding", none + words(Funding))
        self.choose("project", none + words(ProjectKind))
        self.choose("exempt", [("", gettext("不是豁免")), *words(Exemption)])

    def purchase(self) -> Purchase:
        """Return the purchase as the rule takes it; the list knows the kind of its units."""
        given = self.cleaned_data
        unit = self.book.unit(given["purchaser"], on=self.on) if self.book else None
        return Purchase(
            on=self.on,
            purchaser=given["purchaser"],
            kind=unit.kind if unit else _term(UnitKind, given["kind"]),
            item=given["item"],
            what=_term(ServiceClass, given["what"]),
            amount=given["amount"],
            earlier=given["earlier"] or 0,
            funding=_term(Funding, given["funding"]),
            project=_term(ProjectKind, given["project"]),
            exempt=_term(Exemption, given["exempt"]),
            exempt_by=given["exempt_by"],
        )


def _term(kind: Any, value: str) -> Any:
    found: Term | None = kind(value) if value else None
    return found


class PackForm(Form):
    """The rules of a period as a file."""

    file = forms.FileField(
        label=_("规则文件（TOML）"), widget=forms.FileInput(attrs={"accept": ".toml"})
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("文件太大，不像是规则。"))
        try:
            return str(file.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(gettext("文件不是 UTF-8 文字。")) from None


class WhenField(forms.DateTimeField):
    """A moment by the hall's clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


LIST_HELP = _("每行一家：统一社会信用代码 名称。排除的写：代码 名称 R05 原因。")


class ListForm(Form):
    """A draw to be listed."""

    title = forms.CharField(label=_("采购的是什么"), max_length=200)
    notice = forms.CharField(label=_("公告编号"), max_length=64)
    purchaser = forms.ModelChoiceField(Organisation.objects.none(), label=_("采购单位"))
    entrants = forms.CharField(
        label=_("报名名单"),
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=LIST_HELP,
    )
    is_weighted = forms.BooleanField(label=_("信用择优：名称后面写签数，按签数抽"), required=False)
    winners = forms.IntegerField(label=_("中选几家"), min_value=1, max_value=1000, initial=1)
    alternates = forms.IntegerField(label=_("备选几家"), min_value=0, max_value=1000, initial=2)
    contest_until = WhenField(label=_("异议截止（至少24小时以后）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["purchaser"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = Organisation.objects.filter(is_active=True).order_by("sequence")

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class DrawForm(Form):
    """One step of a draw; its fields are those the step reads."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    party = forms.ChoiceField(label=_("哪一方"), widget=forms.RadioSelect)
    commit = forms.CharField(
        label=_("承诺的摘要"), max_length=64, help_text=_("64位，由您的设备算出来。")
    )
    sealed = forms.CharField(label=_("信封编号"), max_length=100)
    digits = forms.CharField(
        label=_("十次骰子的点数，连着写"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    witness = forms.CharField(label=_("见证人（公开，写姓就行）"), max_length=100)
    secret = forms.CharField(
        label=_("秘密数"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    commit_deadline = WhenField(label=_("承诺截止（至少10分钟以后）"))
    open_deadline = WhenField(label=_("揭示截止"))
    entrants = forms.CharField(
        label=_("报名名单"),
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=LIST_HELP,
    )
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, action: Action, parties: Sequence[Party], **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{action.value}_%s"
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"seen", *ASKED[action]}:
            del self.fields[name]
        if "party" in self.fields:
            self.choose("party", words(parties))

    def told(self) -> Told:
        given = {name: self.cleaned_data[name] for name in self.fields if name != "seen"}
        if "party" in given:
            given["party"] = Party(given["party"])
        return Told(**given)


ASKED: dict[Action, tuple[str, ...]] = {
    Action.CORRECT: ("entrants", "reason"),
    Action.FREEZE: ("commit_deadline", "open_deadline"),
    Action.COMMIT: ("party", "commit", "sealed"),
    Action.TYPE: ("digits",),
    Action.THROW: ("digits", "witness"),
    Action.OPEN: ("party", "secret"),
    Action.ENVELOPE: ("party", "secret", "reason"),
    Action.VOID: ("reason",),
    Action.REDRAW: ("reason",),
}
