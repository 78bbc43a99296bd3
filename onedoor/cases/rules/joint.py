"""A joint application (一件事的联合申请): where it stands, what begins next, when it is done.

Basis: 许可法26 (one door for several departments), 42 (45 working days for all of them together).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import FINAL, Outcome, Status
from onedoor.catalogue.rules.limits import Limit
from onedoor.catalogue.rules.packages import JOINT_CAP
from onedoor.kernel.terms import Term


class MemberState(Term):
    """Where an item of a joint application stands (成员状态)."""

    WAITING = "waiting", "等前一项"
    STARTED = "started", "已开始"
    DROPPED = "dropped", "不再办"


class Turn(Term):
    """What the case before means for the member that waits for it."""

    WAIT = "wait", "等"
    BEGIN = "begin", "开始"
    DROP = "drop", "不再办"


class Stage(Term):
    """Where a joint application as a whole stands (联合申请状态), the least advanced first."""

    CORRECTING = "correcting", "有材料要补"
    RECEIVED = "received", "等受理"
    HANDLING = "handling", "办理中"
    DELIVERING = "delivering", "出证中"
    DONE = "done", "全部办结"


_STAGES = {
    Status.CORRECTING: Stage.CORRECTING,
    Status.RECEIVED: Stage.RECEIVED,
    Status.DECIDED_YES: Stage.DELIVERING,
    Status.DECIDED_NO: Stage.DELIVERING,
    Status.MAKING: Stage.DELIVERING,
    Status.READY: Stage.DELIVERING,
}
_RANK = {stage: rank for rank, stage in enumerate(Stage)}


def turn(status: Status, outcome: Outcome) -> Turn:
    """Return whether what waits for a case may begin, must wait, or is no longer done.

    >>> turn(Status.MAKING, Outcome.GRANTED).value, turn(Status.WITHDRAWN, Outcome.NONE).value
    ('begin', 'drop')
    """
    if outcome is Outcome.GRANTED:
        return Turn.BEGIN
    return Turn.DROP if outcome is Outcome.REFUSED or status in FINAL else Turn.WAIT


def stage(states: Iterable[Status | None]) -> Stage:
    """Return the stage of the least advanced member; ``None`` is one that still waits.

    What waits has something in handling before it, so it never counts as further than that.
    """
    return min((_stage(s) for s in states), key=_RANK.__getitem__, default=Stage.DONE)


def _stage(status: Status | None) -> Stage:
    if status in FINAL:
        return Stage.DONE
    return _STAGES.get(status, Stage.HANDLING) if status else Stage.HANDLING


class Why(Term):
    """Where a member's date comes from."""

    DONE = "done", "已经有结果"
    RUNNING = "running", "已受理，按承诺期限"
    NOT_ACCEPTED = "not_accepted", "最迟到答复那天受理，再加承诺期限"
    AFTER = "after", "前一项办好那天收件，最迟 5 个工作日受理，再加承诺期限"
    CORRECTING = "correcting", "等补材料，补齐以后再算"
    STOPPED = "stopped", "特别程序中，恢复以后再算"
    FORWARDED = "forwarded", "已转报上级，按预计答复的日期"
    NO_LIMIT = "no_limit", "没有写明期限"


class Run(NamedTuple):
    """A member as the clock sees it: its limit, and the dates of its case, once there is one."""

    order: int
    after: int | None
    limit: Limit | None
    status: Status | None = None
    done_on: date | None = None
    due_on: date | None = None
    answer_by: date | None = None
    accepted_on: date | None = None
    pauses: tuple[clock.Pause, ...] = ()


class Leg(NamedTuple):
    """One member's part of the road: until when, and why then; no date while nobody can say."""

    order: int
    due_on: date | None
    why: Why
    provisional: bool = False


class Road(NamedTuple):
    """The way of a joint application to its last decision, member by member, and its legal end."""

    legs: tuple[Leg, ...]
    due_on: date | None
    cap_on: date | None
    provisional: bool
    is_stopped: bool = False
    """Whether a special procedure of a member stops the limit of all (许可法45)."""

    @property
    def is_capped(self) -> bool:
        """Whether the law ends it earlier than the members one after the other would."""
        return self.cap_on is not None and any(
            leg.due_on is not None and leg.due_on > self.cap_on for leg in self.legs
        )


def road(
    runs: Sequence[Run],
    *,
    is_joint: bool,
    calendar: WorkingDays,
    extension: clock.Extension | None = None,
) -> Road:
    """Return by when everything is decided: the latest date along the longest chain of members.

    Handled jointly, never later than 45 working days after the first acceptance, with what the
    head of the government added; days on which some member stood in a special procedure are not
    counted.

    Basis: 许可法26, 42, 45.
    """
    legs: dict[int, Leg] = {}
    for run in runs:
        legs[run.order] = _leg(run, legs, calendar)
    dates = [leg.due_on for leg in legs.values()]
    latest = None if None in dates else max((d for d in dates if d), default=None)
    cap = _cap(runs, calendar, extension) if is_joint else None
    due_on = min(latest, cap.on) if latest and cap and cap.on else latest
    provisional = any(leg.provisional for leg in legs.values()) or bool(cap and cap.provisional)
    is_stopped = cap is not None and cap.on is None
    return Road(tuple(legs.values()), due_on, cap.on if cap else None, provisional, is_stopped)


def _leg(run: Run, before: dict[int, Leg], calendar: WorkingDays) -> Leg:
    if run.done_on is not None:
        return Leg(run.order, run.done_on, Why.DONE)
    if run.status is Status.CORRECTING:
        return Leg(run.order, None, Why.CORRECTING)
    if run.status is Status.SPECIAL:
        return Leg(run.order, None, Why.STOPPED)
    if run.status is Status.FORWARDED:
        return Leg(run.order, run.due_on, Why.FORWARDED)
    if run.due_on is not None:
        return Leg(run.order, run.due_on, Why.RUNNING)
    if run.limit is None:
        return Leg(run.order, None, Why.NO_LIMIT)
    if run.answer_by is not None:
        return _counted(run, run.answer_by, Why.NOT_ACCEPTED, calendar)
    earlier = before.get(run.after or 0)
    if earlier is None or earlier.due_on is None:
        return Leg(run.order, None, earlier.why if earlier else Why.NO_LIMIT)
    accepted = clock.due(earlier.due_on, clock.RECEIPT, calendar=calendar)
    assert accepted.on is not None
    return _counted(run, accepted.on, Why.AFTER, calendar, earlier.provisional)


def _counted(
    run: Run, start: date, why: Why, calendar: WorkingDays, provisional: bool = False
) -> Leg:
    assert run.limit is not None
    found = clock.due(start, run.limit, calendar=calendar)
    return Leg(run.order, found.on, why, provisional or found.provisional)


def _cap(
    runs: Sequence[Run], calendar: WorkingDays, extension: clock.Extension | None
) -> clock.Due | None:
    starts = [day for run in runs if (day := run.accepted_on or run.answer_by)]
    if not starts:
        return None
    pauses = [pause for run in runs for pause in run.pauses]
    until = partial(clock.due, min(starts), JOINT_CAP, calendar=calendar, pauses=pauses)
    found = until()
    if extension and (more := extension.of(JOINT_CAP, found)):
        found = until(extension=more)
    return found
