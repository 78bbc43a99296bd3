"""What people write: a purchase to be routed, the rules of a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onedoor.kernel import money
from onedoor.kernel.errors import NotValid
from onedoor.kernel.forms import Form, words
from onedoor.kernel.sentences import sentence
from onedoor.kernel.terms import Term
from onedoor.market.rules.routing import Purchase
from onedoor.market.rules.rulebook import MOST_BYTES, Rulebook
from onedoor.market.rules.words import Exemption, Funding, ProjectKind, ServiceClass, UnitKind


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
