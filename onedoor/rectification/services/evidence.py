"""Evidence in versions, and what auditors say of it and of what looks odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from onedoor.accounts.rules import Actor, Role
from onedoor.files import services as files
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification.models import Evidence, EvidenceRevision, Finding, Measure, Suspicion
from onedoor.rectification.rules.lifecycle import DONE
from onedoor.rectification.rules.words import Change, EvidenceKind, EvidenceState, SignalKind
from onedoor.rectification.services.closing import reopen_by_fact
from onedoor.rectification.services.moving import Effect, change, check_seen, written
from onedoor.rectification.services.signals import signal, watch
from onedoor.rectification.services.work import open_only, side_only, workers_only


@dataclass(frozen=True)
class Upload:
    """A stored file, the name it came under and the date it bears."""

    file: StoredFile
    name: str
    dated_on: date | None = None


@ledger.recorded
def add_evidence(
    finding: Finding,
    upload: Upload,
    *,
    measure: Measure | None,
    kind: EvidenceKind,
    title: str,
    replaces: Evidence | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Hand in evidence, or a new version of it; what looks like a fix on paper is a signal."""
    check_seen(finding, seen)
    measure = replaces.measure if replaces else measure  # a new version proves what the old did
    workers_only(finding, by, measure)
    open_only(finding)
    title = written(title, name="title")
    if not title:
        raise NotValid("finding.evidence_untitled", "请写佐证的名称。", field="title")
    if replaces is None:
        number = (finding.evidence.aggregate(most=Max("sequence"))["most"] or 0) + 1
        row = Evidence.objects.create(
            finding=finding,
            measure=measure,
            sequence=number,
            kind=kind.value,
            title=title[:200],
            state=EvidenceState.WAITING.value,
        )
    else:
        row = replaces
        Evidence.objects.filter(pk=row.pk).update(state=EvidenceState.WAITING.value, reason="")
    version = row.revisions.count() + 1
    EvidenceRevision.objects.create(
        evidence=row,
        number=version,
        file=upload.file,
        name=upload.name[:200],
        dated_on=upload.dated_on,
        taken_on=files.taken_on(upload.file),
        uploaded_by=by.ref,
        uploaded_at=at,
    )
    details: dict[str, Fact] = {
        "evidence": row.sequence,
        "version": version,
        "measure": measure.sequence if measure else None,
        "file": upload.file.digest,
    }
    after = change(finding, Change.EVIDENCE, Effect(details=details), by=by, at=at)
    return watch(after, by=by, at=at)


@ledger.recorded
def settle(row: Suspicion, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Say what looking into a signal showed (核清): by an auditor of another unit."""
    finding = row.finding
    check_seen(finding, seen)
    side_only(finding, by, Role.AUDITOR, Role.AUDIT_SUPERVISOR, on=day_of(at))
    text = written(text, name="text")
    if not text:
        raise NotValid("finding.explain", "请写明核查的情况。", field="text")
    rows = Suspicion.objects.filter(pk=row.pk, settled_at=None)
    if not rows.update(settled_at=at, settled_by=by.ref, explanation=text):
        raise Refusal("finding.settled", "这个信号已经核清了。")
    details: dict[str, Fact] = {"kind": row.kind, "about": row.about}
    return change(finding, Change.SETTLED, Effect(details=details, text=text), by=by, at=at)


@ledger.recorded
def judge(
    evidence: Evidence, *, approved: bool, text: str = "", seen: int, by: Actor, at: datetime
) -> Finding:
    """Say whether a piece of evidence shows what it should: an auditor of another unit."""
    finding = evidence.finding
    check_seen(finding, seen)
    side_only(finding, by, Role.AUDITOR, on=day_of(at))
    text = written(text, name="text")
    if not approved and not text:
        raise NotValid("finding.explain", "请写明核查的情况。", field="text")
    open_only(finding)
    if evidence.standing is EvidenceState.WITHDRAWN:
        raise Refusal("finding.evidence_withdrawn", "这份佐证已经撤回。")
    state = EvidenceState.APPROVED if approved else EvidenceState.REJECTED
    Evidence.objects.filter(pk=evidence.pk).update(
        state=state.value, reason=text, judged_by=by.ref, judged_at=at
    )
    details: dict[str, Fact] = {"evidence": evidence.sequence, "state": state.value}
    return change(finding, Change.JUDGED, Effect(details=details, text=text), by=by, at=at)


@ledger.recorded
def withdraw(evidence: Evidence, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Take evidence back; the file stays. A closed finding opens again, and it is a signal."""
    finding = evidence.finding
    check_seen(finding, seen)
    if Role.AUDITOR not in by.roles_in(finding.unit_id):
        workers_only(finding, by, evidence.measure)
    text = written(text, name="text")
    if not text:
        raise NotValid("finding.withdraw_reason", "请写明为什么撤回。", field="text")
    rows = Evidence.objects.filter(pk=evidence.pk).exclude(state=EvidenceState.WITHDRAWN.value)
    if not rows.update(state=EvidenceState.WITHDRAWN.value, reason=text):
        raise Refusal("finding.evidence_withdrawn", "这份佐证已经撤回。")
    details: dict[str, Fact] = {"evidence": evidence.sequence}
    after = change(finding, Change.WITHDRAWN, Effect(details=details, text=text), by=by, at=at)
    if finding.standing not in DONE:
        return after
    about = str(evidence.sequence)
    after = signal(after, SignalKind.WITHDRAWN, about=about, by=by, at=at)
    return reopen_by_fact(after, text=f"销号以后撤回了第{evidence.sequence}号佐证。", at=at)
