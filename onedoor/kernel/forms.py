"""The form all others are made from: what one may choose, and which field was left empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext

from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.sentences import sentence
from onedoor.kernel.terms import Term

UNSAID = forms.Field.default_error_messages["required"]


def words(terms: Iterable[Term]) -> list[tuple[str, str]]:
    """Return terms as choices, in the reader's language."""
    return [(term.value, gettext(term.zh)) for term in terms]


class Form(forms.Form):
    """A form that names what was left empty, where the field has no sentence of its own."""

    def full_clean(self) -> None:
        for bound in self:
            told = bound.field.error_messages
            if told.get("required") == UNSAID:
                told["required"] = _asked(bound.field) % {"field": bound.label}
        super().full_clean()

    def choose(self, name: str, among: Sequence[tuple[str, str]]) -> None:
        """Let a field be chosen from these."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = among

    def tell(self, refusal: Refusal) -> None:
        """Say a service's no at the field it names, or above the form where there is none such."""
        field = refusal.field if isinstance(refusal, NotValid) else ""
        self.add_error(field if field in self.fields else None, sentence(refusal))


def _asked(field: forms.Field) -> str:
    """Return what to do with an empty field: tick it, choose, or write."""
    if isinstance(field.widget, forms.CheckboxInput):
        return gettext("请勾选“%(field)s”。")
    if isinstance(field.widget, forms.widgets.ChoiceWidget | forms.FileInput):
        return gettext("请选择%(field)s。")
    return gettext("请填写%(field)s。")
