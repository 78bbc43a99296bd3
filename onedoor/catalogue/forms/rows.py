"""One row of a list of an item, its files among it."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from onedoor.catalogue.forms.fields import field_for
from onedoor.catalogue.rules.content import CHILDREN
from onedoor.catalogue.rules.labels import RowLabel
from onedoor.kernel.forms import Form

FILES = ("form_file", "sample_file")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def cell(value: Any) -> str:
    """Return what was typed as the cell a file would hold."""
    if isinstance(value, list):
        return "^".join(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value or "").strip()


class RowForm(Form):
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
                self.fields[name] = field_for(name, label, in_row=list_name)
        for name in FILES:
            self._say_what_is_there(name)
        self.fields["remove"] = forms.BooleanField(label=gettext_lazy("删掉这一行"), required=False)

    def keep(self, name: str, digest: str) -> None:
        """Let the row name this file from now on, also when the page is shown again."""
        self.kept[name] = digest
        self.data = dict(self.data.items()) | {self.add_prefix(name): digest}
        self._say_what_is_there(name)

    def _say_what_is_there(self, name: str) -> None:
        digest = self[name].value() if name in self.fields else None
        if there := _DIGEST.fullmatch(digest or ""):
            self.fields[f"{name}_upload"].help_text = format_html(
                '<a href="{}">{}</a>{}',
                reverse("catalogue:guide_file", args=[there[1]]),
                gettext("看现在的文件"),
                gettext("。选新的就换掉。"),
            )

    @property
    def key(self) -> str:
        return str(fields(CHILDREN[self.list_name])[0].name)

    def cells(self) -> dict[str, str]:
        given = self.cleaned_data | self.kept
        return {n: cell(given.get(n)) for n in self.fields if n != "remove"}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: choices that were only left as they came do not count."""
        chosen = {"necessity", "form", "source_kind", "unit", "originals", "copies", "remove",
                  "extent", "way"}  # fmt: skip
        given = self.cleaned_data
        return bool(given.get("remove")) or not any(
            given.get(name) for name in self.fields if name not in chosen
        )
