"""Figures counted from the ledger: each a named query, with the findings it was counted from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from onedoor.kernel import clock
from onedoor.kernel.money import yuan
from onedoor.ledger import queries as ledger
from onedoor.rectification.models import Amount, Finding, Payment
from onedoor.rectification.queries.lists import AGES
from onedoor.rectification.rules.lifecycle import BEFORE, DONE, Action, State
from onedoor.rectification.rules.words import MoneyKind, Outcome, RectificationClass
from onedoor.reports.rules.figures import Figure
from onedoor.reports.rules.periods import Period

CLOSED = (State.CLOSED, State.RECHECK)
READ = (
    "number",
    "title",
    "unit_id",
    "rectification_class",
    "deadline_on",
    "claimed",
    "claim_label",
    "state",
    "outcome",
    "reopened_count",
    "repeats_id",
    "opened_at",
    "moved_at",
)
"""What figures and tables are made from; long texts are read of the few that are told."""


@dataclass(frozen=True)
class Query:
    """What is counted: its words, and which findings it takes on a day."""

    code: str
    label: str
    words: str
    takes: Callable[[Finding, date], bool]


def _open_for(first: int, last: int) -> Callable[[Finding, date], bool]:
    def takes(f: Finding, on: date) -> bool:
        return f.standing not in DONE and first <= (on - clock.day_of(f.opened_at)).days <= last

    return takes


STANDING: tuple[Query, ...] = (
    Query("found", "问题", "台账里的全部问题", lambda f, on: True),
    Query("served", "已交办", "状态在已交办以后", lambda f, on: f.standing not in BEFORE),
    Query(
        "claimed",
        "自述已整改",
        "责任单位自述为已整改",
        lambda f, on: f.claim is Outcome.RECTIFIED,
    ),
    Query(
        "unverified",
        "自述已整改、待核验",
        "责任单位自述为已整改，没有销号",
        lambda f, on: f.claim is Outcome.RECTIFIED and f.standing not in DONE,
    ),
    Query(
        "closed",
        "核验已销号",
        "两人签字认定为已整改，状态是已销号或回头看",
        lambda f, on: f.standing in CLOSED,
    ),
    Query(
        "open", "没有销号", "状态不是已销号、回头看、不再适用", lambda f, on: f.standing not in DONE
    ),
    Query("late", "逾期", "没有销号，时限在统计日以前", lambda f, on: f.is_late(on)),
    Query("reopened", "反弹重开过", "重开次数大于0", lambda f, on: f.reopened_count > 0),
    Query("repeated", "屡审屡犯", "标明以前审计查出过", lambda f, on: f.repeats_id is not None),
    Query("nobody", "没有责任单位", "责任单位空着", lambda f, on: f.unit_id is None),
)

AGEING: tuple[Query, ...] = tuple(
    Query(
        f"age-{first}",
        f"开了{first}天以上" if last > 9999 else f"开了{first}至{last}天",
        "没有销号，从登记到统计日的天数",
        _open_for(first, last),
    )
    for first, last in AGES
)


def stamp(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")


def standing(findings: Sequence[Finding], queries: Iterable[Query], at: datetime) -> list[Figure]:
    """Count findings by each query, as they stand at a moment."""
    on = clock.day_of(at)
    return [
        _figure(q.code, q.label, q.words, [f.number for f in findings if q.takes(f, on)], at)
        for q in queries
    ]


def _figure(code: str, label: str, words: str, rows: Iterable[str], at: datetime) -> Figure:
    found = tuple(sorted(set(rows)))
    return Figure(code, label, f"{len(found)}个", words, stamp(at), found)


def by_class(findings: Sequence[Finding], at: datetime) -> Iterator[Figure]:
    """Yield the figures of each class apart (三类分开算), never one mixed rate."""
    for kind in RectificationClass:
        mine = [f for f in findings if f.kind is kind]
        if not mine:
            continue
        done = [f.number for f in mine if f.standing in CLOSED]
        words = f"整改类型是{kind.zh}的问题"
        yield _figure(f"class-{kind}-found", kind.zh, words, (f.number for f in mine), at)
        yield _figure(f"class-{kind}-closed", f"{kind.zh}已销号", f"{words}，已销号", done, at)
        rate = f"{len(done) * 100 / len(mine):.1f}%"
        told = f"{kind.zh}已销号的个数除以{kind.zh}的个数"
        rows = tuple(sorted(f.number for f in mine))
        yield Figure(f"class-{kind}-rate", f"{kind.zh}销号率", rate, told, stamp(at), rows)


def money(among: QuerySet[Finding], at: datetime) -> Iterator[Figure]:
    """Yield what has to be handled and what was, by the way of handling."""
    amounts = Amount.objects.filter(finding__in=among.order_by().values("pk"))
    told: dict[str, list[tuple[str, int, int]]] = {}
    names = ("kind", "finding__number", "due_fen", "done_fen")
    for found, *amount in amounts.order_by("kind", "finding__number").values_list(*names):
        told.setdefault(found, []).append((amount[0], amount[1], amount[2]))
    for kind in MoneyKind:
        rows = told.get(kind.value)
        if not rows:
            continue
        numbers = tuple(number for number, _, _ in rows)
        due, done = sum(fen for _, fen, _ in rows), sum(fen for _, _, fen in rows)
        for code, label, fen in (
            ("due", "应处理", due),
            ("done", "已处理", done),
            ("rest", "未处理", due - done),
        ):
            words = f"登记为{kind.zh}的金额，{label}的合计"
            name = f"{kind.zh}{label}"
            yield Figure(f"money-{kind}-{code}", name, yuan(fen), words, stamp(at), numbers)


MOVES: tuple[tuple[str, str, Action], ...] = (
    ("issued", "新交办", Action.ISSUE),
    ("submitted", "申请销号", Action.SUBMIT),
    ("returned", "退回补充", Action.SEND_BACK),
    ("closed-now", "新销号", Action.CLOSE),
    ("reopened-now", "反弹重开", Action.REOPEN),
    ("set-aside", "不再适用", Action.SET_ASIDE),
)


def flows(
    findings: Sequence[Finding], among: QuerySet[Finding], period: Period, at: datetime
) -> list[Figure]:
    """Count what happened in a period, from the entries on record."""
    first = clock.at_local(period.first, 0)
    touched = [f for f in findings if f.moved_at >= first]
    taken: dict[str, set[str]] = {}
    for entry in ledger.told_of([f.subject for f in touched], kind="finding.moved"):
        if period.has(clock.day_of(entry.at)):
            number = entry.subject.removeprefix("finding:")
            taken.setdefault(entry.facts["action"], set()).add(number)
    opened = [f.number for f in findings if period.has(clock.day_of(f.opened_at))]
    found = [_figure("opened", "新登记", f"{period.zh}里登记的问题", opened, at)]
    for code, label, action in MOVES:
        words = f"台账里{period.zh}有“{action.zh}”一步的问题"
        found.append(_figure(code, label, words, taken.get(action.value, ()), at))
    return found + _paid(among, period, at)


def _paid(among: QuerySet[Finding], period: Period, at: datetime) -> list[Figure]:
    rows = Payment.objects.filter(
        amount__finding__in=among.order_by().values("pk"),
        on__gte=period.first,
        on__lte=period.last,
    )
    sums = rows.values_list("amount__kind").annotate(fen=Sum("fen")).order_by("amount__kind")
    numbers = rows.annotate(number=F("amount__finding__number")).values_list(
        "amount__kind", "number"
    )
    told: dict[str, set[str]] = {}
    for kind, number in numbers:
        told.setdefault(kind, set()).add(number)
    return [
        Figure(
            f"paid-{kind}",
            f"{MoneyKind(kind).zh}",
            yuan(fen),
            f"处理日期在{period.zh}的凭证金额合计",
            stamp(at),
            tuple(sorted(told[kind])),
        )
        for kind, fen in sums
    ]
