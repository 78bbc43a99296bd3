"""The facts this app announces. What people wrote is proven by salted digests alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from onedoor.ledger.events import Event
from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True, kw_only=True)
class FindingMoved(Event):
    """A step of the table was taken; ``outcome`` is what is recognised after it."""

    kind: ClassVar[str] = "finding.moved"

    step: str
    action: str
    source: str
    target: str
    outcome: str
    unit: str
    deadline: date | None
    note: str = ""
    details: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FindingChanged(Event):
    """Something was added to a finding without moving it: evidence, money, a letter, a rung."""

    kind: ClassVar[str] = "finding.changed"

    what: str
    note: str = ""
    details: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecommendationMade(Event):
    """The auditors advised a unit something; the words are on record as a salted digest."""

    kind: ClassVar[str] = "recommendation.made"

    project: str
    unit: str
    note: str


@dataclass(frozen=True, kw_only=True)
class RecommendationAnswered(Event):
    """A recommendation of the auditors was adopted, in part, or not."""

    kind: ClassVar[str] = "recommendation.answered"

    adoption: str
    note: str
    """Of the reason, what came of it and its number."""
    made_on: date | None
    file: str


@dataclass(frozen=True, kw_only=True)
class ProofsAsked(Event):
    """Somebody asked to take findings out with their proofs, and said what for."""

    kind: ClassVar[str] = "proofs.asked"

    purpose: str
    shown: str
    unit: str
    findings: int


@dataclass(frozen=True, kw_only=True)
class ProofsRead(Event):
    """A package of findings left the house."""

    kind: ClassVar[str] = "proofs.read"

    purpose: str
    part: int
    package: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRead(Event):
    """Somebody opened a file of evidence; it may hold personal data."""

    kind: ClassVar[str] = "finding.read"

    evidence: int
    version: int
    file: str
