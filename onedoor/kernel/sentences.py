"""What a refusal says to a reader: its Chinese sentence with its data, in their language."""

from __future__ import annotations

from django.utils.translation import gettext

from onedoor.kernel.errors import Refusal
from onedoor.kernel.terms import Term


def sentence(refusal: Refusal) -> str:
    """Return the refusal's sentence in the reader's language, its terms translated too."""
    data = {name: _shown(value) for name, value in refusal.data.items()}
    text = gettext(refusal.text)
    return text % data if data else text


def _shown(value: object) -> object:
    if isinstance(value, Term):
        return gettext(value.zh)
    if isinstance(value, Refusal):
        return sentence(value)
    if isinstance(value, tuple):
        between = " " if value and isinstance(value[0], Refusal) else gettext("、")
        return between.join(str(_shown(each)) for each in value)
    return value
