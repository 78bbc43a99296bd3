"""The facts this app announces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from onedoor.ledger.events import Event
from onedoor.ledger.rules.chain import Fact


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """A step of the lifecycle table was taken."""

    kind: ClassVar[str] = "case.moved"

    step: str
    action: str
    source: str
    target: str
    paper: str
    unit: str
    item: str
    item_version: int
    light: str
    acting_for: str = ""
    note: str = ""
    """Salted digest of the step's free text, empty where there is none."""
    due: dict[str, Fact] = field(default_factory=dict)
    details: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FileAttached(Event):
    kind: ClassVar[str] = "case.file_attached"

    material: int
    file: str
    size: int
    media_type: str


@dataclass(frozen=True, kw_only=True)
class PersonalDataShown(Event):
    """Somebody saw an applicant's data unmasked, and said what for."""

    kind: ClassVar[str] = "case.personal_data_shown"

    purpose: str


@dataclass(frozen=True, kw_only=True)
class DueDatesRecomputed(Event):
    """The calendar changed and with it the due dates of open cases: one entry for the batch."""

    kind: ClassVar[str] = "case.due_dates_recomputed"

    cause: str
    examined: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class LicenceIssued(Event):
    """A grant was entered in the register of licences."""

    kind: ClassVar[str] = "licence.issued"

    item: str
    unit: str
    valid_from: Fact
    valid_to: Fact
    follows: str


@dataclass(frozen=True, kw_only=True)
class LicenceEnded(Event):
    """A licence was renewed, revoked or cancelled; ``note`` is a digest of the reason."""

    kind: ClassVar[str] = "licence.ended"

    state: str
    ground: str
    note: str
