"""What is told about an audit and its findings by whoever opens them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onedoor.rectification.rules.words import GapKind, Outcome, RectificationClass, Severity


@dataclass(frozen=True)
class ProjectTold:
    """The audit; ``key`` tells whether it is known already."""

    key: str
    title: str
    place: str = ""
    kind: str = ""
    subject: str = ""
    audit_body: str = ""
    period: str = ""
    report_number: str = ""
    report_date: str = ""


@dataclass(frozen=True)
class MeasureTold:
    text: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class FindingTold:
    """One finding as its source has it. What is not known is empty, and becomes a gap."""

    code: str
    title: str
    label: str = ""
    heading: str = ""
    detail: str = ""
    basis: str = ""
    category: str = ""
    subcategory: str = ""
    origin: str = ""
    scope: str = ""
    severity: Severity = Severity.UNSET
    rectification_class: RectificationClass = RectificationClass.UNSET
    is_class_stated: bool = False
    unit_name: str = ""
    leader: str = ""
    officer: str = ""
    deadline_on: date | None = None
    claimed: Outcome = Outcome.NONE
    claim_label: str = ""
    claim_quote: str = ""
    is_claim_explicit: bool = False
    claim_lead: str = ""
    claim_result: str = ""
    measures: Sequence[MeasureTold] = ()
    rules: Sequence[str] = ()
    gaps: Sequence[tuple[GapKind, str]] = ()
    is_public: bool = False
    """Told in a report that is published already."""
