"""Ledgers that an app above this one keeps of the same findings: tasks, announcements.

``RECTIFICATION_SHEETS`` names the table of those who tell them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from onedoor.rectification.ledgers.reading import Sheet
from onedoor.rectification.models import Finding

Teller = Callable[[Sequence[Finding]], Sheet]


@cache
def _tellers() -> tuple[Teller, ...]:
    return tuple(import_string(settings.RECTIFICATION_SHEETS))


def sheets_of(rows: Sequence[Finding]) -> Iterator[Sheet]:
    """Yield the ledgers others keep of these findings."""
    for tell in _tellers():
        yield tell(rows)
