"""The facts this app announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from onedoor.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class PaperIssued(Event):
    """A paper was issued; the digests stand for what it says."""

    kind: ClassVar[str] = "paper.issued"

    paper: str
    unit: str
    about: str
    step: int | None
    template: str
    digest: str
    sm3: str
    replaces: str = ""
    ends: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperShown(Event):
    """Somebody read or printed a paper, and with it an applicant's data."""

    kind: ClassVar[str] = "paper.shown"

    form: str


@dataclass(frozen=True, kw_only=True)
class PaperReissued(Event):
    """A paper from before the seal is given out again with it; ``before`` is its earlier PDF."""

    kind: ClassVar[str] = "paper.reissued"

    before: str


@dataclass(frozen=True, kw_only=True)
class LetterSent(Event):
    """An official document went out under a number; the digests stand for what it says."""

    kind: ClassVar[str] = "letter.sent"

    letter: str
    unit: str
    of: str
    about: str
    digest: str
    sm3: str


@dataclass(frozen=True, kw_only=True)
class TemplatePublished(Event):
    """A version of a template came into force."""

    kind: ClassVar[str] = "paper.template_published"

    number: int
    text: str
    edited_by: str
