"""Special procedures (特别程序): what an item lists may stop the clock, and for how many days.

Basis: 许可法45.
"""

from __future__ import annotations

from collections.abc import Sequence

from onedoor.catalogue.rules.content import SpecialProcedure
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.kernel.errors import NotValid, Refusal


def listed(procedures: Sequence[SpecialProcedure], kind: SpecialKind) -> SpecialProcedure:
    """Return what the item says of this kind, or refuse: what it does not list stops nothing."""
    for one in procedures:
        if one.kind is kind:
            return one
    raise Refusal(
        "case.kind_not_listed",
        "这个事项的办事指南没有列“%(kind)s”，不能为它停计时。要用的，先改事项，只对以后收的件有效。",
        basis="许可法45",
        kind=kind,
    )


def check_days(planned: int, listed: SpecialProcedure, *, told: int) -> None:
    """Refuse more days than the item lists; what was told on this case before counts with it."""
    left = max(listed.days - told, 0)
    if 1 <= planned <= left:
        return
    raise NotValid(
        "case.planned_days",
        "“%(kind)s”这个事项最多 %(most)s 个%(unit)s，这一件还可以用 %(left)s 个。预计天数从 1 起。",
        basis="许可法45",
        field="planned_days",
        kind=listed.kind,
        most=listed.days,
        unit=listed.unit,
        left=left,
    )
