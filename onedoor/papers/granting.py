"""What a paper granted and how that stands today, for whoever verifies the paper.

Told by the app that keeps it, above this one: ``PAPER_GRANTS`` names the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from onedoor.papers.models import Paper
from onedoor.papers.rules.words import Standing


@dataclass(frozen=True)
class Granted:
    """A licence as anybody may see it: its holder masked where it is a person."""

    number: str
    identifier: str
    holder: str
    valid_from: date
    valid_to: date | None
    standing: Standing
    worded_term: str = ""
    """How long it holds, where that is said in words and no last day can be named."""
    is_for_good: bool = False


Teller = Callable[[Paper, date], Granted | None]


@cache
def _tellers() -> tuple[Teller, ...]:
    return tuple(import_string(settings.PAPER_GRANTS))


def granted_by(paper: Paper, *, on: date) -> Granted | None:
    """Return what the paper granted as it stands that day; nothing where it granted nothing."""
    for tell in _tellers():
        if (found := tell(paper, on)) is not None:
            return found
    return None
