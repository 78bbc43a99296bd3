"""What editors type about an item. The shape is that of the file: one reader judges both."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.catalogue import queries
from onedoor.catalogue.rules.aliases import read_aliases
from onedoor.catalogue.rules.content import CHILDREN, Content
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.rules.labels import HINTS, Label, RowLabel, Section
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.catalogue.rules.spelled import as_cells, as_lists
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.rules.words import (
    Form,
    Kind,
    Necessity,
    Reduced,
    ReportStatus,
    Source,
    SpecialKind,
)
from onedoor.catalogue.services import Written
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term
from onedoor.kernel.web import sentence

MOST_ROWS = 60
"""So many rows of one list the page shows; longer lists are imported."""
LONG = {
    "legal_basis", "conditions", "limit_basis", "flow", "visits_reason", "place", "hours",
    "quantity_note", "fee_basis", "review_office", "lawsuit_office", "promised_note",
    "basis", "standard", "fill_note", "answer", "note",
}  # fmt: skip
THREE_WAY = {"is_online", "is_in_centre", "is_bookable", "is_posted", "is_paid_online",
             "at_terminal"}  # fmt: skip
TICKS = {"deemed_acceptance", "instant_authorised", "is_tolerant", "is_on_promise", "is_forwarded",
         "is_waivable"}  # fmt: skip
DAYS = {"checked_on"}
FILES = ("form_file", "sample_file")
WORDS: Mapping[str, type[Term]] = {
    "kind": Kind,
    "statutory_unit": LimitUnit,
    "promised_unit": LimitUnit,
    "unit": LimitUnit,
    "necessity": Necessity,
    "form": Form,
    "source_kind": Source,
}
_ROW_FIELD = re.compile(r"(\w+)-(\d+)(?:-(\w+))?")


def choices(words: type[Term], *, blank: bool = False) -> list[tuple[str, str]]:
    """Return a term's members as choices in the reader's language."""
    first = [("", gettext("没有写明"))] if blank else []
    return first + [(word.value, gettext(word.zh)) for word in words]


def _field(name: str, label: Term, *, in_row: str = "") -> forms.Field:
    """Return the control for a field: what it is called, and how it is chosen or typed."""
    said: dict[str, Any] = {"label": gettext(label.zh), "required": False}
    if hint := HINTS.get(f"{in_row}.{name}" if in_row else name):
        said["help_text"] = gettext(hint)
    sets = queries.code_sets().by_field
    if name == "kind" and in_row == "special_procedures":
        return forms.ChoiceField(choices=choices(SpecialKind, blank=True), **said)
    if name in WORDS and not (name == "kind" and in_row):
        return forms.ChoiceField(choices=choices(WORDS[name], blank=name.endswith("_unit")), **said)
    if name == "item_type":
        types = [(t.code, t.name) for t in queries.item_types().by_code.values() if t.at_window]
        return forms.ChoiceField(choices=types, **said)
    if not in_row and name in sets and sets[name].values:
        listed = list(sets[name].values.items())
        if sets[name].many:
            return forms.MultipleChoiceField(
                choices=listed, widget=forms.CheckboxSelectMultiple, **said
            )
        return forms.ChoiceField(choices=[("", gettext("没有写明")), *listed], **said)
    if name in THREE_WAY:
        listed = [("", gettext("没有写明")), ("1", gettext("是")), ("0", gettext("否"))]
        return forms.ChoiceField(choices=listed, **said)
    if name in TICKS:
        return forms.BooleanField(**said)
    if name in DAYS:
        return forms.CharField(widget=forms.TextInput(attrs={"type": "date"}), **said)
    if name in LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), **said)
    return forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **said)


def _cell(value: Any) -> str:
    """Return what was typed as the cell a file would hold."""
    if isinstance(value, list):
        return "^".join(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value or "").strip()


class RowForm(forms.Form):
    """One row of a list. An empty row is no row; a ticked one is taken out."""

    def __init__(self, *args: Any, list_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "%s"
        self.list_name = list_name
        self.kept: dict[str, str] = {}
        for one in fields(CHILDREN[list_name]):
            name = one.name
            if name in FILES:
                self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
                self.fields[f"{name}_upload"] = forms.FileField(
                    label=gettext(RowLabel(name).zh), required=False
                )
            else:
                label = RowLabel(name)
                name = "amount" if name == "amount_fen" else name
                self.fields[name] = _field(name, label, in_row=list_name)
        self.fields["remove"] = forms.BooleanField(label=gettext_lazy("删掉这一行"), required=False)

    @property
    def key(self) -> str:
        return str(fields(CHILDREN[self.list_name])[0].name)

    def cells(self) -> dict[str, str]:
        given = self.cleaned_data | self.kept
        return {n: _cell(given.get(n)) for n in self.fields if n != "remove"}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: choices that were only left as they came do not count."""
        chosen = {"necessity", "form", "source_kind", "unit", "originals", "copies", "remove"}
        given = self.cleaned_data
        return bool(given.get("remove")) or not any(
            given.get(name) for name in self.fields if name not in chosen
        )


class ItemForm(forms.Form):
    """All of a version on one page, its lists as rows that need no script."""

    plan_on = forms.CharField(
        label=gettext_lazy("从哪天起生效"),
        help_text=gettext_lazy("空着就是发布当时。写了日期，就从那天零点起。"),
        required=False,
        widget=forms.TextInput(attrs={"type": "date"}),
    )
    reduction_source = forms.ChoiceField(label=gettext_lazy("少要的材料或环节，怎么少的"))
    reduction_basis = forms.CharField(
        label=gettext_lazy("减少的依据"),
        help_text=gettext_lazy("比现在用的一版少了材料或环节才填，会公开。"),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, content: Content | None = None, on: date, **kwargs: Any
    ) -> None:
        first = as_cells(content) if content else {}
        initial: dict[str, Any] = dict(first)
        for name, code_set in queries.code_sets().by_field.items():
            if code_set.many and name in first:
                initial[name] = first[name].split("^")
        for name in TICKS:
            if name in first:
                initial[name] = first[name] == "1"
        initial |= kwargs.pop("initial", {})
        super().__init__(data, initial=initial, auto_id="%s", **kwargs)
        self.on = on
        self.row: ItemRow | None = None
        blank = [("", gettext("没有减少"))]
        self.fields["reduction_source"].choices = blank + choices(Reduced)  # type: ignore[attr-defined]  # ChoiceField
        self.fields["reduction_source"].required = False
        for label in Label:
            if label.value not in CHILDREN:
                self.fields[label.value] = _field(label.value, label)
        for name in ("statutory", "promised"):
            self.fields[f"{name}_unit"] = _field(f"{name}_unit", Label(name))
            named = gettext("%(limit)s的单位") % {"limit": gettext(Label(name).zh)}
            self.fields[f"{name}_unit"].label = named
        self.lists = {name: self._rows(name, content) for name in CHILDREN}

    def _rows(self, name: str, content: Content | None) -> list[RowForm]:
        there = as_lists(content)[name] if content else []
        if self.is_bound:
            text = str(self.data.get(f"count-{name}", ""))
            count = min(int(text) if text.isascii() and text.isdigit() else 0, MOST_ROWS)
            count += self.data.get("more") == name and count < MOST_ROWS
            return [
                RowForm(self.data, self.files, list_name=name, prefix=f"{name}-{n}")
                for n in range(1, count + 1)
            ]
        rows = []
        for number, cells in enumerate([*there, {}], start=1):
            first: dict[str, Any] = dict(cells)
            if cells.get("amount_fen"):
                first["amount"] = f"{int(cells['amount_fen']) / 100:.2f}"
            if "is_waivable" in cells:
                first["is_waivable"] = cells["is_waivable"] == "1"
            rows.append(RowForm(list_name=name, prefix=f"{name}-{number}", initial=first))
        return rows

    def clean(self) -> dict[str, Any]:
        """Read what was typed as a file would be read; say at each field what is wrong."""
        given = self.cleaned_data
        cells = {n: _cell(given.get(n)) for n in self.fields}
        cells |= {"code": "0", "unit_name": "0", "effective_on": cells["plan_on"]}
        lists, kept = {}, {}
        for name, rows in self.lists.items():
            valid = [row for row in rows if row.is_valid() and not row.is_empty]
            lists[name] = [row.cells() for row in valid]
            kept[name] = valid
        found = read_row(
            0,
            {k: v for k, v in cells.items() if v},
            names=_NAMES,
            types=queries.item_types(),
            sets=queries.code_sets(),
            on=self.on,
            lists={n: [_filled(c) for c in rows] for n, rows in lists.items()},
        )
        if isinstance(found, RowFault):
            for fault in found.reasons:
                match = _ROW_FIELD.fullmatch(fault.field)
                if match and match[1] in kept and match[3]:
                    row = kept[match[1]][int(match[2]) - 1]
                    field = match[3] if match[3] in row.fields else row.key
                    row.add_error(field, sentence(fault))
                    self.add_error(None, sentence(fault))
                else:
                    self.add_error(
                        fault.field if fault.field in self.fields else None, sentence(fault)
                    )
        else:
            self.row = found
        return given

    def keep_files(self, keep: Callable[[Any], str]) -> None:
        """Keep what was uploaded; a row then names its file by digest, and reads as before."""
        for rows in self.lists.values():
            for row in rows:
                for name in FILES:
                    upload = row.cleaned_data.get(f"{name}_upload") if row.is_bound else None
                    if name in row.fields and upload:
                        try:
                            digest = keep(upload)
                        except NotValid as refusal:
                            row.add_error(f"{name}_upload", sentence(refusal))
                            self.add_error(None, sentence(refusal))
                            continue
                        row.kept[name] = digest

    def forget_errors(self) -> None:
        """Judge nothing yet: another row was asked for, the rest is as it was typed."""
        self.errors.clear()
        for rows in self.lists.values():
            for row in rows:
                row.errors.clear()

    def written(self) -> Written | None:
        """Return what was written, its uploads among it, or nothing where something is wrong."""
        if self.errors or any(row.errors for rows in self.lists.values() for row in rows):
            return None
        self.clean()
        if self.row is None or self.errors:
            return None
        given = self.cleaned_data
        day = self.row.effective_on
        return Written(
            content=self.row.content,
            plan_on=day,
            reduction_source=given["reduction_source"],
            reduction_basis=given["reduction_basis"],
        )

    def sections(self) -> list[tuple[Section, list[Any]]]:
        """Return the fields under the headings of the page."""
        return [(section, [self[name] for name in names]) for section, names in SECTIONS]

    def lists_shown(self) -> list[tuple[Label, list[RowForm]]]:
        return [(Label(name), rows) for name, rows in self.lists.items()]


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in cells.items() if value and "_upload" not in name}


_NAMES = {label.value: label.zh for label in Label}

SECTIONS: Sequence[tuple[Section, Sequence[str]]] = (
    (
        Section.BASICS,
        ("name", "main_item", "item_type", "kind", "serves", "legal_basis", "conditions"),
    ),
    (
        Section.LIMITS,
        (
            "promised", "promised_unit", "statutory", "statutory_unit", "limit_basis",
            "promised_note", "deemed_acceptance", "instant_authorised",
        ),
    ),
    (
        Section.DOORS,
        (
            "visits", "visits_reason", "is_online", "online_url", "is_posted", "is_bookable",
            "is_in_centre", "at_terminal", "channels", "online_depth", "area", "place", "hours",
            "phone", "complaint_phone",
        ),
    ),
    (Section.MONEY, ("fee_fen", "fee_basis", "is_paid_online")),
    (Section.RESULT, ("result_name", "result_kind", "review_office", "lawsuit_office")),
    (
        Section.SPECIAL,
        (
            "is_tolerant", "tolerance_days", "is_on_promise", "is_forwarded", "quantity",
            "quantity_note", "flow",
        ),
    ),
    (
        Section.EXCHANGE,
        (
            "basic_code", "local_code", "local_basic_code", "use_level", "unit_kind",
            "entrusted_by", "power_source", "other_units", "person_topics", "company_topics",
            "town_code", "village_code",
        ),
    ),
    (Section.CHECK, ("checked_on", "plan_on", "reduction_source", "reduction_basis")),
)  # fmt: skip


class TurnForm(forms.Form):
    """What is asked for an item, and what must be said for it."""

    turn = forms.ChoiceField(label=gettext_lazy("要做什么"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=2000)
    notice = forms.CharField(
        label=gettext_lazy("对外公告（恢复时可不写）"),
        help_text=gettext_lazy("写给来办事的人看：为什么、到什么时候、现在怎么办。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("从哪天起"),
        help_text=gettext_lazy("空着就是今天。取消事项写法定日期。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "%s"
        self.fields["turn"].choices = choices(Turn)  # type: ignore[attr-defined]  # ChoiceField


class NewItemForm(forms.Form):
    """Which item: its code, and whose it is."""

    code = forms.CharField(
        label=gettext_lazy("实施编码"),
        help_text=gettext_lazy("31 位；业务办理项是 33 位。"),
        max_length=64,
    )
    unit = forms.ChoiceField(label=gettext_lazy("实施主体"))

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "%s"
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]  # ChoiceField


class ReportForm(forms.Form):
    """What a reader says is wrong; who they are is theirs to say."""

    text = forms.CharField(
        label=gettext_lazy("哪里不对"),
        help_text=gettext_lazy("比如：样本填错了、电话打不通、指南和窗口说的不一样。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.CharField(
        label=gettext_lazy("怎么告诉您结果（选填）"),
        help_text=gettext_lazy("手机号或邮箱，只给处理的人看。"),
        max_length=100,
        required=False,
    )


class AnswerForm(forms.Form):
    """What came of a report."""

    outcome = forms.ChoiceField(label=gettext_lazy("结果"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settled = [ReportStatus.MENDED, ReportStatus.RIGHT]
        self.fields["outcome"].choices = [(s.value, gettext(s.zh)) for s in settled]  # type: ignore[attr-defined]  # ChoiceField


class AliasesForm(forms.Form):
    """What people call an item, one a line."""

    aliases = forms.CharField(
        label=gettext_lazy("常用叫法，一行一个"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10, "lang": "zh"}),
    )

    def clean_aliases(self) -> str:
        """Say at the field what the service would refuse."""
        text = str(self.cleaned_data["aliases"])
        try:
            read_aliases(text)
        except NotValid as fault:
            raise forms.ValidationError(sentence(fault)) from None
        return text
