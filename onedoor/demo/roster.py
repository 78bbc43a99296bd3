"""The people of the hall who do not sign in: so many for each duty, with invented names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from onedoor.accounts.rules import Role
from onedoor.demo.pack import Unit
from onedoor.demo.rows import Table, wrong


class Duty(NamedTuple):
    """What somebody with this duty is called, and which roles go with it."""

    title: str
    unit_roles: tuple[Role, ...] = ()
    centre_roles: tuple[Role, ...] = ()


DUTIES = {
    "acceptor": Duty("窗口受理员", unit_roles=(Role.ACCEPTOR,)),
    "reviewer": Duty("审查员", unit_roles=(Role.REVIEWER,)),
    "decider": Duty("首席代表", unit_roles=(Role.DECIDER,)),
    "head": Duty("分管负责人", unit_roles=(Role.HEAD,)),
    "desk": Duty("综合窗口办事员", centre_roles=(Role.DESK,)),
    "guide": Duty("导办员", centre_roles=(Role.GUIDE,)),
}


def fill(
    units: Sequence[Unit], names: Table, *, taken: Collection[str]
) -> Iterator[dict[str, Any]]:
    """Return the rows of the people each unit has besides those who sign in.

    A name is a surname and a word that says it is invented; none is given twice.
    """
    free = (name for name in _names(names) if name not in set(taken))
    for number, unit in enumerate(units, start=1):
        place = 0
        for post, count in unit.posts.items():
            if post not in DUTIES:
                raise wrong("unit", number, f"没有岗位 {post}")
            duty = DUTIES[post]
            for _ in range(count):
                place += 1
                name = next(free, "")
                if not name:
                    raise wrong("names", 1, "名字不够用，请再写几个姓")
                yield {
                    "username": f"{unit.key}-{place:02d}",
                    "name": name,
                    "unit": unit.short_name,
                    "title": duty.title,
                    "unit_roles": [role.value for role in duty.unit_roles],
                    "centre_roles": [role.value for role in duty.centre_roles],
                    "signs_in": False,
                }


def _names(names: Table) -> Iterator[str]:
    for mark in names.get("marks", ()):
        for surname in names.get("surnames", ()):
            yield f"{surname}{mark}"
