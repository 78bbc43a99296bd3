"""The policy of calling, as data: who goes how much earlier, how often somebody is called.

``virtual_at = arrival − bonus(class, group)``. A bonus is bounded, so nobody who comes more than
the largest bonus later is ever called before somebody who waits: ordinary people never starve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onedoor.hall.rules.words import LETTERS, Priority
from onedoor.kernel.errors import NotValid

MOST = 120
"""No bonus is longer than two hours."""


@dataclass(frozen=True)
class Special:
    """Somebody who goes by the green channel (绿色通道), and by which rule."""

    code: str
    name: str
    basis: str = ""


@dataclass(frozen=True)
class Policy:
    """How a hall calls (叫号规则): times in minutes, the gap between two calls in seconds."""

    bonus: Mapping[Priority, int]
    group_bonus: Mapping[str, int]
    patience: int
    calls: int
    gap: int
    places: int
    transfers: int
    keep_days: int
    specials: tuple[Special, ...]

    def bonus_of(self, priority: Priority, letter: str) -> timedelta:
        """Return by how much somebody of this class goes earlier in this group."""
        return timedelta(minutes=self.bonus[priority] + self.group_bonus.get(letter, 0))

    @property
    def largest(self) -> timedelta:
        """Nobody who came later than this after somebody is called before them."""
        return timedelta(
            minutes=max(self.bonus.values()) + max(self.group_bonus.values(), default=0)
        )


def virtual_at(arrived: datetime, bonus: timedelta) -> datetime:
    """Return when somebody counts as having come.

    >>> virtual_at(datetime(2026, 3, 6, 9, 30), timedelta(minutes=30)).hour
    9
    """
    return arrived - bonus


def read_policy(told: Mapping[str, Any]) -> Policy:
    """Return the policy a file states (``[queue]``), or refuse it.

    >>> read_policy({}).bonus[Priority.APPOINTED]
    30
    """
    bonus = {p: told.get("bonus", {}).get(p.value, _BONUS[p]) for p in Priority}
    groups = dict(told.get("group_bonus", {}))
    plain = {name: told.get(name, usual) for name, (usual, _, _) in _PLAIN.items()}
    if bonus[Priority.ORDINARY] != 0 or not set(groups) <= set(LETTERS):
        raise _wrong()
    for value in (*bonus.values(), *groups.values()):
        _within(value, 0, MOST)
    for name, (_, least, most) in _PLAIN.items():
        _within(plain[name], least, most)
    specials = tuple(
        Special(str(each["code"]), str(each["name"]), str(each.get("basis", "")))
        for each in told.get("special", ())
    )
    return Policy(bonus, groups, specials=specials, **plain)


_BONUS = {
    Priority.GREEN: 45,
    Priority.APPOINTED: 30,
    Priority.RETURNED: 15,
    Priority.ORDINARY: 0,
}
_PLAIN = {
    "patience": (30, 5, MOST),
    "calls": (3, 1, 10),
    "gap": (20, 5, 300),
    "places": (3, 1, 20),
    "transfers": (2, 1, 10),
    "keep_days": (30, 1, 400),
}


def _within(value: object, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise _wrong()


def _wrong() -> NotValid:
    return NotValid(
        "hall.policy",
        "叫号规则不对：普通类别的提前量是 0，其余 0 到 120 分钟；次数和间隔要在合理范围里。",
    )
