"""Template words of our own: masked data, terms, wall-clock times."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.forms import BoundField
from django.utils.translation import gettext

from onedoor.kernel import clock, masking, money, sentences
from onedoor.kernel.errors import Refusal
from onedoor.kernel.terms import Term

register = template.Library()

register.filter("mask_name", masking.name)
register.filter("mask_id", masking.id_number)
register.filter("mask_phone", masking.phone)
register.filter("mask_address", masking.address)
register.filter("yuan", money.yuan)


@register.filter
def zh(term: Term) -> str:
    """Return the term's word in the reader's language."""
    return gettext(term.zh)


@register.filter
def sentence(refusal: Refusal) -> str:
    """Return a refusal's sentence in the reader's language."""
    return sentences.sentence(refusal)


@register.filter
def when(at: datetime | None) -> str:
    """Return an instant as 2026-03-05 09:30, hall time."""
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else "—"


WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@register.filter
def day(value: date | None) -> str:
    """Return a day with its weekday: 2026-03-05（星期四）."""
    if value is None:
        return "—"
    weekday = gettext(WEEKDAYS[value.weekday()])
    return gettext("%(date)s（%(weekday)s）") % {"date": f"{value:%Y-%m-%d}", "weekday": weekday}


@register.filter
def labelled(error: str, field: BoundField) -> str:
    """Return an error with the label of its field, where the sentence does not say it itself."""
    if field.widget_type == "checkbox" or str(field.label) in error:
        return error
    return gettext("%(label)s：%(error)s") % {"label": field.label, "error": error}
