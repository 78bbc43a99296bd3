"""What anybody is told of a paper that carries its code: genuine, still good, sealed by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onedoor.papers import granting, queries
from onedoor.papers.granting import Granted
from onedoor.papers.models import Paper
from onedoor.papers.rules.words import Standing
from onedoor.seals import queries as seals
from onedoor.seals.models import HandUse, SealRequest


@dataclass(frozen=True)
class Told:
    """A paper as it stands on a day; nothing in it is about a person but a masked holder."""

    paper: Paper
    is_erased: bool
    intact: bool
    standing: Standing
    granted: Granted | None
    ending: Paper | None
    asked: SealRequest | None
    is_signed_beside: bool
    pressed: HandUse | None
    """How a seal of rubber was pressed on it, where no electronic one is asked for."""


def told_of(paper: Paper, *, on: date) -> Told:
    """Return what a paper is worth that day: its record, what it granted, its seal."""
    standing, is_erased = queries.standing(paper), queries.is_erased(paper)
    asked = seals.request_of(paper.number)
    use = getattr(asked, "use", None)
    granted = granting.granted_by(paper, on=on)
    return Told(
        paper=paper,
        is_erased=is_erased,
        intact=is_erased or queries.is_intact(paper),
        standing=granted.standing if granted and standing is Standing.VALID else standing,
        granted=granted,
        ending=queries.ending_of(paper) if standing in queries.ENDED.values() else None,
        asked=asked,
        is_signed_beside=bool(use and seals.signed_beside(use)),
        pressed=None if asked else seals.hand_use_of(paper.number),
    )
