"""A check in the database that a column holds a known word."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from onedoor.kernel.terms import Term


def known(field: str, words: Iterable[Term], *, blank: bool = False) -> Q:
    """Return the condition that a column holds one of the words, or nothing where it may."""
    values = sorted(word.value for word in words)
    return Q(**{f"{field}__in": ["", *values] if blank else values})
