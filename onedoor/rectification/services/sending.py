"""The letter that a step calls for goes out with it (发文), in the name of who may write it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.papers import queries as papers_queries
from onedoor.papers import services as papers
from onedoor.papers.models import Letter
from onedoor.rectification import notices, pack
from onedoor.rectification.models import Finding
from onedoor.rectification.queries import lists
from onedoor.rectification.rules.words import LetterKind
from onedoor.rectification.wordings import NO_OFFICE

THEIRS = (LetterKind.PLAN, LetterKind.ASKED, LetterKind.CLAIM)
"""What the responsible unit writes itself."""


def send(
    finding: Finding, kind: LetterKind, row: Any = None, *, about: str = "", by: Actor, at: datetime
) -> Letter:
    """Send the letter of a finding as it is after the step; ``about`` is which of its rows."""
    unit = _unit(finding, kind, by, at)
    name = unit.name if unit else finding.project.audit_body or NO_OFFICE
    return papers.send(
        notices.written(finding, kind, row, unit=name, signer=by.name, on=day_of(at)),
        kind=kind.value,
        word=pack.letter_word(kind),
        unit=unit,
        subject=finding.subject,
        about=about or f"version {finding.version}",
        by=by,
        at=at,
    )


def _unit(finding: Finding, kind: LetterKind, by: Actor, at: datetime) -> Organisation | None:
    """Return who sends it: the unit itself, whoever acts, and for the clock whoever served it."""
    is_head = Role.HEAD in by.roles_in(finding.unit_id) and not by.holds_any(*lists.SIDE)
    if kind in THEIRS or (kind is LetterKind.UPWARD and is_head):
        return finding.unit
    if by == TIMER:
        served = papers_queries.letters_about([finding.subject])
        first = served.filter(kind=LetterKind.SERVICE.value).last()
        return first.unit if first else None
    return lists.sending(finding, by, on=day_of(at))
