"""Words of the shared components."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def described(field: BoundField) -> SafeString:
    """Return the field's control, tied to its hint and its error for those who listen."""
    notes = [
        f"{field.auto_id}_{part}"
        for part, is_there in (("helptext", field.help_text), ("error", field.errors))
        if is_there
    ]
    return field.as_widget(attrs={"aria-describedby": " ".join(notes)} if notes else {})
