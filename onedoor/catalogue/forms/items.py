"""All of a version on one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from onedoor.catalogue import queries
from onedoor.catalogue.forms.fields import TICKS, choices, field_for
from onedoor.catalogue.forms.rows import FILES, RowForm, cell
from onedoor.catalogue.rules.content import CHILDREN, Content
from onedoor.catalogue.rules.item_file import ItemRow, RowFault, read_row
from onedoor.catalogue.rules.labels import Label, Section
from onedoor.catalogue.rules.spelled import as_cells, as_lists
from onedoor.catalogue.rules.words import Reduced
from onedoor.catalogue.services import Written
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.forms import Form
from onedoor.kernel.sentences import sentence

MOST_ROWS = 60
"""So many rows of one list the page shows; longer lists are imported."""


_ROW_FIELD = re.compile(r"(\w+)-(\d+)(?:-(\w+))?")


class ItemForm(Form):
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
        self.content = content
        """What it says as far as it can be read; nothing while nothing was sent."""
        blank = [("", gettext("没有减少"))]
        self.choose("reduction_source", blank + choices(Reduced))
        self.fields["reduction_source"].required = False
        for label in Label:
            if label.value not in CHILDREN:
                self.fields[label.value] = field_for(label.value, label)
        for name in ("statutory", "promised"):
            self.fields[f"{name}_unit"] = field_for(f"{name}_unit", Label(name))
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
            first |= {name: cells[name] == "1" for name in TICKS if name in cells}
            rows.append(RowForm(list_name=name, prefix=f"{name}-{number}", initial=first))
        return rows

    def clean(self) -> dict[str, Any]:
        """Read what was typed as a file would be read; say at each field what is wrong."""
        for fault in self._read():
            match = _ROW_FIELD.fullmatch(fault.field)
            if match and match[1] in self.lists and match[3]:
                row = self._filled_rows(match[1])[int(match[2]) - 1]
                field = match[3] if match[3] in row.fields else row.key
                row.add_error(field, sentence(fault))
                self.add_error(None, sentence(fault))
            else:
                self.tell(fault)
        return self.cleaned_data

    def _read(self) -> Sequence[NotValid]:
        """Read what was typed; keep what it says, and return what is wrong with it."""
        cells = {n: cell(self.cleaned_data.get(n)) for n in self.fields}
        cells |= {"code": "0", "unit_name": "0", "effective_on": cells["plan_on"]}
        found = read_row(
            0,
            {k: v for k, v in cells.items() if v},
            names=_NAMES,
            types=queries.item_types(),
            sets=queries.code_sets(),
            on=self.on,
            lists={n: [_filled(r.cells()) for r in self._filled_rows(n)] for n in self.lists},
        )
        self.content = found.content
        self.row = found if isinstance(found, ItemRow) else None
        return found.reasons if isinstance(found, RowFault) else ()

    def _filled_rows(self, name: str) -> list[RowForm]:
        return [row for row in self.lists[name] if row.is_valid() and not row.is_empty]

    def keep_files(self, keep: Callable[[Any], str]) -> None:
        """Keep what was uploaded; a row then names its file by digest, and reads as before."""
        for rows in self.lists.values():
            for row in rows:
                for name in FILES:
                    upload = row.cleaned_data.get(f"{name}_upload")
                    if upload:
                        try:
                            row.keep(name, keep(upload))
                        except Refusal as refusal:
                            row.add_error(f"{name}_upload", sentence(refusal))
                            self.add_error(None, sentence(refusal))
        self._read()

    def wrong_fields(self) -> frozenset[str]:
        """Return the fields of the item of which the page already says what is wrong."""
        return frozenset(name for name in self.errors if name in self.fields)

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
        if self.row is None:
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
        (
            "name", "english_name", "main_item", "item_type", "kind", "serves", "legal_basis",
            "conditions",
        ),
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
            "visits", "visits_reason", "is_online", "online_url", "link_url", "mobile_url",
            "is_posted", "is_bookable", "is_in_centre", "at_terminal", "channels", "online_depth",
            "area", "place", "hours", "phone", "complaint_phone",
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
            "town_code", "village_code", "is_single_login", "app_is_single_login",
        ),
    ),
    (Section.CHECK, ("checked_on", "plan_on", "reduction_source", "reduction_basis")),
)  # fmt: skip
