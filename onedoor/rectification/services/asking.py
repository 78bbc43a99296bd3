"""Requests and letters: a later deadline, the upper body, what the public and the rules say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from onedoor.accounts.rules import Actor, Role
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification import pack
from onedoor.rectification.models import (
    Doubt,
    Extension,
    Finding,
    RuleLink,
    UpwardMatter,
)
from onedoor.rectification.rules import limits
from onedoor.rectification.rules.lifecycle import BEFORE, DONE, State
from onedoor.rectification.rules.words import Answer, Change, Decision, LetterKind, SignalKind
from onedoor.rectification.services.closing import reopen_by_fact
from onedoor.rectification.services.moving import Effect, change, check_seen, written
from onedoor.rectification.services.sending import send
from onedoor.rectification.services.signals import signal
from onedoor.rectification.services.work import side_only, workers_only

DECIDING = (Role.AUDITOR, Role.LEAD_OFFICE)


@ledger.recorded
def ask_extension(
    finding: Finding, *, until: date, text: str, seen: int, by: Actor, at: datetime
) -> Finding:
    """Ask for a later deadline with the reason: the head, before it is over, within the most."""
    check_seen(finding, seen)
    if Role.HEAD not in by.roles_in(finding.unit_id):
        raise NotAllowed("finding.head_only", "延期由责任单位的负责人来申请。")
    if finding.standing in DONE | BEFORE or finding.due_on is None:
        raise Refusal(
            "finding.done", "这个问题现在是“%(state)s”，不能再改。", state=finding.standing
        )
    text = written(text, name="text")
    if not text:
        raise NotValid(
            "finding.extension_reason", "请写明为什么要延期、下一步怎么做。", field="text"
        )
    most = limits.latest(finding.served_on or day_of(at), finding.kind, pack.rulebook(day_of(at)))
    if not finding.deadline_on < until <= most:
        raise NotValid(
            "finding.extension_until",
            "新的时限要在 %(first)s 以后，最晚到 %(last)s。",
            field="until",
            first=finding.deadline_on.isoformat(),
            last=most.isoformat(),
        )
    if day_of(at) > finding.deadline_on:
        raise Refusal("finding.extension_late", "已经过了时限，不能再申请延期。")
    if finding.extensions.filter(decision=Decision.WAITING.value).exists():
        raise Refusal("finding.extension_waiting", "已经申请过延期，还在等批复。")
    row = Extension.objects.create(
        finding=finding, until=until, reason=text, asked_by=by.ref, asked_at=at
    )
    effect = Effect(details={"until": until}, text=text)
    after = change(finding, Change.EXTENSION_ASKED, effect, by=by, at=at)
    send(after, LetterKind.ASKED, row, about=str(row.pk), by=by, at=at)
    return after


@ledger.recorded
def decide_extension(
    row: Extension, *, granted: bool, text: str = "", seen: int, by: Actor, at: datetime
) -> Finding:
    """Grant or refuse a later deadline: the side that set it, never the unit itself."""
    finding = row.finding
    check_seen(finding, seen)
    side_only(finding, by, *DECIDING, on=day_of(at))
    text = written(text, name="text")
    if not granted and not text:
        raise NotValid("finding.explain", "请写明核查的情况。", field="text")
    decision = Decision.GRANTED if granted else Decision.REFUSED
    waiting = Extension.objects.filter(pk=row.pk, decision=Decision.WAITING.value)
    if not waiting.update(decision=decision.value, opinion=text, decided_by=by.ref, decided_at=at):
        raise Refusal("finding.extension_decided", "这份延期申请已经批复过。")
    changes = {}
    if granted:
        ladder = pack.rulebook(day_of(at)).ladder
        changes = {
            "deadline_on": row.until,
            "next_rung_on": limits.next_rung(row.until, day_of(at), ladder),
        }
    details: dict[str, Fact] = {"decision": decision.value, "until": row.until}
    effect = Effect(changes, details, text)
    after = change(finding, Change.EXTENSION_DECIDED, effect, by=by, at=at)
    decided = Extension.objects.get(pk=row.pk)
    send(after, LetterKind.EXTENSION, decided, about=str(row.pk), by=by, at=at)
    return after


@ledger.recorded
def send_up(
    finding: Finding,
    *,
    addressee: str,
    basis: str,
    text: str,
    answer_due_on: date | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Send a letter to the upper body about what the county may not decide (上级事权)."""
    check_seen(finding, seen)
    if not by.holds_any(Role.LEAD_OFFICE) and Role.HEAD not in by.roles_in(finding.unit_id):
        raise NotAllowed("finding.upward_sender", "请示由责任单位负责人或整改牵头单位来发。")
    if finding.standing in DONE | BEFORE:
        raise Refusal(
            "finding.done", "这个问题现在是“%(state)s”，不能再改。", state=finding.standing
        )
    addressee, basis = written(addressee, name="addressee"), written(basis, name="basis")
    text = written(text, name="text")
    if not (addressee and basis and text):
        raise NotValid("finding.upward_empty", "请写明报给谁、依据什么、请示什么。", field="text")
    if finding.upward.filter(addressee=addressee, answer=Answer.WAITING.value).exists():
        raise Refusal("finding.upward_twice", "已经向它请示过，还在等答复。请催复。")
    on = day_of(at)
    due = answer_due_on or on + timedelta(days=pack.rulebook(on).upward_days)
    if due <= on:
        raise NotValid("finding.upward_due", "答复期限要在今天以后。", field="answer_due_on")
    row = UpwardMatter.objects.create(
        finding=finding,
        addressee=addressee[:200],
        basis=basis[:300],
        request=text,
        sent_on=on,
        answer_due_on=due,
    )
    details: dict[str, Fact] = {"addressee": addressee[:200], "due": due}
    after = change(finding, Change.SENT_UP, Effect(details=details, text=text), by=by, at=at)
    send(after, LetterKind.UPWARD, row, about=str(row.pk), by=by, at=at)
    return after


@ledger.recorded
def pursue(row: UpwardMatter, *, seen: int, by: Actor, at: datetime) -> Finding:
    """Ask the upper body again (催复)."""
    finding = _letter(row, seen=seen, by=by)
    row.pursued_count, row.pursued_on = row.pursued_count + 1, day_of(at)
    row.save(update_fields=["pursued_count", "pursued_on"])
    details: dict[str, Fact] = {"addressee": row.addressee, "count": row.pursued_count}
    return change(finding, Change.PURSUED, Effect(details=details), by=by, at=at)


@ledger.recorded
def answer_up(
    row: UpwardMatter,
    *,
    answer: Answer,
    text: str,
    on: date | None = None,
    file: StoredFile | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Enter what the upper body answered, with its letter."""
    finding = _letter(row, seen=seen, by=by)
    text = written(text, name="text")
    on = on or day_of(at)
    if answer is Answer.WAITING or not text:
        raise NotValid("finding.answer_empty", "请选答复的意见，并写明内容。", field="text")
    if not row.sent_on <= on <= day_of(at):
        raise NotValid("finding.answer_day", "答复的日期不对。", field="on")
    waiting = UpwardMatter.objects.filter(pk=row.pk, answer=Answer.WAITING.value)
    if not waiting.update(answer=answer.value, answer_text=text, answered_on=on, answer_file=file):
        raise Refusal("finding.answered", "已经登记过答复。")
    details: dict[str, Fact] = {
        "addressee": row.addressee,
        "answer": answer.value,
        "file": file.digest if file else "",
    }
    return change(finding, Change.ANSWERED, Effect(details=details, text=text), by=by, at=at)


def _letter(row: UpwardMatter, *, seen: int, by: Actor) -> Finding:
    finding = row.finding
    check_seen(finding, seen)
    if not by.holds_any(Role.LEAD_OFFICE):
        workers_only(finding, by)
    if row.standing is not Answer.WAITING:
        raise Refusal("finding.answered", "已经登记过答复。")
    return finding


@ledger.recorded
def doubt(finding: Finding, *, text: str, by: Actor, at: datetime) -> Finding:
    """Keep what somebody of the public says about a claimed fix; a signal once it is closed."""
    text = written(text, name="text")
    if not text or len(text) > 500:
        raise NotValid("finding.doubt_text", "请写 1 到 500 个字。", field="text")
    if not finding.is_public:
        raise Refusal("finding.not_public", "这个问题没有公开。")
    row = Doubt.objects.create(finding=finding, text=text, at=at)
    after = change(finding, Change.DOUBTED, Effect(), by=by, at=at)
    if finding.standing in (State.CLOSED, State.RECHECK, State.SUBMITTED, State.REVIEW):
        after = signal(after, SignalKind.DOUBTED, about=str(row.pk), by=by, at=at)
    return after


@ledger.recorded
def rule_fired(rule: str, *, by: Actor, at: datetime) -> int:
    """Note that a rule fired: it holds up its findings, and opens those just closed again."""
    on, count = day_of(at), 0
    links = RuleLink.objects.filter(rule=rule).select_related("finding__unit")
    for link in links.order_by("finding__number"):
        RuleLink.objects.filter(pk=link.pk).update(fired_on=on)
        finding = link.finding
        if link.fired_on == on or finding.standing is State.VOID:
            continue
        details: dict[str, Fact] = {"rule": rule}
        after = change(finding, Change.RULE, Effect(details=details), by=by, at=at)
        closed = finding.closed_at
        if closed and on - day_of(closed) <= timedelta(days=link.window_days):
            after = signal(after, SignalKind.RULE_FIRED, about=f"{rule} {on}", by=by, at=at)
            reopen_by_fact(after, text=f"销号以后规则 {rule} 又报警。", at=at)
        count += 1
    return count
