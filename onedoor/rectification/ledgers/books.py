"""The books kept beside the lists: money, urgings, transfers, looks back, letters, closing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from onedoor.kernel.clock import day_of
from onedoor.rectification.ledgers.reading import Cells, Sheet, Whole
from onedoor.rectification.models import Recommendation, Supervision
from onedoor.rectification.rules.words import LetterKind, RecheckWay, Rung


def sheets(wholes: Sequence[Whole], on: date) -> Iterator[Sheet]:
    """Yield the books, each in the order of its findings."""
    yield Sheet("金额台账", MONEY, (row for w in wholes for row in _money(w)))
    urged = [(w, s) for w in wholes for s in w.supervisions]
    lines = (_urged(w, s, on) for w, s in urged if s.what is not Rung.TRANSFER)
    yield Sheet("督办台账", URGED, lines)
    lines = (_transferred(w, s) for w, s in urged if s.what is Rung.TRANSFER)
    yield Sheet("移送台账", TRANSFERRED, lines)
    yield Sheet("回头看台账", LOOKED, (row for w in wholes for row in _looked(w)))
    yield Sheet("延期台账", EXTENDED, (row for w in wholes for row in _extended(w)))
    yield Sheet("上级事权台账", UPWARD, (row for w in wholes for row in _upward(w)))
    closed = (w for w in wholes if w.finding.closed_at)
    yield Sheet("对账销号单", CLOSED, map(_closed, closed))


MONEY = (
    "问题编号",
    "责任单位",
    "处理方式",
    "应处理（元）",
    "已处理（元）",
    "未处理（元）",
    "凭证",
)


def _money(w: Whole) -> Iterator[Cells]:
    for a in w.amounts:
        vouchers = sorted(a.payments.all(), key=lambda p: (p.on, p.voucher))
        yield (
            w.finding.number,
            w.unit,
            a.what.zh,
            a.due_fen / 100,
            a.done_fen / 100,
            a.rest_fen / 100,
            "；".join(f"{p.on} {p.voucher} {p.fen / 100:.2f}元" for p in vouchers),
        )


URGED = (
    "督办号",
    "问题编号",
    "责任单位",
    "逾期天数",
    "督办方式",
    "日期",
    "签发人",
    "回复期限",
    "回复",
    "回复日",
    "结果",
)


def _urged(w: Whole, s: Supervision, on: date) -> Cells:
    return (
        s.number,
        w.finding.number,
        w.unit,
        max((s.taken_on - s.deadline_on).days, 0),
        s.what.zh,
        s.taken_on,
        w.name(s.issued_by) or ("系统" if s.issued_by else "未签发"),
        s.reply_due_on,
        s.reply,
        s.replied_on,
        s.result or w.finding.result.zh,
    )


TRANSFERRED = (
    "移送书号",
    "督办号",
    "问题编号",
    "责任单位",
    "受移送机关",
    "移送日",
    "签发人",
    "线索类型",
    "处理结果",
    "处理人数",
    "反馈日",
)


def _transferred(w: Whole, s: Supervision) -> Cells:
    return (
        w.number_of(LetterKind.SUPERVISION, s.number),
        s.number,
        w.finding.number,
        w.unit,
        s.addressee,
        s.taken_on,
        w.name(s.issued_by) or "未签发",
        s.clue,
        s.result,
        s.persons,
        s.concluded_on,
    )


LOOKED = (
    "问题编号",
    "应复查日",
    "销号后几个月",
    "复查日",
    "方式",
    "发现",
    "结论",
    "复查人",
    "处理",
)


def _looked(w: Whole) -> Iterator[Cells]:
    for r in w.rechecks:
        yield (
            w.finding.number,
            r.due_on,
            r.months,
            r.done_on,
            RecheckWay(r.way).zh if r.way else "",
            r.conclusion,
            r.standing.zh,
            w.name(r.done_by),
            w.finding.standing.zh,
        )


EXTENDED = (
    "问题编号",
    "责任单位",
    "延到",
    "理由",
    "申请人",
    "申请日",
    "批复",
    "意见",
    "批复人",
    "批复日",
)


def _extended(w: Whole) -> Iterator[Cells]:
    for e in w.extensions:
        yield (
            w.finding.number,
            w.unit,
            e.until,
            e.reason,
            w.name(e.asked_by),
            day_of(e.asked_at),
            e.standing.zh,
            e.opinion,
            w.name(e.decided_by),
            day_of(e.decided_at) if e.decided_at else None,
        )


UPWARD = (
    "问题编号",
    "主送",
    "依据",
    "请示",
    "发出日",
    "应复日",
    "催复次数",
    "答复",
    "答复内容",
    "答复日",
)


def _upward(w: Whole) -> Iterator[Cells]:
    for u in w.upward:
        yield (
            w.finding.number,
            u.addressee,
            u.basis,
            u.request,
            u.sent_on,
            u.answer_due_on,
            u.pursued_count,
            u.standing.zh,
            u.answer_text,
            u.answered_on,
        )


CLOSED = (
    "问题编号",
    "问题",
    "责任单位",
    "认定结果",
    "认定日",
    "认定人",
    "销号日",
    "销号人",
    "佐证",
)


def _closed(w: Whole) -> Cells:
    f = w.finding
    last = max((s.round for s in w.signatures), default=0)
    signed = {s.place: w.name(s.signer) for s in w.signatures if s.round == last}
    return (
        f.number,
        f.title,
        w.unit,
        f.result.zh,
        day_of(f.recognised_at) if f.recognised_at else None,
        signed.get(1, ""),
        day_of(f.closed_at) if f.closed_at else None,
        signed.get(2, ""),
        "；".join(e.title for e in w.approved),
    )


ADVICE = (
    "编号",
    "审计项目",
    "审计建议",
    "责任单位",
    "采纳情况",
    "原因",
    "形成的制度或做法",
    "文号",
    "制度日期",
    "填报时间",
)


def advice(rows: Iterable[Recommendation]) -> Sheet:
    return Sheet("审计建议台账", ADVICE, map(advice_row, rows))


def advice_row(r: Any) -> Cells:
    """Return a recommendation with its last answer as a line."""
    return (
        r.number,
        r.project.title,
        r.text,
        r.unit.name,
        r.standing.zh,
        r.last_reason,
        r.last_made,
        r.last_made_number,
        r.last_made_on,
        r.last_at,
    )
