"""What is due when, on a clock that runs faster; done by a handful of threads, in order of time."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

Action = Callable[[], None]


@dataclass
class Schedule:
    """Actions by the second of the day at which they are due; the day runs ``rate`` times faster.

    ``lag`` is by how many seconds of the day the latest was begun too late.
    """

    rate: float
    workers: int = 12
    lag: float = 0.0
    errors: list[BaseException] = field(default_factory=list)
    _due: list[tuple[float, int, Action]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _running: int = 0
    _began: float = 0.0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def now(self) -> float:
        """Return the second of the day it is."""
        return (time.monotonic() - self._began) * self.rate

    def at(self, second: float, action: Action) -> None:
        """Let something be done at a second of the day, or at once where that is past."""
        with self._changed:
            heapq.heappush(self._due, (second, next(self._order), action))
            self._changed.notify()

    def after(self, seconds: float, action: Action) -> None:
        self.at(self.now() + seconds, action)

    def run(self, *, tick: Callable[[float], None] | None = None) -> None:
        """Do everything until nothing is due and nothing runs; ``tick`` hears the time."""
        self._began = time.monotonic()
        with ThreadPoolExecutor(self.workers) as pool:
            while True:
                action = self._next()
                if action is None:
                    return
                pool.submit(action).add_done_callback(self._done)
                if tick is not None:
                    tick(self.now())

    def _next(self) -> Action | None:
        with self._changed:
            while True:
                if not self._due and not self._running:
                    return None
                left = (self._due[0][0] - self.now()) / self.rate if self._due else None
                if left is not None and left <= 0 and self._running < self.workers:
                    second, _, action = heapq.heappop(self._due)
                    self.lag = max(self.lag, self.now() - second)
                    self._running += 1
                    return action
                is_full = self._running >= self.workers
                self._changed.wait(None if left is None or is_full else left)

    def _done(self, done: Future[None]) -> None:
        error = done.exception()
        with self._changed:
            self._running -= 1
            if error is not None:
                self.errors.append(error)
            self._changed.notify()
