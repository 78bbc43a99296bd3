"""How a finding comes in: from a report, from a person, from a rule; what it lacks is flagged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import unit_named
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification import pack
from onedoor.rectification.events import FindingChanged
from onedoor.rectification.inputs import FindingTold, ProjectTold
from onedoor.rectification.models import (
    NO_DATE,
    Finding,
    FindingUnit,
    Gap,
    Measure,
    Project,
    RuleLink,
)
from onedoor.rectification.queries import judging
from onedoor.rectification.rules import limits
from onedoor.rectification.rules.lifecycle import BEFORE, State
from onedoor.rectification.rules.words import Change, GapKind, RectificationClass, Severity
from onedoor.rectification.services.moving import Effect, change, check_seen, written
from onedoor.rectification.services.work import side_only

OPENING = (Role.AUDITOR, Role.LEAD_OFFICE, Role.SYSTEM)


@ledger.recorded
def open_findings(
    project: ProjectTold, told: Sequence[FindingTold], *, by: Actor, at: datetime
) -> list[Finding]:
    """Return the findings of an audit, made where they are not known yet (by project and code).

    A finding that is known stays as it is: a report never overwrites what was verified since.
    """
    if not by.holds_any(*OPENING):
        raise NotAllowed("finding.not_opener", "问题由审计人员或整改牵头单位来登记。")
    row, _ = Project.objects.get_or_create(
        key=project.key, defaults={k: v for k, v in vars(project).items() if k != "key"}
    )
    known = {f.code: f for f in Finding.objects.filter(project=row).select_related("unit")}
    return [known.get(each.code) or _open(row, n, each, by, at) for n, each in enumerate(told, 1)]


def _open(project: Project, sequence: int, told: FindingTold, by: Actor, at: datetime) -> Finding:
    if not told.title.strip():
        raise NotValid("finding.no_title", "第 %(n)s 个问题没有标题。", field="title", n=sequence)
    unit = unit_named(told.unit_name) if told.unit_name else None
    finding = Finding(
        number=numbers.take_yearly("finding", Finding.objects.all(), stem="ZG", width=5, at=at),
        project=project,
        sequence=sequence,
        code=told.code,
        label=told.label,
        title=told.title,
        heading=told.heading,
        detail=told.detail,
        basis=told.basis,
        category=told.category,
        subcategory=told.subcategory,
        origin=told.origin,
        scope=told.scope,
        severity=told.severity.value,
        rectification_class=told.rectification_class.value,
        is_class_stated=told.is_class_stated,
        unit=unit,
        leader=told.leader,
        officer=told.officer,
        deadline_on=told.deadline_on or NO_DATE,
        claimed=told.claimed.value,
        claim_label=told.claim_label,
        claim_quote=told.claim_quote,
        is_claim_explicit=told.is_claim_explicit,
        claim_lead=told.claim_lead,
        claim_result=told.claim_result,
        state=State.DRAFT.value,
        is_public=told.is_public,
        opened_at=at,
        moved_at=at,
    )
    finding.repeats = judging.earlier_of(finding, unit, on=day_of(at)) if unit else None
    event = FindingChanged(
        subject=finding.subject,
        what=Change.IMPORTED.value,
        details={
            "repeats": finding.repeats.number if finding.repeats else "",
            "project": project.key,
            "code": told.code,
            "claimed": told.claimed.value,
            "measures": len(told.measures),
        },
    )
    finding.version, finding.head = ledger.record(event, by=by.ref, at=at, after=finding.link)
    finding.save(force_insert=True)
    Measure.objects.bulk_create(
        [
            Measure(finding=finding, sequence=n, label=m.label, title=m.title, text=m.text)
            for n, m in enumerate(told.measures, 1)
        ]
    )
    window = pack.rulebook(day_of(at)).window_days
    RuleLink.objects.bulk_create(
        [
            RuleLink(finding=finding, rule=rule, window_days=window)
            for rule in dict.fromkeys(told.rules)
        ]
    )
    _flag(finding, told, has_unit=unit is not None)
    return finding


def _flag(finding: Finding, told: FindingTold, *, has_unit: bool) -> None:
    """Keep what a finding came without; nothing is guessed in its place."""
    found: list[tuple[GapKind, str]] = []
    if not has_unit:
        found.append((GapKind.MISSING_RESPONSIBLE, told.unit_name))
    if told.deadline_on is None:
        found.append((GapKind.MISSING_DEADLINE, ""))
    if not told.is_class_stated:
        found.append((GapKind.CLASS_NOT_STATED, ""))
    if not told.claim_label and not told.claimed.value:
        found.append((GapKind.NO_CLAIM, ""))
    if not told.measures:
        found.append((GapKind.NO_MEASURE, ""))
    taken: Counter[GapKind] = Counter()
    rows: dict[tuple[GapKind, str], Gap] = {}
    for kind, text in (*found, *told.gaps):
        if kind is not GapKind.SOURCE_NOTE and taken[kind]:
            for row in rows.values():
                if row.kind == kind.value:
                    row.text = row.text or text
            continue
        rows[kind, text] = Gap(finding=finding, kind=kind.value, text=text, place=taken[kind])
        taken[kind] += 1
    Gap.objects.bulk_create(rows.values())


@ledger.recorded
def complete(
    finding: Finding,
    *,
    unit: Organisation,
    rectification_class: RectificationClass,
    deadline_on: date | None = None,
    served_on: date | None = None,
    leader: str = "",
    officer: str = "",
    section: str = "",
    phone: str = "",
    severity: Severity = Severity.UNSET,
    co_units: Sequence[Organisation] = (),
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Say who answers for a finding, of which class it is and by when; that fills its gaps.

    Without a date of its own the deadline is the class's, counted from the day of service. What
    the same unit was found with before, by the place's rule, is linked (屡审屡犯).
    """
    check_seen(finding, seen)
    answering = (unit.pk, *(each.pk for each in co_units))
    side_only(finding, by, *OPENING, on=day_of(at), units=answering)
    if finding.standing not in BEFORE:
        raise NotValid(
            "finding.issued_already", "已经交办了。要改时限请走延期，要换单位请先说明原因。"
        )
    if rectification_class is RectificationClass.UNSET:
        raise NotValid("finding.no_class", "请选整改类型。", field="rectification_class")
    served_on = served_on or day_of(at)
    book = pack.rulebook(day_of(at))
    due = deadline_on or limits.deadline(served_on, rectification_class, book)
    if due < served_on:
        raise NotValid("finding.deadline_before", "整改时限不能早于送达那天。", field="deadline_on")
    earlier = judging.earlier_of(finding, unit, on=day_of(at))
    changes: dict[str, Any] = {
        "repeats": earlier,
        "repeats_id": earlier.pk if earlier else None,
        "unit": unit,
        "unit_id": unit.pk,
        "rectification_class": rectification_class.value,
        "is_class_stated": True,
        "served_on": served_on,
        "deadline_on": due,
        "next_rung_on": limits.next_rung(due, day_of(at) - timedelta(days=1), book.ladder),
        "leader": written(leader, name="leader")[:100],
        "officer": written(officer, name="officer")[:100],
        "section": written(section, name="section")[:100],
        "phone": phone.strip()[:40],
        "severity": severity.value or finding.severity,
    }
    FindingUnit.objects.filter(finding=finding).delete()
    FindingUnit.objects.bulk_create(
        [FindingUnit(finding=finding, unit=each) for each in co_units if each != unit]
    )
    filled = [
        GapKind.MISSING_RESPONSIBLE.value,
        GapKind.MISSING_DEADLINE.value,
        GapKind.CLASS_NOT_STATED.value,
    ]
    Gap.objects.filter(finding=finding, kind__in=filled, filled_at=None).update(filled_at=at)
    details: dict[str, Fact] = {"unit": unit.code, "class": rectification_class.value}
    details |= {"deadline": due, "repeats": earlier.number if earlier else ""}
    return change(finding, Change.COMPLETED, Effect(changes, details), by=by, at=at)
