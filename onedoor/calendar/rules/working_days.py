"""Working days (工作日) as the yearly notices of the State Council set them.

A day is worked when it is Monday to Friday, unless a notice says otherwise. A year without a
notice is unknown: its weekends and the fixed holidays of the law are taken, nothing is guessed
about the moon or about make-up days, and every answer that needs it is provisional.
Basis: 全国年节及纪念日放假办法 2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

FIRST_DAY = date(2018, 1, 1)
"""The day from which working days are numbered, here and in the table of days."""
YEARS_AHEAD = 3
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

_DAY = timedelta(days=1)
_SATURDAY = 5


class Kind(Term):
    OFF = "off", "放假"
    WORK = "work", "调休上班"
    NORMAL = "normal", "照常"


class SpecialDay(NamedTuple):
    """A day that a notice, or the law itself, takes out of the ordinary week."""

    kind: Kind
    name: str


class Arrangement(NamedTuple):
    """What is said about one year: by its notices, or by the place itself (``is_local``)."""

    year: int
    days: Mapping[date, SpecialDay]
    is_local: bool = False


FIXED: dict[tuple[int, int], str] = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
"""The holidays that need no notice because they do not move with the moon.

Basis: 全国年节及纪念日放假办法 2 (as amended in 2024; 2 May is new in it)."""


class WorkingDays:
    """An immutable calendar: any day can be asked for, the years it knows are numbered ahead."""

    def __init__(self, special: Mapping[date, SpecialDay], *, known: Collection[int]) -> None:
        self._special = dict(special)
        self._known = frozenset(known)
        self.last_day = date(max(self._known, default=FIRST_DAY.year) + YEARS_AHEAD, 12, 31)
        self._base = FIRST_DAY.toordinal()
        self._numbers: list[int] = []
        self._dates: list[date] = []
        for number in range(self._base, self.last_day.toordinal() + 1):
            day = date.fromordinal(number)
            if self._is_worked(day):
                self._dates.append(day)
            self._numbers.append(len(self._dates))

    @property
    def known_years(self) -> tuple[int, ...]:
        return tuple(sorted(self._known))

    def special(self, day: date) -> SpecialDay | None:
        """Return what takes the day out of the ordinary week, if anything does."""
        found = self._special.get(day)
        if found is None and day.year not in self._known and (day.month, day.day) in FIXED:
            return SpecialDay(Kind.OFF, FIXED[day.month, day.day])
        return found

    def _is_worked(self, day: date) -> bool:
        special = self.special(day)
        return day.weekday() < _SATURDAY if special is None else special.kind is Kind.WORK

    def is_working_day(self, day: date) -> bool:
        return self._is_worked(_within(day))

    def is_confirmed(self, day: date) -> bool:
        """Return whether the day's year has a notice; without one the answer is provisional."""
        return day.year in self._known

    def is_confirmed_between(self, first: date, last: date) -> bool:
        """Return whether every day from ``first`` to ``last`` is confirmed."""
        return all(year in self._known for year in range(first.year, last.year + 1))

    def ordinal(self, day: date) -> int:
        """Return the number of working days up to and including ``day``, from 2018 on.

        Earlier days count backwards, so that a difference of two is always the number of
        working days between them.
        """
        place = day.toordinal() - self._base
        if 0 <= place < len(self._numbers):
            return self._numbers[place]
        _within(day)
        if place < 0:
            return -sum(map(self._is_worked, _days(day + _DAY, FIRST_DAY)))
        return self._numbers[-1] + sum(
            map(self._is_worked, _days(self.last_day + _DAY, day + _DAY))
        )

    def day_with_ordinal(self, number: int) -> date:
        """Return the working day that is the ``number``-th from 2018 on."""
        if 1 <= number <= len(self._dates):
            return self._dates[number - 1]
        if number < 1:
            day, at, step = FIRST_DAY, 1, -_DAY
        else:
            day, at, step = self.last_day, len(self._dates), _DAY
        while at != number:
            day = _within(day + step)
            at += self._is_worked(day) * step.days
        return day

    def next_working_day(self, day: date) -> date:
        """Return the day itself when it is worked, else the first worked day after it."""
        while not self._is_worked(_within(day)):
            day += _DAY
        return day


def calendar_of(arrangements: Iterable[Arrangement]) -> WorkingDays:
    """Return the calendar that these arrangements make.

    A later year may take days of the December before it; what the place says stands over both.
    """
    ordered = sorted(arrangements, key=lambda each: (each.is_local, each.year))
    special: dict[date, SpecialDay] = {}
    for arrangement in ordered:
        special |= arrangement.days
    return WorkingDays(special, known={each.year for each in ordered if not each.is_local})


def _within(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise NotValid(
            "calendar.out_of_range",
            "日期应在1900年到2199年之间。",
        )
    return day


def _days(first: date, end: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), end.toordinal()))
