"""What the clock does: reminders and the rungs after a deadline, looks back whose day has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.rectification import pack
from onedoor.rectification.models import Finding, Recheck, Supervision
from onedoor.rectification.rules import limits
from onedoor.rectification.rules.lifecycle import BEFORE, DONE, State
from onedoor.rectification.rules.words import Change, LetterKind, RecheckState, Rung
from onedoor.rectification.services.closing import begin_recheck
from onedoor.rectification.services.moving import Effect, change, check_seen, written
from onedoor.rectification.services.sending import send
from onedoor.rectification.services.work import side_only, workers_only

AT_ONCE = 50


def run_timers(*, at: datetime) -> int:
    """Climb the ladder for what is due, and begin the looks back; return how many there were."""
    on = day_of(at)
    due = Finding.objects.filter(next_rung_on__lte=on).order_by("next_rung_on", "number")
    count = 0
    for finding in due.select_related("unit")[:AT_ONCE]:
        _tried(partial(climb, finding, at=at))
        count += 1
    rechecks = Recheck.objects.filter(
        state=RecheckState.PLANNED.value, due_on__lte=on, finding__state=State.CLOSED.value
    ).select_related("finding__unit")
    for row in rechecks.order_by("due_on")[:AT_ONCE]:
        finding = row.finding
        _tried(partial(begin_recheck, finding, seen=finding.version, by=TIMER, at=at))
        count += 1
    return count


def _tried(step: Callable[[], object]) -> None:
    """Take a step of the clock; one that somebody overtook is looked at again next time."""
    try:
        step()
    except Refusal:
        return


@ledger.recorded
def climb(finding: Finding, *, at: datetime) -> Finding:
    """Take the highest rung reached; a reminder goes at once, the rest waits to be signed."""
    on, book = day_of(at), pack.rulebook(day_of(at))
    next_on = limits.next_rung(finding.deadline_on, on, book.ladder)
    reached = limits.rung_on(finding.deadline_on, on, book.ladder)
    if finding.standing in DONE | BEFORE or reached is None:
        return _next(finding, None if finding.standing in DONE | BEFORE else next_on)
    taken = Supervision.objects.filter(
        finding=finding, deadline_on=finding.deadline_on, offset_days=reached.days
    )
    if taken.exists():
        return _next(finding, next_on)
    is_reminder = reached.rung is Rung.REMIND
    row = Supervision(
        number=numbers.take_yearly(
            "supervision", Supervision.objects.all(), stem="DB", width=5, at=at
        ),
        finding=finding,
        rung=reached.rung.value,
        offset_days=reached.days,
        deadline_on=finding.deadline_on,
        taken_on=on,
        reply_due_on=None if is_reminder else on + timedelta(days=book.return_days),
        issued_by=TIMER.ref if is_reminder else "",
    )
    row.save(force_insert=True)
    details: dict[str, Fact] = {"rung": row.rung, "number": row.number, "days": reached.days}
    after = change(
        finding, Change.SUPERVISED, Effect({"next_rung_on": next_on}, details), by=TIMER, at=at
    )
    if is_reminder:
        send(after, LetterKind.SUPERVISION, row, about=row.number, by=TIMER, at=at)
    return after


def _next(finding: Finding, on: date | None) -> Finding:
    """Look at the finding again on a day; when somebody was faster, they have set it."""
    after = altered(finding, {"next_rung_on": on})
    if on != finding.next_rung_on:
        update(finding, after)
    return after


@ledger.recorded
def sign_supervision(
    row: Supervision,
    *,
    addressee: str = "",
    clue: str = "",
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Send what the clock drafted: urging, a talk, a circular, a transfer (签发).

    The days to answer run from now, however long the draft lay. A transfer says to which body
    (受移送机关), and may say as what (线索类型).
    """
    finding = row.finding
    check_seen(finding, seen)
    side_only(finding, by, Role.AUDIT_SUPERVISOR, Role.LEAD_OFFICE, on=day_of(at))
    addressee = written(addressee, name="addressee")[:200]
    clue = written(clue, name="clue")[:100]
    is_transfer = row.what is Rung.TRANSFER
    if is_transfer and not addressee:
        raise NotValid("finding.transfer_to", "请写明移送给哪个机关。", field="addressee")
    changes = {
        "issued_by": by.ref,
        "reply_due_on": day_of(at) + timedelta(days=pack.rulebook(day_of(at)).return_days),
        "addressee": addressee if is_transfer else "",
        "clue": clue if is_transfer else "",
    }
    if not Supervision.objects.filter(pk=row.pk, issued_by="").update(**changes):
        raise Refusal("finding.supervision_sent", "这份督办已经签发。")
    row = altered(row, changes)
    details: dict[str, Fact] = {"rung": row.rung, "number": row.number, "issued": True}
    if is_transfer:
        details |= {"addressee": row.addressee, "clue": row.clue}
    after = change(finding, Change.SUPERVISED, Effect(details=details), by=by, at=at)
    send(after, LetterKind.SUPERVISION, row, about=row.number, by=by, at=at)
    return after


@ledger.recorded
def reply(row: Supervision, *, text: str, seen: int, by: Actor, at: datetime) -> Finding:
    """Answer an urging: the unit says why it is late and what it does."""
    finding = row.finding
    check_seen(finding, seen)
    workers_only(finding, by)
    text = written(text, name="text")
    if not text:
        raise NotValid("finding.reply_empty", "请写明逾期的原因和下一步。", field="text")
    open_rows = Supervision.objects.filter(pk=row.pk, replied_on=None).exclude(issued_by="")
    if not open_rows.update(reply=text, replied_on=day_of(at)):
        raise Refusal("finding.replied", "这份督办还没有签发，或者已经回复过。")
    details: dict[str, Fact] = {"number": row.number}
    return change(finding, Change.REPLIED, Effect(details=details, text=text), by=by, at=at)


@ledger.recorded
def conclude(
    row: Supervision,
    *,
    text: str,
    persons: int | None = None,
    on: date | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Finding:
    """Enter what came of an urging, a talk, a circular or a transfer, and how many were held to
    account; by the side of the audit, once."""
    finding = row.finding
    check_seen(finding, seen)
    side_only(finding, by, Role.AUDIT_SUPERVISOR, Role.LEAD_OFFICE, on=day_of(at))
    text, on = written(text, name="text"), on or day_of(at)
    if not text or len(text) > 300:
        raise NotValid("finding.result_text", "请用 300 个字以内写明结果。", field="text")
    if not row.taken_on <= on <= day_of(at):
        raise NotValid(
            "finding.result_day", "结果的日期要在督办那天以后，不能在今天以后。", field="on"
        )
    is_sent = Supervision.objects.filter(pk=row.pk, concluded_on=None).exclude(issued_by="")
    waiting = is_sent.exclude(rung=Rung.REMIND.value)
    if not waiting.update(result=text, persons=persons, concluded_on=on):
        raise Refusal("finding.concluded", "这份督办还没有签发，或者已经登记过结果。")
    details: dict[str, Fact] = {"number": row.number, "persons": persons, "on": on}
    return change(finding, Change.CONCLUDED, Effect(details=details, text=text), by=by, at=at)
