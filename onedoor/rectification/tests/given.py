"""Builders: findings of an invented audit that got where they are lawfully."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Holding, Role
from onedoor.files import services as files
from onedoor.kernel import clock
from onedoor.rectification import services as rectification
from onedoor.rectification.inputs import FindingTold, ProjectTold
from onedoor.rectification.models import Evidence, Finding
from onedoor.rectification.rules.words import (
    EvidenceKind,
    Outcome,
    RectificationClass,
)
from onedoor.rectification.services import Upload

AT = clock.at_local(date(2026, 3, 6), 10)
AUDIT = ProjectTold(key="sha256:audit", title="虚县2025年度政务服务审计")

LEAD = Actor("person:lead", "牵头示例", holdings=(Holding(Role.LEAD_OFFICE, None),))
AUDITOR = Actor("person:auditor", "审计示例", holdings=(Holding(Role.AUDITOR, None),))
AUDITOR2 = Actor("person:auditor2", "审计样例", holdings=(Holding(Role.AUDITOR, None),))
SUPERVISOR = Actor("person:audsup", "督察示例", holdings=(Holding(Role.AUDIT_SUPERVISOR, None),))


def unit(name: str = "市监局") -> Organisation:
    return Organisation.objects.get(name=name)


def of(role: Role, name: str = "市监局") -> Actor:
    """Return somebody who holds a role in one unit."""
    return Actor(f"person:{role}-{name}", "单位示例", holdings=(Holding(role, unit(name).pk),))


def head() -> Actor:
    return of(Role.HEAD)


def officer() -> Actor:
    return of(Role.OFFICER)


def after(days: int) -> datetime:
    return AT + timedelta(days=days)


def drafted(code: str = "1", **more: Any) -> Finding:
    told = FindingTold(code=code, title=f"样例问题{code}", **more)
    return rectification.open_findings(AUDIT, [told], by=LEAD, at=AT)[0]


def step(
    service: Callable[..., Finding],
    finding: Finding,
    by: Actor,
    *more: Any,
    at: datetime = AT,
    **given: Any,
) -> Finding:
    """Take one step on the finding as it is now."""
    now = reload(finding)
    return service(now, *more, seen=now.version, by=by, at=at, **given)


def reload(finding: Finding) -> Finding:
    return Finding.objects.select_related("unit", "project").get(pk=finding.pk)


def issued(code: str = "1", *, days: int = 30, at: datetime = AT, **more: Any) -> Finding:
    """Return a finding of the market bureau, served, due so many days later."""
    finding = step(
        rectification.complete,
        drafted(code),
        LEAD,
        at=at,
        unit=unit(),
        rectification_class=RectificationClass.AT_ONCE,
        deadline_on=clock.day_of(at) + timedelta(days=days),
        **more,
    )
    finding = step(rectification.register, finding, LEAD, at=at)
    return step(rectification.issue, finding, LEAD, at=at)


def working(code: str = "1", **more: Any) -> Finding:
    """Return a finding on which its unit works, with one measure."""
    finding = step(rectification.start, issued(code, **more), officer())
    return step(rectification.add_measure, finding, officer(), text="补办手续，收回资金。")


def upload(words: str = "proof", dated_on: date | None = None) -> Upload:
    stored = files.store(BytesIO(f"%PDF-1.4 {words} %%EOF".encode()), at=AT)
    return Upload(stored, f"{words}.pdf", dated_on)


def shown(finding: Finding, words: str = "proof", *, at: datetime = AT) -> Evidence:
    """Return evidence of the finding's first measure, waiting to be judged."""
    step(
        rectification.add_evidence,
        finding,
        officer(),
        upload(words),
        measure=finding.measures.first(),
        kind=EvidenceKind.WRITTEN,
        title="补办的手续",
        at=at,
    )
    return Evidence.objects.filter(finding=finding).latest("sequence")


def judged(evidence: Evidence, *, approved: bool = True, text: str = "") -> Finding:
    finding = reload(evidence.finding)
    evidence.finding = finding
    return rectification.judge(
        evidence, approved=approved, text=text, seen=finding.version, by=AUDITOR, at=AT
    )


def submitted(code: str = "1", *, proven: bool = True, at: datetime = AT) -> Finding:
    """Return a finding whose head claims that it is put right."""
    finding = working(code)
    if proven:
        judged(shown(finding, f"proof {code}"))
    return step(
        rectification.submit,
        finding,
        head(),
        claimed=Outcome.RECTIFIED,
        text="已经整改到位。",
        at=at,
    )


def reviewed(code: str = "1", **more: Any) -> Finding:
    return step(rectification.take, submitted(code, **more), AUDITOR)


def recognised(code: str = "1") -> Finding:
    return step(rectification.recognise, reviewed(code), AUDITOR, outcome=Outcome.RECTIFIED)


def closed(code: str = "1") -> Finding:
    return step(rectification.close, recognised(code), SUPERVISOR)
