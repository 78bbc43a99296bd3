"""What may be recognised (结果认定), on which grounds, and what is still missing for it.

The second table of a finding: ``lifecycle`` says how far the work is, this says what came of it.
Basis: 审计法 52; the county's rules for recognition (结果认定办法).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from onedoor.kernel.terms import Term
from onedoor.rectification.rules.words import Outcome


class Lack(Term):
    """Why an outcome cannot be recognised yet (还缺什么)."""

    NO_MEASURE = "no_measure", "没有整改措施"
    NOT_PROVEN = "not_proven", "有措施没有认可的佐证"
    MILESTONE = "milestone", "阶段目标没有完成"
    UNDECIDED = "undecided", "还有佐证没有审核"
    MONEY = "money", "还有金额没有处理完"
    UPWARD = "upward", "上级事权还没有书面答复"
    NO_ANSWER = "no_answer", "没有上级的书面答复"
    SIGNAL = "signal", "虚假整改信号没有核清"
    RULE = "rule", "关联规则在观察期内报过警"
    NO_REASON = "no_reason", "没有写明原因和下一步"


class Hint(Term):
    """What a reviewer should look at twice (提醒), which alone forbids nothing."""

    ONLY_WORDS = "only_words", "措施只有“加强管理、提高认识”一类的话"


@dataclass(frozen=True)
class Facts:
    """What is known of a finding when somebody wants to recognise something."""

    measures: int = 0
    unproven: tuple[int, ...] = ()
    """Numbers of the measures without approved evidence."""
    open_milestones: int = 0
    undecided: int = 0
    rest_fen: int = 0
    upward_open: int = 0
    upward_answered: int = 0
    signals: int = 0
    rules_fired: tuple[str, ...] = ()
    """Linked rules that fired within their window of observation (观察期)."""
    has_reason: bool = True


class Ruling(NamedTuple):
    """One row: this outcome, unless one of these is lacking; does it close the finding?"""

    id: str
    outcome: Outcome
    forbidden_by: tuple[Lack, ...]
    closes: bool
    basis: str


_O, _L = Outcome, Lack
_BASIS = "县里的结果认定办法"

OUTCOMES = (
    Ruling(
        "R1",
        _O.RECTIFIED,
        (
            _L.NO_MEASURE,
            _L.NOT_PROVEN,
            _L.MILESTONE,
            _L.UNDECIDED,
            _L.MONEY,
            _L.UPWARD,
            _L.SIGNAL,
            _L.RULE,
        ),
        True,
        "审计法52；" + _BASIS,
    ),
    Ruling("R2", _O.MOSTLY, (_L.NO_MEASURE, _L.UNDECIDED, _L.SIGNAL, _L.NO_REASON), False, _BASIS),
    Ruling("R3", _O.IN_PROGRESS, (_L.NO_MEASURE,), False, _BASIS),
    Ruling("R4", _O.LONG_TERM, (_L.NO_MEASURE, _L.NO_REASON), False, _BASIS),
    Ruling("R5", _O.NOT_RECTIFIED, (), False, _BASIS),
    Ruling("R6", _O.UPSTREAM, (_L.NO_ANSWER, _L.UPWARD), False, _BASIS),
)
"""What a reviewer may recognise. Not-applicable is a step of the other table (Z18–Z20)."""

BY_OUTCOME = {row.outcome: row for row in OUTCOMES}


def lacks(outcome: Outcome, facts: Facts) -> tuple[Lack, ...]:
    """Return everything that stands against an outcome, in the order of its row.

    >>> lacks(Outcome.RECTIFIED, Facts(measures=2, unproven=(2,), rest_fen=100))
    (<Lack.NOT_PROVEN: 'not_proven'>, <Lack.MONEY: 'money'>)
    """
    is_so = {
        Lack.NO_MEASURE: facts.measures == 0,
        Lack.NOT_PROVEN: bool(facts.unproven),
        Lack.MILESTONE: facts.open_milestones > 0,
        Lack.UNDECIDED: facts.undecided > 0,
        Lack.MONEY: facts.rest_fen > 0,
        Lack.UPWARD: facts.upward_open > 0,
        Lack.NO_ANSWER: facts.upward_answered == 0,
        Lack.SIGNAL: facts.signals > 0,
        Lack.RULE: bool(facts.rules_fired),
        Lack.NO_REASON: not facts.has_reason,
    }
    return tuple(lack for lack in BY_OUTCOME[outcome].forbidden_by if is_so[lack])


def hints(texts: Iterable[str], phrases: Iterable[str]) -> tuple[Hint, ...]:
    """Return what to look at twice in the words of the measures.

    >>> hints(["加强管理，提高认识。"], ["加强管理", "提高认识"])
    (<Hint.ONLY_WORDS: 'only_words'>,)
    >>> hints(["加强管理，收回资金3万元。"], ["加强管理", "提高认识"])
    ()
    """
    found = [text for text in texts if text.strip()]
    return (Hint.ONLY_WORDS,) if found and all(_only(t, tuple(phrases)) for t in found) else ()


def _only(text: str, phrases: tuple[str, ...]) -> bool:
    for phrase in phrases:
        text = text.replace(phrase, "")
    return len("".join(c for c in text if c.isalnum())) <= 4


def as_markdown() -> str:
    """Return the table for the handbook, in Chinese."""
    head = "| 号 | 认定 | 有下列情形之一的不能认定 | 能销号 | 依据 |\n" + "|---" * 5 + "|\n"
    return head + "".join(
        f"| {r.id} | {r.outcome.zh} | {'、'.join(k.zh for k in r.forbidden_by) or '—'} "
        f"| {'能' if r.closes else '不能'} | {r.basis} |\n"
        for r in OUTCOMES
    )
