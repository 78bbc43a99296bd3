"""The transfer list (划转事项清单): which licence powers go to the bureau with the one seal.

Basis: 许可法25 (相对集中行政许可权): one body may exercise the licence powers of others, on the
province's approval; the former department keeps policy and supervision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from onedoor.catalogue.rules.cells import Row
from onedoor.kernel.errors import NotAllowed, NotValid
from onedoor.kernel.terms import Term

BASIS_LIMIT, DUTIES_LIMIT, LIAISON_LIMIT = 200, 300, 100


class BatchState(Term):
    """How far a batch of the transfer list has come (批次状态)."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"


class Moved(NamedTuple):
    """An item on the list: its code, what the department keeps doing, and whom to ask there."""

    code: str
    kept_duties: str = ""
    liaison: str = ""
    former_unit: str = ""
    """The department as the list names it, where it does; compared with the catalogue's."""


@dataclass(frozen=True)
class BatchTold:
    """A batch as a county states it; ``unit`` is the code of the body that takes the powers."""

    number: int
    basis: str
    effective_on: date
    unit: str
    items: Sequence[Moved]


def check(told: BatchTold, *, today: date) -> None:
    """Refuse a batch that does not say by what approval, from which day, and what.

    The day is one to come: who applies today is told today by whom the case is decided.
    """
    if not 1 <= told.number <= 999:
        raise NotValid("transfer.number", "批次是 1 到 999 的数字。", field="number")
    if not told.basis.strip() or len(told.basis) > BASIS_LIMIT:
        raise NotValid(
            "transfer.basis",
            "请写明划转的依据（批复或者方案的名称、文号），最多 200 个字。",
            field="basis",
        )
    check_day(told.effective_on, today=today)
    if not told.items:
        raise NotValid("transfer.empty", "清单里没有一个事项。", field="items")
    codes = [moved.code for moved in told.items]
    if len(set(codes)) != len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise NotValid(
            "transfer.twice", "事项 %(item)s 在清单里写了两次。", field="items", item=twice
        )


def check_day(effective_on: date, *, today: date) -> None:
    """Refuse a batch that would hold from a day already begun."""
    if effective_on <= today:
        raise NotValid(
            "transfer.in_the_past",
            "生效日期最早是明天：已经收的件按原来的办，不能倒着改。",
            field="effective_on",
        )


def is_in_force(since: datetime | None, *, at: datetime) -> bool:
    """Say whether a power has gone over by this instant.

    >>> is_in_force(None, at=datetime(2020, 12, 15))
    False
    """
    return since is not None and since <= at


def gone(*, item: str, day: date, unit: str, former: str) -> NotAllowed:
    """Return the refusal to a department whose power has gone over (两头受理)."""
    return NotAllowed(
        "transfer.gone",
        "“%(item)s”从 %(day)s 起划转给%(unit)s，%(former)s不再收件，也不再用自己的章。"
        "请交给综合窗口。",
        basis="许可法25",
        item=item,
        day=day.isoformat(),
        unit=unit,
        former=former,
    )


def read_moved(row: Row) -> tuple[int | None, str, date | None, str, Moved]:
    """Return what a row of the list says: batch, basis, day, receiving body, item."""
    number = row.count("number", 999)
    if number is None:
        row.fault("no_batch", "没有写“%(column)s”。", "number")
    day = row.day("effective_on")
    if day is None:
        row.fault("no_effective_day", "没有写“%(column)s”。", "effective_on")
    return (
        number,
        row.required("basis", BASIS_LIMIT),
        day,
        row.required("unit", BASIS_LIMIT),
        Moved(
            code=row.required("code", 64),
            kept_duties=row.text("kept_duties", DUTIES_LIMIT),
            liaison=row.text("liaison", LIAISON_LIMIT),
            former_unit=row.text("former_unit", BASIS_LIMIT),
        ),
    )
