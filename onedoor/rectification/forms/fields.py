"""Fields and the base that the forms about a finding share."""

from __future__ import annotations

from typing import Any

from django import forms

from onedoor.kernel.forms import Form, words
from onedoor.rectification.models import Finding


def text_of(label: Any, *, rows: int = 3, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, widget=area, required=required)


def day_of(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"})
    )


class FindingForm(Form):
    """A form about one finding; it carries the version its reader saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        self.finding = finding
        kwargs.setdefault("initial", {"seen": finding.version})
        super().__init__(*args, **kwargs)

    def offer(self, name: str, terms: list[Any]) -> None:
        """Offer words in the reader's language."""
        self.choose(name, words(terms))
