"""E-supervision of one case (电子监察): which rules it meets or breaks, since when, and its light.

Warnings and yellow test against the promise, red against the law. Nothing here is stored: every
point follows from the dates of the case, so a date that moves moves the light with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from onedoor.calendar.rules.working_days import WorkingDays
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import Light, OwnWords
from onedoor.kernel.terms import Term

_DAY = timedelta(days=1)
WEIGHT = {light: weight for weight, light in enumerate(Light)}
"""Which light outshines which; also its national result code: 0 正常, 1 预警, 2 黄牌, 3 红牌."""


class Watch(Term):
    """A rule of supervision (监察规则), by the number it is reported under."""

    RECEIPT_NEAR = "S01", "收件答复明天到期"
    RECEIPT_LATE = "S02", "收件答复超期"
    PROMISE_NEAR = "S03", "承诺期限快到"
    PROMISE_LATE = "S04", "超过承诺期限"
    STATUTORY_LATE = "S05", "超过法定期限"
    DELIVERY_LATE = "S06", "超过送达期限"
    DEEMED = "S07", "逾期未告知，视为受理"
    NOTICED_TWICE = "S08", "第二次告知补正"
    OWN_WORDS = "S09", "告知书有指南以外的要求，写了依据"
    UNFOUNDED = "S10", "告知书有指南以外的要求，没写依据"
    HASTY = "S11", "初审后一分钟内就作了决定"
    VISITS = "S12", "跑的次数比办事指南写的多"
    PRECHECK_LATE = "S13", "网上申请没有按时预审"
    SPECIAL_LATE = "S14", "特别程序超过告知的天数"
    UPPER_LATE = "S15", "上级过了预计日期没有答复"
    SUPPLEMENT_NEAR = "S16", "容缺材料明天到补交期限"
    CHECK_LATE = "S17", "告知承诺没有按时核查"
    ENTERED_LATE = "S18", "收了材料，事后才补录"
    REVIEW_LATE = "S19", "审查环节超过办事指南写的天数"


class Ruling(NamedTuple):
    """What a rule of supervision lights, and what it rests on."""

    light: Light
    basis: str


RULINGS = {
    Watch.RECEIPT_NEAR: Ruling(Light.WARNING, "许可法32(四)"),
    Watch.RECEIPT_LATE: Ruling(Light.YELLOW, "许可法32(四)"),
    Watch.PROMISE_NEAR: Ruling(Light.WARNING, "办事指南承诺"),
    Watch.PROMISE_LATE: Ruling(Light.YELLOW, "办事指南承诺"),
    Watch.STATUTORY_LATE: Ruling(Light.RED, "许可法42"),
    Watch.DELIVERY_LATE: Ruling(Light.RED, "许可法44"),
    Watch.DEEMED: Ruling(Light.RED, "许可法32(四)"),
    Watch.NOTICED_TWICE: Ruling(Light.RED, "许可法32(四)"),
    Watch.OWN_WORDS: Ruling(Light.WARNING, "许可法30、31"),
    Watch.UNFOUNDED: Ruling(Light.RED, "许可法30、31"),
    Watch.VISITS: Ruling(Light.WARNING, "办事指南承诺"),
    Watch.HASTY: Ruling(Light.WARNING, "许可法34"),
    Watch.PRECHECK_LATE: Ruling(Light.YELLOW, "县里的预审规定"),
    Watch.SPECIAL_LATE: Ruling(Light.YELLOW, "许可法45"),
    Watch.UPPER_LATE: Ruling(Light.WARNING, "许可法35、42"),
    Watch.SUPPLEMENT_NEAR: Ruling(Light.WARNING, "容缺受理承诺书"),
    Watch.CHECK_LATE: Ruling(Light.YELLOW, "国办发〔2020〕42号"),
    Watch.ENTERED_LATE: Ruling(Light.WARNING, "许可法32"),
    Watch.REVIEW_LATE: Ruling(Light.YELLOW, "办事指南的办理环节"),
}


@dataclass(frozen=True)
class ClockFacts:
    """What supervision needs to know of a case."""

    status: Status
    receipt_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None
    answered_on: date | None = None
    """When the applicant was told, after this receipt, whether it was accepted; no silence."""
    review_due_on: date | None = None
    """By when the steps of the guide have the first opinion written."""
    reviewed_on: date | None = None
    decided_on: date | None = None
    ended_on: date | None = None
    announced_on: date | None = None
    """When its paper was announced, no other way being left: that keeps the delivery limit."""
    promised_days: int = 0
    is_deemed: bool = False
    was_noticed_twice: bool = False
    noticed_on: date | None = None
    own_words: OwnWords = OwnWords.NONE
    was_hasty: bool = False
    precheck_due_on: date | None = None
    prechecked_on: date | None = None
    special_due_on: date | None = None
    """By when the applicant was told that the procedure which stops the clock will be over."""
    special_late_on: date | None = None
    """The first day on which a procedure that is over by now was past its plan."""
    forwarded_on: date | None = None
    """When the upper body got it: that ends the own limit, as a decision does (许可法43)."""
    upper_due_on: date | None = None
    replied_on: date | None = None
    supplement_due_on: date | None = None
    """By when what the applicant promised has to come, while it is awaited."""
    check_late_on: date | None = None
    """The first day on which a check of a commitment was past its limit."""
    entered_late_on: date | None = None
    """When it was entered, where its papers had been taken before (补录)."""
    one_too_many_on: date | None = None
    """The last day the applicant came, where that was oftener than the guide says."""


class Point(NamedTuple):
    """A rule that holds of a case, and the first day it did (状态产生时间)."""

    watch: Watch
    since: date

    @property
    def light(self) -> Light:
        return RULINGS[self.watch].light

    @property
    def basis(self) -> str:
        return RULINGS[self.watch].basis


def points(facts: ClockFacts, *, on: date, calendar: WorkingDays) -> tuple[Point, ...]:
    """Return every rule of supervision that holds of the case on that day, the gravest first.

    A warning: at most a fifth of the promise (at least one working day) is left, or the receipt
    clock has one day left. Yellow: past the promise or the receipt limit. Red: past the law or
    the delivery limit, accepted by silence, a second notice. Being late does not pass with the
    decision, nor with the delivery.
    """
    found = [p for p in _all(facts, on, calendar) if p.since <= on]
    return tuple(sorted(found, key=lambda p: (-WEIGHT[p.light], p.since, p.watch)))


def light(facts: ClockFacts, *, on: date, calendar: WorkingDays) -> Light:
    """Return the case's light on that day: the gravest of its points, else green."""
    found = points(facts, on=on, calendar=calendar)
    return found[0].light if found else Light.GREEN


def _all(facts: ClockFacts, on: date, calendar: WorkingDays) -> Iterator[Point]:
    """Yield the points, some of which may lie ahead."""
    if facts.is_deemed and facts.receipt_due_on is not None:
        yield Point(Watch.DEEMED, facts.receipt_due_on + _DAY)
    if facts.was_noticed_twice and facts.noticed_on is not None:
        yield Point(Watch.NOTICED_TWICE, facts.noticed_on)
    if facts.own_words is not OwnWords.NONE and facts.noticed_on is not None:
        is_founded = facts.own_words is OwnWords.FOUNDED
        yield Point(Watch.OWN_WORDS if is_founded else Watch.UNFOUNDED, facts.noticed_on)
    if facts.was_hasty and facts.decided_on is not None:
        yield Point(Watch.HASTY, facts.decided_on)
    if facts.check_late_on is not None:
        yield Point(Watch.CHECK_LATE, facts.check_late_on)
    if facts.entered_late_on is not None:
        yield Point(Watch.ENTERED_LATE, facts.entered_late_on)
    if facts.one_too_many_on is not None:
        yield Point(Watch.VISITS, facts.one_too_many_on)
    if facts.prechecked_on is not None or facts.status is Status.SUBMITTED:
        yield from _late(Watch.PRECHECK_LATE, facts.precheck_due_on, facts.prechecked_on or on)
    if facts.status is Status.RECEIVED:
        yield from _near(Watch.RECEIPT_NEAR, facts.receipt_due_on, 1, on, calendar)
    if facts.status is Status.RECEIVED or facts.answered_on is not None:
        yield from _late(Watch.RECEIPT_LATE, facts.receipt_due_on, facts.answered_on or on)
    if facts.special_late_on is not None:
        yield Point(Watch.SPECIAL_LATE, facts.special_late_on)
    elif facts.status is Status.SPECIAL:
        yield from _late(Watch.SPECIAL_LATE, facts.special_due_on, on)
    if facts.status in (*_HANDLING, Status.SPECIAL):
        yield from _near(Watch.SUPPLEMENT_NEAR, facts.supplement_due_on, 1, on, calendar)
    if facts.status in _HANDLING:
        left = max(1, facts.promised_days // 5)
        yield from _near(Watch.PROMISE_NEAR, facts.promised_due_on, left, on, calendar)
    if facts.status is Status.IN_REVIEW or facts.reviewed_on is not None:
        yield from _late(Watch.REVIEW_LATE, facts.review_due_on, facts.reviewed_on or on)
    handed_on = facts.forwarded_on or facts.decided_on
    if facts.status in _HANDLING or handed_on is not None:
        handled_on = handed_on or on
        yield from _late(Watch.STATUTORY_LATE, facts.statutory_due_on, handled_on)
        yield from _late(Watch.PROMISE_LATE, facts.promised_due_on, handled_on)
    if facts.status is Status.FORWARDED or facts.replied_on is not None:
        yield from _late(Watch.UPPER_LATE, facts.upper_due_on, facts.replied_on or on)
    if facts.decided_on is not None or facts.replied_on is not None:
        yield from _late(
            Watch.DELIVERY_LATE, facts.delivery_due_on, facts.announced_on or facts.ended_on or on
        )


_HANDLING = (Status.ACCEPTED, Status.IN_REVIEW)


def _late(watch: Watch, due: date | None, done_on: date) -> Iterator[Point]:
    if due is not None and done_on > due:
        yield Point(watch, due + _DAY)


def _near(
    watch: Watch, due: date | None, left: int, on: date, calendar: WorkingDays
) -> Iterator[Point]:
    """Yield that a clock still in time has ``left`` working days or fewer to run."""
    if due is not None and on <= due and calendar.ordinal(due) - calendar.ordinal(on) <= left:
        yield Point(watch, calendar.day_with_ordinal(calendar.ordinal(due) - left))
