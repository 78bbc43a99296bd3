"""When the hall is open (服务日历), and whether enough windows are manned all that time (值守).

Times of day are those of the hall's clock. A span is half-open: at its end it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Any

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

LAST_TICKET = 15
"""No numbers are given in the last minutes of a span; whoever has one is served."""


class Opening(Term):
    """For what a span is open (开放类型)."""

    NORMAL = "normal", "正常"
    NOON = "noon", "午间值守"
    EXTENDED = "extended", "延时"
    SHIFTED = "shifted", "错时"
    WEEKEND = "weekend", "周末预约"

    @property
    def is_bookable(self) -> bool:
        """Whether slots are offered: extended time serves those who are still there."""
        return self is not Opening.EXTENDED


@dataclass(frozen=True, order=True)
class Span:
    """From when to when the hall is open that day, and as what."""

    start: time
    end: time
    kind: Opening = Opening.NORMAL

    @property
    def minutes(self) -> int:
        return minute_of(self.end) - minute_of(self.start)


@dataclass(frozen=True)
class Duty:
    """Who is at a window from when to when that day, and which businesses are called there."""

    window: str
    start: time
    end: time
    groups: frozenset[str]


@dataclass(frozen=True)
class Gap:
    """A business with fewer manned windows than promised, from when to when."""

    group: str
    start: time
    end: time
    have: int
    need: int


def minute_of(at: time) -> int:
    """Return how many minutes of the day have passed."""
    return at.hour * 60 + at.minute


def time_of(minute: int) -> time:
    """Return the time of day after so many minutes; the last is 23:59."""
    minute = min(minute, 24 * 60 - 1)
    return time(minute // 60, minute % 60)


def read_spans(told: Iterable[tuple[str, str, str]]) -> tuple[Span, ...]:
    """Return the spans of a day in order, or refuse them: overlapping, ending before they begin.

    >>> read_spans([("09:00", "12:00", "normal"), ("12:00", "14:00", "noon")])[1].kind.zh
    '午间值守'
    """
    found = sorted(_span(*each) for each in told)
    for before, after in pairwise(found):
        if after.start < before.end:
            raise NotValid(
                "hall.spans_overlap",
                "%(a)s 和 %(b)s 开始的两段时间重叠了。",
                field="spans",
                a=f"{before.start:%H:%M}",
                b=f"{after.start:%H:%M}",
            )
    return tuple(found)


def _span(start: str, end: str, kind: str) -> Span:
    try:
        span = Span(time.fromisoformat(start), time.fromisoformat(end), Opening(kind))
    except ValueError:
        span = Span(time.min, time.min)
    if span.end <= span.start:
        raise NotValid(
            "hall.span",
            "“%(start)s–%(end)s”不是一段开放时间：写成 09:00 和 17:00，结束在开始之后。",
            field="spans",
            start=start[:20],
            end=end[:20],
        )
    return span


def span_at(spans: Iterable[Span], at: time) -> Span | None:
    """Return the span that is running, if the hall is open."""
    return next((each for each in spans if each.start <= at < each.end), None)


def gives_tickets(spans: Sequence[Span], at: time) -> bool:
    """Say whether numbers are given now: open, and not about to close.

    Where one span follows another without a break, the hall is not about to close.

    >>> day = read_spans([("09:00", "12:00", "normal"), ("12:00", "17:00", "noon")])
    >>> [gives_tickets(day, time(h, m)) for h, m in ((8, 59), (9, 0), (11, 50), (16, 45))]
    [False, True, True, False]
    """
    open_until = closing(spans, at)
    return open_until is not None and minute_of(at) < minute_of(open_until) - LAST_TICKET


def closing(spans: Sequence[Span], at: time) -> time | None:
    """Return when the hall closes next, or nothing where it is closed."""
    running = span_at(spans, at)
    while running is not None:
        after = span_at(spans, running.end)
        if after is None:
            return running.end
        running = after
    return None


def gaps(
    spans: Iterable[Span],
    duties: Iterable[Duty],
    groups: Iterable[str],
    need: Mapping[Opening, int],
) -> list[Gap]:
    """Return where the promise would be broken: too few manned windows while the hall is open.

    ``need`` says how many windows each business needs in a span of each kind; none where the kind
    is not named. With it the promise of no noon break (午间不断档) is checked before the day.
    """
    open_spans, given = sorted(spans), list(duties)
    found: list[Gap] = []
    for group in sorted(groups):
        mine = [each for each in given if group in each.groups]
        for span in open_spans:
            found += _gaps_in(span, mine, group, need.get(span.kind, 0))
    return found


def _gaps_in(span: Span, duties: Sequence[Duty], group: str, need: int) -> list[Gap]:
    edges = {span.start, span.end}
    for duty in duties:
        edges |= {each for each in (duty.start, duty.end) if span.start < each < span.end}
    found: list[Gap] = []
    for start, end in pairwise(sorted(edges)):
        # A window that two people are put down for is still one window.
        have = len({each.window for each in duties if each.start <= start and end <= each.end})
        if have >= need:
            continue
        if found and found[-1].end == start and found[-1].have == have:
            start = found.pop().start
        found.append(Gap(group, start, end, have, need))
    return found


@dataclass(frozen=True)
class Hours:
    """When a hall is open as a rule, and how many windows each business then has at least."""

    usual: tuple[Span, ...]
    weekend: tuple[Span, ...]
    weekend_groups: frozenset[str]
    windows: Mapping[Opening, int]


def read_hours(told: Mapping[str, Any]) -> Hours:
    """Return the hours a file states (``[opening]``), or refuse them.

    >>> [span.kind.zh for span in read_hours({}).usual]
    ['正常', '午间值守', '正常']
    """
    windows = {kind: told.get("windows", {}).get(kind.value, 1) for kind in Opening}
    if not all(type(n) is int and 0 <= n <= 100 for n in windows.values()):
        raise NotValid("hall.hours", "[opening.windows] 写每类业务至少几个窗口，0 到 100 的整数。")
    return Hours(
        read_spans(tuple(each) for each in told.get("usual", _USUAL)),
        read_spans(tuple(each) for each in told.get("weekend", ())),
        frozenset(told.get("weekend_groups", ())),
        windows,
    )


_USUAL = (("09:00", "12:00", "normal"), ("12:00", "14:00", "noon"), ("14:00", "17:00", "normal"))
