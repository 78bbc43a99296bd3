"""Why this date: every clock of a case, and how its days were counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext_noop

from onedoor.calendar import queries as calendar
from onedoor.cases import county
from onedoor.cases.models import NO_DATE, Case
from onedoor.cases.queries.procedures import pauses_of
from onedoor.cases.rules import clock, counting
from onedoor.cases.rules.clock import Pause as Interval
from onedoor.cases.rules.counting import CountedDay
from onedoor.cases.rules.delivery import NOTICE
from onedoor.cases.rules.lifecycle import WAITING_ONLINE, Status
from onedoor.cases.rules.words import ClockName
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.clock import at_local, day_of, local


@dataclass(frozen=True)
class Explanation:
    """A clock that runs or ran: which, from when, how long, until when, and day by day.

    ``due_on`` is empty while a special procedure stops the clock; ``ended_on`` is the day it
    stopped for good, because what it waited for was done.
    """

    clock: ClockName
    start_on: date
    limit: Limit
    due_on: date | None
    ended_on: date | None
    provisional: bool
    pauses: tuple[Interval, ...]
    days: tuple[CountedDay, ...]
    basis: str
    left: int | None
    extension: int = 0


class _Clock(NamedTuple):
    """One row of the table of clocks: what starts it, what ends it, and what it rests on."""

    name: ClockName
    start: datetime | None
    end: datetime | None
    limit: Limit | None
    due_on: date | None
    basis: str
    extension: int = 0


def _clocks(case: Case, pauses: tuple[Interval, ...]) -> list[_Clock]:
    version, ended = case.item_version, case.ended_at
    answered = case.accepted_at or ended
    if case.correction_due_on is not None:
        answered = case.noticed_at  # the notice itself was the answer
    handled = case.forwarded_at or case.decided_at or ended
    rows = [
        _Clock(
            ClockName.RECEIPT,
            case.complete_at,
            None if case.is_deemed else answered,
            clock.RECEIPT,
            case.receipt_due_on,
            "许可法32(四)、82",
        ),
        _Clock(
            ClockName.PROMISED,
            case.accepted_at,
            handled,
            version.promised,
            case.promised_due_on,
            gettext_noop("办事指南承诺"),
            extension_of(case, version.promised, pauses),
        ),
        _Clock(
            ClockName.STATUTORY,
            case.accepted_at,
            handled,
            version.statutory,
            case.statutory_due_on,
            version.limit_basis or "许可法42、82",
            extension_of(case, version.statutory, pauses),
        ),
    ]
    if case.state in WAITING_ONLINE:
        rows[:0] = _before_receipt(case)
    if case.correction_due_on is not None and case.correction_days is not None:
        limit = Limit(case.correction_days, LimitUnit.WD)
        notice = gettext_noop("一次性补正告知书")
        due_on = case.correction_due_on
        rows.insert(1, _Clock(ClockName.CORRECTION, case.noticed_at, ended, limit, due_on, notice))
    if case.tolerated_at is not None and version.tolerance_days is not None:
        kept = case.supplemented_at or case.decided_at or ended
        allowed = Limit(version.tolerance_days, LimitUnit.WD)
        promise, until = "容缺受理承诺书", case.supplement_due_on
        more = case.supplement_put_off
        rows.append(
            _Clock(ClockName.SUPPLEMENT, case.tolerated_at, kept, allowed, until, promise, more)
        )
    if case.state is Status.SPECIAL:
        rows.extend(_running(case))
    if case.forwarded_at is not None:
        rows.append(_upper(case))
    if case.delivery_due_on is not None:  # else handed over on the spot
        rows.append(
            _Clock(
                ClockName.DELIVERY,
                at_local(case.replied_on) if case.replied_on else case.decided_at,
                at_local(case.announced_on) if case.announced_on else ended,
                clock.DELIVERY,
                case.delivery_due_on,
                "许可法44、82",
            )
        )
    if case.announced_on is not None:
        begun, until = at_local(case.announced_on), case.notice_due_on
        rows.append(_Clock(ClockName.NOTICE, begun, ended, NOTICE, until, NOTICE.basis))
    return rows


def _running(case: Case) -> list[_Clock]:
    """Return until when each procedure that stops the clock was told to last."""
    listed = {one.kind: one for one in case.item_version.procedures}
    running = case.pauses.filter(resumed_on__isnull=True).select_related("proposal")
    return [
        _Clock(
            ClockName.SPECIAL,
            at_local(pause.first_on),
            None,
            Limit(pause.proposal.planned_days, listed[pause.procedure].unit),
            pause.planned_until,
            f"{pause.procedure.zh}，{listed[pause.procedure].basis or '许可法45'}",
        )
        for pause in running.order_by("first_on", "kind")
    ]


def _upper(case: Case) -> _Clock:
    """Return by when the upper body is expected to answer; its own limit is its own."""
    assert case.forwarded_at is not None
    assert case.upper_due_on is not None
    days = calendar.working_days()
    count = days.ordinal(case.upper_due_on) - days.ordinal(day_of(case.forwarded_at))
    replied = at_local(case.replied_on) if case.replied_on else case.ended_at
    limit = Limit(count, LimitUnit.WD)
    basis = f"{case.forwarding.body}，许可法35"
    return _Clock(ClockName.UPPER, case.forwarded_at, replied, limit, case.upper_due_on, basis)


def _before_receipt(case: Case) -> list[_Clock]:
    """Return the clocks the county set itself; no limit of the law runs yet."""
    rules, basis = county.online_rules(), gettext_noop("县里的预审规定")
    looked_at, due_on = case.prechecked_at, case.precheck_due_on
    found = [
        _Clock(ClockName.PRECHECK, case.submitted_at, looked_at, rules.precheck, due_on, basis)
    ]
    if case.resubmit_due_on is not None:
        due_on = case.resubmit_due_on
        found.append(_Clock(ClockName.RESUBMIT, looked_at, None, rules.resubmit, due_on, basis))
    return found


def extension_of(case: Case, limit: Limit | None, pauses: tuple[Interval, ...]) -> int:
    """Return the working days by which this limit of the case was in fact extended."""
    if case.extension is None or case.accepted_at is None or limit is None:
        return 0
    plain = clock.due(
        day_of(case.accepted_at),
        limit,
        calendar=calendar.working_days(),
        pauses=pauses,
        received_at=local(case.accepted_at).time(),
    )
    return case.extension.of(limit, plain)


def explanations(case: Case, *, on: date) -> list[Explanation]:
    """Return the clocks of a case that have run or run, each with every day accounted for."""
    pauses = pauses_of(case)
    found = []
    for row in _clocks(case, pauses):
        if row.start is None or row.limit is None:
            continue
        is_handling = row.name in (ClockName.PROMISED, ClockName.STATUTORY)
        found.append(_explained(row, pauses if is_handling else (), on=on))
    return found


def _explained(row: _Clock, pauses: tuple[Interval, ...], *, on: date) -> Explanation:
    assert row.start is not None
    assert row.limit is not None
    days = calendar.working_days()
    start_on, ended_on = day_of(row.start), day_of(row.end) if row.end else None
    until = row.due_on or ended_on or on
    return Explanation(
        clock=row.name,
        start_on=start_on,
        limit=row.limit,
        due_on=row.due_on,
        ended_on=ended_on,
        provisional=not days.is_confirmed_between(start_on, until),
        pauses=pauses,
        days=tuple(
            counting.explain(
                start_on,
                row.limit,
                until=min(until, date(start_on.year + 2, 12, 31)),
                calendar=days,
                pauses=pauses,
                extension=row.extension,
                received_at=local(row.start).time(),
            )
        ),
        basis=row.basis,
        left=days.ordinal(row.due_on) - days.ordinal(on) if row.due_on else None,
        extension=row.extension,
    )


def left_in_days(case: Case, *, on: date) -> int | None:
    """Return the working days left on the clock that runs, negative when past; None without one."""
    if case.urgent_on == NO_DATE:
        return None
    days = calendar.working_days()
    return days.ordinal(case.urgent_on) - days.ordinal(on)
