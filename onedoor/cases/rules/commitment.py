"""What may be vouched for (告知承诺), and for how long a broken promise bars from promising.

Basis: 国办发〔2020〕42号 leaves these limits to the place; the county says them, with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from onedoor.cases.rules.licences import last_day
from onedoor.cases.rules.lifecycle import Action
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class Broken(Term):
    """Which promise was not kept (失信记录)."""

    FALSE = "false", "不实承诺"
    UNKEPT = "unkept", "容缺承诺没有补齐"


class Checked(Term):
    """What came of checking a commitment (核查结果)."""

    NONE = "", "待核查"
    KEPT = "kept", "属实"
    FALSE = "false", "不实"
    UNCHECKED = "unchecked", "无法核实"


class Box(Term):
    """The lists of checks (核查清单)."""

    OPEN = "open", "待核查"
    OVERDUE = "overdue", "超期没有核查"
    OBJECTED = "objected", "异议等答复"
    FALSE = "false", "不实"
    ALL = "all", "全部"


HANDS = frozenset(
    {
        Action.COMMIT,
        Action.ACCEPT,
        Action.ACCEPT_TOLERANT,
        Action.GRANT,
        Action.FINISH_AT_ONCE,
    }
)
"""Whoever did one of these on a case does not check what it rests on."""


class Bar(NamedTuple):
    """A promise that was not kept, and until when it bars from promising again."""

    what: Broken
    on: date
    until: date
    alias: str


@dataclass(frozen=True)
class CommitmentRules:
    """What the county set; without a word of it, this. Months and working days."""

    false_months: int = 36
    unkept_months: int = 12
    objection_days: int = 10
    basis: str = "县里的告知承诺规定"

    @property
    def objection(self) -> Limit:
        return Limit(self.objection_days, LimitUnit.WD)

    def barred_until(self, what: Broken, on: date) -> date:
        """Return the last day on which a promise broken on that day bars.

        >>> CommitmentRules().barred_until(Broken.UNKEPT, date(2026, 3, 6))
        datetime.date(2027, 3, 5)
        """
        return last_day(on, self.false_months if what is Broken.FALSE else self.unkept_months)


def read_commitment_rules(told: Mapping[str, Any]) -> CommitmentRules:
    """Return the county's rules, or refuse them by name: whole numbers from 1 to 365, a source.

    >>> read_commitment_rules({"objection_days": 5}).objection.count
    5
    """
    known = {f.name for f in fields(CommitmentRules)}
    for name, value in told.items():
        is_text = name == "basis" and isinstance(value, str) and bool(value.strip())
        is_number = name != "basis" and type(value) is int and 1 <= value <= 365
        if name not in known or not (is_text or is_number):
            raise NotValid(
                "county.commitment",
                "县的设定里 [commitment] 的 %(name)s 不对：数值是 1 到 365 的整数，依据要写明。",
                name=name,
            )
    return CommitmentRules(**told)
