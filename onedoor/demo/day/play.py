"""A day as it goes: people come, windows call, serve, pause at noon in turns, and go home last."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from onedoor.demo.day.crowd import Visitor
from onedoor.demo.day.desk import Hall
from onedoor.demo.day.schedule import Schedule

GAP, WALK, BACK = 21, 25, 600
"""Seconds between two calls, to walk to the window, and until somebody notices they missed it."""
NOON, HALF_WAY, AFTER = 3 * 3600, 4 * 3600, 5 * 3600
CLOSES = 8 * 3600
CALLS = 3
PATIENT = 6 * 3600
"""A day in which nobody new is served for so long after its end has lost somebody: it is ended."""


@dataclass
class Day:
    """A day while it is played: who is where, and what was seen to go wrong."""

    desks: Hall
    windows: Mapping[int, str]
    """Each window with the letters it calls."""
    people: Sequence[Visitor]
    schedule: Schedule
    of_number: dict[str, Visitor] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    """How each ticket was seen last: a step names it, so that none is taken twice."""
    at_window: dict[int, str] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)
    resting: set[int] = field(default_factory=set)
    """Windows that call nobody for now: they eat, or will once whoever is there has gone."""
    paused: set[int] = field(default_factory=set)
    served: Counter[str] = field(default_factory=Counter)
    missed: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    is_given_up: bool = False
    calls: int = 0
    ended: float = 0.0
    """The second of the day at which the last visit ended."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def play(self) -> None:
        """Play the whole day; return when everybody is served and every window closed."""
        alike = Counter(letters[0] for letters in self.windows.values())
        for place, (window, letters) in enumerate(self.windows.items()):
            self.schedule.at(0, partial(self._open, window))
            if alike[letters[0]] == 1:
                continue  # nobody could stand in: whoever is there eats when nobody waits
            # Half of the windows eat from twelve, the other half from one: no noon break.
            begins = NOON if place % 2 else HALF_WAY
            until = begins + AFTER - HALF_WAY
            self.schedule.at(begins, partial(self._rest, window, until))
            self.schedule.at(until, partial(self._return_to_work, window))
        for who in self.people:
            self.schedule.at(who.comes, partial(self._come, who))
        self.schedule.at(CLOSES, self._go_home)
        self.schedule.run()

    # --- People ---------------------------------------------------------------------------------

    def _come(self, who: Visitor) -> None:
        answer = self.desks.take(who)
        if not answer.is_done:
            self._break(f"{who.number} got no number: {answer.status} {answer.code}")
            return
        number = str(answer.body["number"])
        with self._lock:
            if number in self.of_number:
                self._break(f"{number} was given twice")
            self.of_number[number] = who
            self.seen.setdefault(number, int(answer.body["version"]))
        self._wake(who.letter)

    def _come_back(self, number: str) -> None:
        answer = self.desks.come_back(number, self.seen[number])
        if not answer.is_done:
            self._break(f"{number} did not come back: {answer.status} {answer.code}")
            return
        self._wake(self.of_number[number].letter)

    def _wake(self, letter: str) -> None:
        """Let the windows that could call this business look, one of them first."""
        with self._lock:
            ready = [w for w in self.idle if letter in self.windows[w]]
            if not ready:
                return
            window = min(ready)
            self.idle.discard(window)
        self.schedule.after(0, partial(self._next, window))

    # --- Windows --------------------------------------------------------------------------------

    def _open(self, window: int) -> None:
        if not self.desks.window(window, "open").is_done:
            self._break(f"window {window} did not open")
            return
        self._next(window)

    def _next(self, window: int) -> None:
        with self._lock:
            if self.is_given_up or window in self.resting or window in self.at_window:
                return
            self.calls += 1
            key = f"{window}-{self.calls}"
        answer = self.desks.next(window, key)
        ticket = answer.body.get("ticket") if answer.is_done else None
        if not ticket:
            with self._lock:
                if window not in self.resting:
                    self.idle.add(window)
            return
        number = str(ticket["number"])
        with self._lock:
            other = [w for w, n in self.at_window.items() if n == number and w != window]
            if other:
                self._break(f"{number} was called by windows {other[0]} and {window}")
            self.at_window[window] = number
            self.seen[number] = int(ticket["version"])
        who = self.of_number.get(number)
        if who is None:
            # Taken, and called before its own answer was read.
            self.schedule.after(WALK, partial(self._called, window, number, 1))
        else:
            self._called(window, number, 1)

    def _called(self, window: int, number: str, calls: int) -> None:
        who = self.of_number[number]
        is_away = who.misses and number not in self.missed
        if not is_away:
            self.schedule.after(WALK, partial(self._start, window, number))
        elif calls < CALLS:
            self.schedule.after(GAP, partial(self._recall, window, number, calls))
        else:
            self.schedule.after(GAP, partial(self._skip, window, number))

    def _recall(self, window: int, number: str, calls: int) -> None:
        if self._step(window, number, "recall"):
            self._called(window, number, calls + 1)

    def _skip(self, window: int, number: str) -> None:
        if not self._step(window, number, "skip"):
            return
        who = self.of_number[number]
        with self._lock:
            self.missed.add(number)
            self.at_window.pop(window, None)
        if who.comes_back:
            self.schedule.after(BACK, partial(self._come_back, number))
        self._next(window)

    def _start(self, window: int, number: str) -> None:
        if self._step(window, number, "start"):
            who = self.of_number[number]
            self.schedule.after(who.service, partial(self._end, window, number))

    def _end(self, window: int, number: str) -> None:
        if self._step(window, number, "end", outcome="accepted"):
            with self._lock:
                self.served[number] += 1
                if self.served[number] == 1:
                    self.ended = max(self.ended, self.schedule.now())
                self.at_window.pop(window, None)
                if self.served[number] > 1:
                    self._break(f"{number} was served twice")
            self._next(window)

    def _step(self, window: int, number: str, action: str, **more: str) -> bool:
        answer = self.desks.step(window, number, action, self.seen[number], **more)
        if not answer.is_done:
            self._break(f"{action} of {number} at {window}: {answer.status} {answer.code}")
            return False
        self.seen[number] = int(answer.body["version"])
        return True

    # --- Noon and evening -----------------------------------------------------------------------

    def _rest(self, window: int, until: float) -> None:
        """Call nobody more, and eat once nobody is at the window, if noon is not over by then."""
        with self._lock:
            if self.schedule.now() >= until:
                return
            self.resting.add(window)
            self.idle.discard(window)
            is_free = window not in self.at_window
        if not is_free or not self.desks.window(window, "pause").is_done:
            self.schedule.after(60, partial(self._rest, window, until))
            return
        with self._lock:
            self.paused.add(window)
            is_over = window not in self.resting
        if is_over:
            self._return_to_work(window)

    def _return_to_work(self, window: int) -> None:
        with self._lock:
            self.resting.discard(window)
            is_paused = window in self.paused
            self.paused.discard(window)
        if is_paused and not self.desks.window(window, "resume").is_done:
            self._break(f"window {window} did not open again")
            return
        self._next(window)

    def _go_home(self) -> None:
        """Close the windows whose row is empty; look again until all are closed."""
        with self._lock:
            free = sorted(self.idle)
            self.idle.clear()
        for window in free:
            self._next(window)
        with self._lock:
            over = sorted(self.idle)
            is_busy = bool(self.at_window) or len(over) < len(self.windows)
        if not is_busy:
            for window in over:
                self.desks.window(window, "close")
            return
        if self.schedule.now() > max(CLOSES, self.ended) + PATIENT:
            self._break("the day did not end")
            self.is_given_up = True
            return
        self.schedule.after(120, self._go_home)

    def _break(self, what: str) -> None:
        with self._lock:
            self.broken.append(what)
