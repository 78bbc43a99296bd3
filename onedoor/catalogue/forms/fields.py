"""The control for a field of an item: how it is chosen or typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from onedoor.catalogue import queries
from onedoor.catalogue.rules.commitments import Extent, Way
from onedoor.catalogue.rules.labels import HINTS
from onedoor.catalogue.rules.limits import LimitUnit
from onedoor.catalogue.rules.words import Form, Kind, Necessity, Source, SpecialKind
from onedoor.kernel.forms import words
from onedoor.kernel.terms import Term

LONG = {
    "legal_basis", "conditions", "limit_basis", "flow", "visits_reason", "place", "hours",
    "quantity_note", "fee_basis", "review_office", "lawsuit_office", "promised_note",
    "basis", "standard", "fill_note", "answer", "note", "replaces", "content", "liability",
    "answers",
}  # fmt: skip


THREE_WAY = {"is_online", "is_in_centre", "is_bookable", "is_posted", "is_paid_online",
             "at_terminal", "is_single_login", "app_is_single_login"}  # fmt: skip


TICKS = {"deemed_acceptance", "instant_authorised", "is_tolerant", "is_on_promise", "is_forwarded",
         "is_waivable", "is_open_to_broken"}  # fmt: skip


DAYS = {"checked_on"}


WORDS: Mapping[str, type[Term]] = {
    "kind": Kind,
    "statutory_unit": LimitUnit,
    "promised_unit": LimitUnit,
    "unit": LimitUnit,
    "necessity": Necessity,
    "form": Form,
    "source_kind": Source,
    "extent": Extent,
    "way": Way,
}


def choices(terms: type[Term], *, blank: bool = False) -> list[tuple[str, str]]:
    """Return a term's members as choices in the reader's language."""
    first = [("", gettext("没有写明"))] if blank else []
    return first + words(terms)


def field_for(name: str, label: Term, *, in_row: str = "") -> forms.Field:
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
        types = [
            (t.code, gettext(t.name)) for t in queries.item_types().by_code.values() if t.at_window
        ]
        return forms.ChoiceField(choices=types, **said)
    if not in_row and name in sets and sets[name].values:
        listed = [(code, gettext(word)) for code, word in sets[name].values.items()]
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
