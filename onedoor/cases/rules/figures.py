"""The figures of supervision (电子监察报表), each a formula over counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """What one unit did with the cases it decided in a period. Days are working days."""

    received: int = 0
    decided: int = 0
    granted: int = 0
    in_promise: int = 0
    in_law: int = 0
    corrected: int = 0
    corrected_twice: int = 0
    deemed: int = 0
    yellow: int = 0
    red: int = 0
    statutory_days: int = 0
    promised_days: int = 0
    used_days: int = 0
    suspended_days: int = 0
    unchecked: int = 0
    """Commitments not checked by their day, by the end of the period."""
    entered_late: int = 0
    """Of those received: entered after their papers had been taken (补录)."""
    retyped_minutes: int = 0
    """Minutes of typing again into upper systems, over those received."""

    def __add__(self, other: Figures) -> Figures:
        mine, theirs = vars(self), vars(other)
        return Figures(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def on_time(self) -> float | None:
        """按时办结率: decided within the promise, of all decided."""
        return _share(self.in_promise, self.decided)

    @property
    def statutory_gain(self) -> float | None:
        """法定提速率: (Σ statutory - Σ used) / Σ statutory, of cases whose limits are in days."""
        return _share(self.statutory_days - self.used_days, self.statutory_days)

    @property
    def promised_gain(self) -> float | None:
        """承诺提速率: (Σ promised - Σ used) / Σ promised, of cases whose limits are in days."""
        return _share(self.promised_days - self.used_days, self.promised_days)

    @property
    def told_once(self) -> float | None:
        """一次性告知率: corrected with one notice, of all corrected."""
        return _share(self.corrected - self.corrected_twice, self.corrected)


def _share(part: int, whole: int) -> float | None:
    """Return per cent with one decimal, or nothing of nothing.

    >>> _share(2, 3), _share(0, 0)
    (66.7, None)
    """
    return round(100 * part / whole, 1) if whole else None
