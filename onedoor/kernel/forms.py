"""The form all others are made from: an empty field is told which one it is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext

UNSAID = forms.Field.default_error_messages["required"]


class Form(forms.Form):
    """A form that names what was left empty, where the field has no sentence of its own."""

    def full_clean(self) -> None:
        for bound in self:
            told = bound.field.error_messages
            if told.get("required") == UNSAID:
                told["required"] = _asked(bound.field) % {"field": bound.label}
        super().full_clean()


def _asked(field: forms.Field) -> str:
    """Return what to do with an empty field: tick it, choose, or write."""
    if isinstance(field.widget, forms.CheckboxInput):
        return gettext("请勾选“%(field)s”。")
    if isinstance(field.widget, forms.widgets.ChoiceWidget | forms.FileInput):
        return gettext("请选择%(field)s。")
    return gettext("请填写%(field)s。")
