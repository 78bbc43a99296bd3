"""The replay of a day (重演): did every call obey the policy, and if not, who overrode it and why.

It reads only what was recorded, not what the program believes now. Somebody who waited with a
smaller ``virtual_at`` than who was called is a broken rule, unless a window was calling them at
that very moment, or the call was an override with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from onedoor.hall.rules.lifecycle import LIFECYCLE, Action, State
from onedoor.hall.rules.policy import Policy
from onedoor.hall.rules.queue import Skills, Waiter, key
from onedoor.hall.rules.words import Priority, WindowState
from onedoor.kernel.terms import Term

OVERLAP = timedelta(seconds=5)
"""Two claims this close to each other did not see each other."""
_CALLS = (Action.CALL.value, Action.PICK.value)
_AT_WINDOW = (State.CALLED.value, State.SERVING.value)


class Fault(Term):
    """What a replay finds (重演发现)."""

    ORDER = "order", "前面还有人就叫了后面的"
    NOT_WAITING = "not_waiting", "叫的号当时没有在等"
    TWO_AT_ONCE = "two_at_once", "窗口前面还有人又叫了一个"
    NO_SKILL = "no_skill", "窗口不办这一类"
    NOT_OPEN = "not_open", "窗口没有开"
    NO_REASON = "no_reason", "点名呼叫没有写理由"
    BROKEN_CHAIN = "broken_chain", "这一步接不上前一步"
    WRONG_PLACE = "wrong_place", "排的位置和规则算的不一样"
    TOO_SOON = "too_soon", "重呼太快，或者没有叫满就过号"
    TOO_OFTEN = "too_often", "重呼或回来超过次数"


class Recorded(NamedTuple):
    """One entry of the ledger, as the replay needs it: of a ticket or of a window."""

    what: str
    """The ticket's number, or the window's as text."""
    is_ticket: bool
    actor: str
    at: datetime
    facts: Mapping[str, Any]


class Found(NamedTuple):
    """Something a replay names: which ticket, at which window, when, by whom, and why."""

    fault: Fault | None
    number: str
    window: int
    at: datetime
    actor: str
    reason: str = ""
    before: tuple[str, ...] = ()
    """Who should have been called first."""


@dataclass
class Report:
    """What the replay of a day found: faults, and overrides with who and why."""

    calls: int = 0
    faults: list[Found] = field(default_factory=list)
    overrides: list[Found] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults


class _Spell(NamedTuple):
    """How long somebody waited, from one step to the next."""

    waiter: Waiter
    until: datetime


def replay(entries: Iterable[Recorded], policy: Policy, *, overlap: timedelta = OVERLAP) -> Report:
    """Play a day again from its entries, in the order in which they were written.

    ``overlap`` is longer where the clock ran faster: it is what two claims need to see each other.
    """
    told = sorted(entries, key=lambda e: e.at)
    spells = _spells(told)
    report, day = Report(), _Day(policy, _leavings(told))
    for entry in told:
        if not entry.is_ticket:
            day.set_window(entry)
            continue
        report.faults += day.step(entry)
        if entry.facts["action"] in _CALLS:
            report.calls += 1
            _judge(entry, day, spells, report, overlap)
    return report


def _judge(
    entry: Recorded, day: _Day, spells: list[_Spell], report: Report, overlap: timedelta
) -> None:
    window, reason = int(entry.facts["window"]), str(entry.facts["reason"])
    is_pick = entry.facts["action"] == Action.PICK.value
    skills = day.skills.get(window, Skills(window, frozenset()))
    mine, patience = day.placed[entry.what], timedelta(minutes=day.policy.patience)
    own = key(mine, skills, at=entry.at, patience=patience)
    earlier = []
    for spell in spells:
        since = spell.waiter.queued_at
        if since >= entry.at - overlap or spell.until <= entry.at + overlap:
            continue
        theirs = key(spell.waiter, skills, at=entry.at, patience=patience)
        if theirs is not None and own is not None and theirs < own:
            earlier.append(spell.waiter.number)
    ahead = tuple(sorted(set(earlier) - {entry.what}))
    if is_pick:
        report.overrides.append(_found(None, entry, reason=reason, before=ahead))
        if not reason:
            report.faults.append(_found(Fault.NO_REASON, entry))
    elif own is None:
        report.faults.append(_found(Fault.NO_SKILL, entry))
    elif ahead:
        report.faults.append(_found(Fault.ORDER, entry, before=ahead))


def _found(fault: Fault | None, entry: Recorded, **more: Any) -> Found:
    window = int(entry.facts["window"])
    return Found(fault, entry.what, window, entry.at, entry.actor, **more)


def _spells(told: list[Recorded]) -> list[_Spell]:
    """Return when everybody waited, and as whom."""
    found: list[_Spell] = []
    since: dict[str, Waiter] = {}
    for entry in told:
        if not entry.is_ticket:
            continue
        if (waiter := since.pop(entry.what, None)) is not None:
            found.append(_Spell(waiter, entry.at))
        if entry.facts["target"] == State.WAITING.value:
            since[entry.what] = _waiter(entry)
    never = timedelta(days=365)
    return found + [_Spell(each, each.queued_at + never) for each in since.values()]


def _leavings(told: list[Recorded]) -> dict[str, set[datetime]]:
    """Return when each ticket left a window: a call of the same instant may be listed before it."""
    found: dict[str, set[datetime]] = {}
    for entry in told:
        if entry.is_ticket and entry.facts["target"] not in _AT_WINDOW:
            found.setdefault(entry.what, set()).add(entry.at)
    return found


def _waiter(entry: Recorded) -> Waiter:
    facts = entry.facts
    return Waiter(
        entry.what,
        str(facts["group"]),
        datetime.fromisoformat(facts["virtual_at"]),
        datetime.fromisoformat(facts["issued_at"]),
        entry.at,
        int(facts["to_window"]) or None,
    )


class _Day:
    """How things stand as the day is played again."""

    def __init__(self, policy: Policy, leavings: Mapping[str, set[datetime]]) -> None:
        self.policy, self.leavings = policy, leavings
        self.states: dict[str, str] = {}
        self.placed: dict[str, Waiter] = {}
        self.skills: dict[int, Skills] = {}
        self.is_open: dict[int, bool] = {}
        self.before: dict[int, str] = {}
        self.called: dict[str, tuple[int, datetime]] = {}
        self.returned: set[str] = set()

    def set_window(self, entry: Recorded) -> None:
        number, facts = int(entry.what), entry.facts
        self.is_open[number] = facts["state"] == WindowState.OPEN.value
        main, helping = frozenset(facts["main"]), frozenset(facts["helping"])
        self.skills[number] = Skills(number, main, helping)

    def step(self, entry: Recorded) -> list[Found]:
        """Take one step of a ticket, and return what is wrong with it."""
        facts = entry.facts
        action, window = str(facts["action"]), int(facts["window"])
        faults = [fault for fault in self._wrong(entry, action, window) if fault]
        if facts["target"] == State.WAITING.value:
            self.placed[entry.what] = _waiter(entry)
        self._keep(entry, action, window)
        return [_found(fault, entry) for fault in faults]

    def _wrong(self, entry: Recorded, action: str, window: int) -> Iterable[Fault | None]:
        facts, number = entry.facts, entry.what
        stood = self.states.get(number, State.NEW.value)
        row = (stood, action, facts["target"])
        known = {(s.source.value, s.action.value, s.target.value) for s in LIFECYCLE}
        if action in _CALLS:
            yield Fault.NOT_WAITING if stood != State.WAITING.value else None
            yield Fault.TWO_AT_ONCE if self._is_taken(window, entry.at) else None
            yield Fault.NOT_OPEN if not self.is_open.get(window) else None
            self.placed.setdefault(number, _waiter(entry))
        elif row not in known:
            yield Fault.BROKEN_CHAIN
        if action == Action.TAKE.value:
            priority = Priority(facts["priority"])
            bonus = self.policy.bonus_of(priority, facts["group"])
            yield Fault.WRONG_PLACE if facts["bonus"] != bonus.total_seconds() else None
        elif action == Action.RECALL.value:
            calls, last = self.called.get(number, (0, entry.at))
            gap = timedelta(seconds=self.policy.gap)
            yield Fault.TOO_OFTEN if calls >= self.policy.calls else None
            yield Fault.TOO_SOON if entry.at - last < gap else None
        elif action in (Action.SKIP.value, Action.LAPSE.value):
            calls, _ = self.called.get(number, (0, entry.at))
            yield Fault.TOO_SOON if calls < self.policy.calls else None
        elif action == Action.RETURN.value:
            yield Fault.TOO_OFTEN if number in self.returned else None

    def _is_taken(self, window: int, at: datetime) -> bool:
        """Say whether somebody is at a window who does not leave it at this very instant."""
        number = self.before.get(window)
        return number is not None and at not in self.leavings.get(number, set())

    def _keep(self, entry: Recorded, action: str, window: int) -> None:
        number, target = entry.what, str(entry.facts["target"])
        self.states[number] = target
        for place in [place for place, who in self.before.items() if who == number]:
            del self.before[place]
        if target in _AT_WINDOW:
            self.before[window] = number
        if action in _CALLS:
            self.called[number] = (1, entry.at)
        elif action == Action.RECALL.value:
            calls, _ = self.called.get(number, (0, entry.at))
            self.called[number] = (calls + 1, entry.at)
        elif action == Action.RETURN.value:
            self.returned.add(number)
