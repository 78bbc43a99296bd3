"""What units do: measures and how far they are, evidence in versions, money with vouchers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification.models import (
    Amount,
    Evidence,
    EvidenceRevision,
    Finding,
    Gap,
    Measure,
    Milestone,
    Payment,
    Suspicion,
)
from onedoor.rectification.queries import judging
from onedoor.rectification.rules.lifecycle import DONE
from onedoor.rectification.rules.words import (
    Change,
    EvidenceKind,
    EvidenceState,
    GapKind,
    MoneyKind,
    SignalKind,
)
from onedoor.rectification.services.closing import reopen_by_fact
from onedoor.rectification.services.moving import Effect, change, check_seen, written

WORKING = (Role.OFFICER, Role.HEAD)


@dataclass(frozen=True)
class Upload:
    """A stored file, the name it came under and the date it bears."""

    file: StoredFile
    name: str
    dated_on: date | None = None


def workers_only(finding: Finding, by: Actor, measure: Measure | None = None) -> None:
    """Refuse whoever is not of the responsible unit; a co-unit works on its own measures."""
    if by.roles_in(finding.unit_id).intersection(WORKING) and finding.unit_id:
        return
    if measure is not None and measure.unit_id and by.roles_in(measure.unit_id) & {*WORKING}:
        return
    raise NotAllowed("finding.not_theirs", "这个问题由责任单位的人来办，您不是。")


def _open_only(finding: Finding) -> None:
    if finding.standing in DONE:
        raise Refusal(
            "finding.done", "这个问题现在是“%(state)s”，不能再改。", state=finding.standing
        )


@ledger.recorded
def add_measure(
    finding: Finding,
    *,
    text: str,
    goal: str = "",
    mark: str = "",
    unit: Organisation | None = None,
    starts_on: date | None = None,
    due_on: date | None = None,
    milestones: tuple[tuple[date, str], ...] = (),
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Add a measure with its dated goals; what was published before keeps its words."""
    check_seen(finding, seen)
    workers_only(finding, by)
    _open_only(finding)
    text = written(text, name="text")
    if not text:
        raise NotValid("finding.measure_empty", "请写明措施内容。", field="text")
    if starts_on and due_on and due_on < starts_on:
        raise NotValid("finding.measure_dates", "完成日期不能早于开始日期。", field="due_on")
    is_other = unit is not None and unit.pk != finding.unit_id
    if is_other and not finding.co_units.filter(unit=unit).exists():
        raise NotValid("finding.not_co_unit", "%(unit)s不是配合单位。", unit=str(unit))
    number = (finding.measures.aggregate(most=Max("sequence"))["most"] or 0) + 1
    measure = Measure.objects.create(
        finding=finding,
        sequence=number,
        text=text,
        goal=written(goal, name="goal")[:300],
        mark=written(mark, name="mark")[:300],
        unit=unit,
        starts_on=starts_on,
        due_on=due_on,
    )
    Milestone.objects.bulk_create(
        [Milestone(measure=measure, due_on=day, text=told[:300]) for day, told in milestones]
    )
    Gap.objects.filter(finding=finding, kind=GapKind.NO_MEASURE.value, filled_at=None).update(
        filled_at=at
    )
    details: dict[str, Fact] = {"measure": number, "milestones": len(milestones)}
    return change(finding, Change.MEASURE, Effect(details=details), by=by, at=at)


@ledger.recorded
def report_progress(
    measure: Measure, *, percent: int, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Say how far a measure is; it is a claim, and alone proves nothing."""
    finding = measure.finding
    check_seen(finding, seen)
    workers_only(finding, by, measure)
    _open_only(finding)
    if not 0 <= percent <= 100:
        raise NotValid("finding.percent", "进度写 0 到 100。", field="percent")
    Measure.objects.filter(pk=measure.pk).update(progress=percent)
    details: dict[str, Fact] = {"measure": measure.sequence, "percent": percent}
    effect = Effect(details=details, text=written(text, name="text"))
    return change(finding, Change.PROGRESS, effect, by=by, at=at)


@ledger.recorded
def reach(milestone: Milestone, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Enter that a dated goal is reached."""
    measure = milestone.measure
    check_seen(measure.finding, seen)
    workers_only(measure.finding, by, measure)
    _open_only(measure.finding)
    Milestone.objects.filter(pk=milestone.pk).update(done_on=day_of(at))
    details: dict[str, Fact] = {"measure": measure.sequence, "milestone": milestone.due_on}
    return change(measure.finding, Change.PROGRESS, Effect(details=details), by=by, at=at)


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
    """Hand in evidence, or a new version of it; a file seen at another finding is a signal."""
    check_seen(finding, seen)
    workers_only(finding, by, measure)
    _open_only(finding)
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
    if other := judging.used_elsewhere(finding, upload.file.digest):
        after = signal(after, SignalKind.SAME_FILE, about=other, by=by, at=at)
    submitted = finding.submitted_at
    if submitted and upload.dated_on and upload.dated_on > day_of(submitted):
        about = f"{row.sequence}.{version}"
        after = signal(after, SignalKind.LATE_DOCUMENT, about=about, by=by, at=at)
    return after


def signal(finding: Finding, kind: SignalKind, *, about: str, by: Actor, at: datetime) -> Finding:
    """Keep a signal of a fix on paper, once for what it is about; part of a larger service."""
    row = Suspicion(finding=finding, kind=kind.value, about=about[:120], at=at)
    if Suspicion.objects.filter(finding=finding, kind=row.kind, about=row.about).exists():
        return finding
    row.save(force_insert=True)
    details: dict[str, Fact] = {"kind": kind.value, "about": row.about}
    return change(finding, Change.SIGNAL, Effect(details=details), by=by, at=at)


@ledger.recorded
def settle(row: Suspicion, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Say what looking into a signal showed (核清): by an auditor of another unit."""
    finding = row.finding
    check_seen(finding, seen)
    if not by.holds_any(Role.AUDITOR, Role.AUDIT_SUPERVISOR):
        raise NotAllowed("finding.not_auditor", "这一步由审计人员来做。")
    if judging.is_own(finding, by, on=day_of(at)):
        raise NotAllowed("finding.settles_own", "责任单位的人不能核清自己的信号。")
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
    if not by.holds_any(Role.AUDITOR):
        raise NotAllowed("finding.not_auditor", "这一步由审计人员来做。")
    if judging.is_own(finding, by, on=day_of(at)):
        raise NotAllowed("finding.judges_own", "责任单位的人不能审核自己的佐证。")
    text = written(text, name="text")
    if not approved and not text:
        raise NotValid("finding.explain", "请写明核查的情况。", field="text")
    _open_only(finding)
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
    if not by.holds_any(Role.AUDITOR):
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


@ledger.recorded
def add_amount(
    finding: Finding, *, kind: MoneyKind, due_fen: int, seen: int, by: Actor, at: datetime
) -> Finding:
    """Enter money that has to be handled: by the auditors, once for each way of handling."""
    check_seen(finding, seen)
    if not by.holds_any(Role.AUDITOR, Role.LEAD_OFFICE):
        raise NotAllowed("finding.not_auditor", "这一步由审计人员来做。")
    _open_only(finding)
    if due_fen <= 0:
        raise NotValid("finding.amount", "金额要大于 0。", field="due")
    if Amount.objects.filter(finding=finding, kind=kind.value).exists():
        raise Refusal("finding.amount_twice", "“%(kind)s”的金额已经登记过。", kind=kind)
    Amount.objects.create(finding=finding, kind=kind.value, due_fen=due_fen)
    details: dict[str, Fact] = {"kind": kind.value, "fen": due_fen}
    return change(finding, Change.AMOUNT, Effect(details=details), by=by, at=at)


@ledger.recorded
def pay(
    amount: Amount, *, fen: int, on: date, voucher: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Enter money that was handled, with its voucher; never more than what was to be handled."""
    finding = amount.finding
    check_seen(finding, seen)
    workers_only(finding, by)
    _open_only(finding)
    voucher = written(voucher, name="voucher")[:100]
    if fen <= 0 or not voucher:
        raise NotValid("finding.payment", "请写大于 0 的金额和凭证号。", field="voucher")
    if on > day_of(at):
        raise NotValid("finding.payment_future", "处理日期不能在今天以后。", field="on")
    within = Amount.objects.filter(pk=amount.pk, due_fen__gte=F("done_fen") + fen)
    if not within.update(done_fen=F("done_fen") + fen):
        raise Refusal(
            "finding.too_much",
            "处理的金额比应处理的还多。请对照凭证。",
            rest_fen=amount.rest_fen,
        )
    try:
        with transaction.atomic():
            Payment.objects.create(amount=amount, fen=fen, on=on, voucher=voucher, at=at, by=by.ref)
    except IntegrityError:
        raise Refusal("finding.voucher_twice", "这个凭证号已经登记过。") from None
    details: dict[str, Fact] = {"kind": amount.kind, "fen": fen}
    return change(finding, Change.PAID, Effect(details=details), by=by, at=at)
