"""The three lists (问题、措施、责任), the whole ledger and the two forms units fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from onedoor.kernel.clock import day_of
from onedoor.rectification.ledgers.reading import Cells, Sheet, Whole
from onedoor.rectification.models import Measure
from onedoor.rectification.rules.lifecycle import DONE
from onedoor.rectification.rules.words import Decision, LetterKind, MoneyKind, Outcome

Column = tuple[str, Callable[[Whole], object]]
CLOSED = (Outcome.RECTIFIED, Outcome.NOT_APPLICABLE)


def sheets(wholes: Sequence[Whole], on: date) -> Iterator[Sheet]:
    """Yield the lists in the order the county hands them on."""
    numbered = enumerate(wholes, 1)
    lines = ((n, *(tell(w) for _, tell in PROBLEMS)) for n, w in numbered)
    yield Sheet("问题清单", ("序号", *(head for head, _ in PROBLEMS)), lines)
    measures = (_measure(w, m, on) for w in wholes for m in w.measures)
    yield Sheet("措施清单", MEASURES, measures)
    yield _sheet("责任清单", DUTIES, wholes)
    yield _sheet("整改台账", _ledger(on), wholes)
    yield _sheet("整改情况表", SITUATION, wholes)
    yield _sheet("推进表", _progress(on), wholes)


def _sheet(name: str, columns: Sequence[Column], wholes: Sequence[Whole]) -> Sheet:
    lines = (tuple(tell(w) for _, tell in columns) for w in wholes)
    return Sheet(name, tuple(head for head, _ in columns), lines)


PROBLEMS: tuple[Column, ...] = (
    ("编号", lambda w: w.finding.number),
    ("审计项目", lambda w: w.finding.project.title),
    ("审计报告文号", lambda w: w.finding.project.report_number),
    ("报告日期", lambda w: w.finding.project.report_date),
    ("送达日", lambda w: w.finding.served_on),
    ("被审计单位", lambda w: w.unit),
    ("问题类别", lambda w: w.finding.category),
    ("二级类别", lambda w: w.finding.subcategory),
    ("问题标题", lambda w: w.finding.title),
    ("问题描述", lambda w: w.finding.detail or w.finding.heading),
    ("定性依据", lambda w: w.finding.basis),
    ("金额（元）", lambda w: w.due_yuan),
    ("审计意见、建议", lambda w: "；".join(a.text for a in w.advice)),
    ("整改类型", lambda w: w.finding.kind.zh),
    ("整改时限", lambda w: w.finding.due_on),
    ("涉及年度", lambda w: w.finding.project.period),
    ("是否屡审屡犯", lambda w: "是" if _is_again(w) else "否"),
)


def _is_again(w: Whole) -> bool:
    return bool(w.finding.repeats_id or w.finding.reopened_count)


MEASURES = (
    "问题编号",
    "措施号",
    "措施内容",
    "责任单位",
    "目标",
    "完成标志",
    "佐证",
    "开始",
    "完成",
    "阶段目标",
    "状态",
    "进度%",
)


def _measure(w: Whole, m: Measure, on: date) -> Cells:
    stones = sorted(m.milestones.all(), key=lambda s: (s.due_on, s.text))
    shown = [e for e in w.evidence if e.measure_id == m.pk]
    return (
        w.finding.number,
        m.sequence,
        m.text,
        m.unit.name if m.unit else w.unit,
        m.goal,
        m.mark,
        "；".join(f"{e.what.zh} {e.title}（{e.standing.zh}）" for e in shown),
        m.starts_on,
        m.due_on,
        "；".join(
            f"{s.due_on} {s.text}（{f'{s.done_on} 完成' if s.done_on else '未完成'}）"
            for s in stones
        ),
        _standing(m, on),
        m.progress,
    )


def _standing(m: Measure, on: date) -> str:
    """Return how a measure stands by what its unit reports; it proves nothing."""
    if m.progress >= 100:
        return "自述完成"
    if m.due_on and m.due_on < on:
        return "逾期"
    return "正在进行" if m.progress else "未开始"


DUTIES: tuple[Column, ...] = (
    ("问题编号", lambda w: w.finding.number),
    ("责任单位", lambda w: w.unit),
    ("配合单位", lambda w: "、".join(c.unit.name for c in w.co_units)),
    ("责任领导", lambda w: w.finding.leader),
    ("责任科室", lambda w: w.finding.section),
    ("责任人", lambda w: w.finding.officer),
    ("联系电话", lambda w: w.finding.phone),
    ("督办人", lambda w: next((n for s in w.supervisions[::-1] if (n := w.name(s.issued_by))), "")),
)


def _handled(*kinds: MoneyKind) -> Callable[[Whole], object]:
    def told(w: Whole) -> object:
        return sum(a.done_fen for a in w.amounts if a.what in kinds) / 100 or None

    return told


def _rest(w: Whole) -> object:
    return sum(a.rest_fen for a in w.amounts) / 100 or None


def why(w: Whole) -> str:
    """Return why it is not done, in the unit's own words: its last reply or request."""
    if w.finding.standing in DONE:
        return ""
    granted = [e.reason for e in w.extensions if e.decision != Decision.REFUSED.value]
    replies = [s.reply for s in w.supervisions if s.reply]
    return next(iter((*replies[::-1], *granted[::-1])), "")


def _far(w: Whole) -> str:
    return "；".join(f"{m.sequence}：{m.progress}%" for m in w.measures)


def _next(w: Whole) -> str:
    if w.finding.standing in DONE:
        return ""
    ahead = [s for m in w.measures for s in m.milestones.all() if s.done_on is None]
    stones = [f"{s.due_on} {s.text}" for s in sorted(ahead, key=lambda s: s.due_on)]
    return "；".join(stones or [m.text for m in w.measures if m.progress < 100])


def _ledger(on: date) -> tuple[Column, ...]:
    return (
        ("编号", lambda w: w.finding.number),
        ("问题", lambda w: w.finding.title),
        ("责任单位", lambda w: w.unit),
        ("责任领导", lambda w: w.finding.leader),
        ("责任人", lambda w: w.finding.officer),
        ("整改类型", lambda w: w.finding.kind.zh),
        ("时限", lambda w: w.finding.due_on),
        ("整改措施", lambda w: "；".join(m.text for m in w.measures)),
        ("整改情况（自述）", lambda w: w.finding.claim_result),
        ("自述", lambda w: w.finding.claim_label),
        ("状态", lambda w: w.finding.standing.zh),
        ("认定结果", lambda w: w.finding.result.zh),
        ("销号日期", lambda w: day_of(w.finding.closed_at) if w.finding.closed_at else None),
        ("应处理金额（元）", lambda w: w.due_yuan),
        ("已上缴（元）", _handled(MoneyKind.REMIT)),
        ("已归还（元）", _handled(MoneyKind.RETURN)),
        ("已调账（元）", _handled(MoneyKind.ADJUST)),
        ("其他已处理（元）", _handled(MoneyKind.REFUND, MoneyKind.RECOVER, MoneyKind.ALLOCATE)),
        ("未处理（元）", _rest),
        ("建章立制", lambda w: "；".join(e.title for e in w.regulations)),
        ("问责人数", lambda w: sum(s.persons or 0 for s in w.supervisions) or None),
        ("未完成原因", why),
        ("下一步", _next),
        ("预计完成", lambda w: None if w.finding.standing in DONE else w.finding.due_on),
        ("逾期天数", lambda w: w.finding.days_late(on) or None),
    )


SITUATION: tuple[Column, ...] = (
    ("整改通知书号", lambda w: w.number_of(LetterKind.SERVICE)),
    ("问题编号", lambda w: w.finding.number),
    ("审计项目", lambda w: w.finding.project.title),
    ("被审计单位", lambda w: w.unit),
    ("问题摘要", lambda w: w.finding.title),
    ("具体描述", lambda w: w.finding.detail or w.finding.heading),
    ("涉及金额（元）", lambda w: w.due_yuan),
    ("定性依据", lambda w: w.finding.basis),
    ("整改建议", lambda w: "；".join(a.text for a in w.advice)),
    ("整改类型", lambda w: w.finding.kind.zh),
    ("整改措施", lambda w: "；".join(m.text for m in w.measures)),
    ("完成时间", lambda w: w.finding.due_on),
    ("责任部门", lambda w: w.finding.section or w.unit),
    ("责任人", lambda w: w.finding.officer),
)


def _progress(on: date) -> tuple[Column, ...]:
    """Return the form of progress: of what is put right only the result and what shows it."""

    def open_only(tell: Callable[[Whole], object]) -> Callable[[Whole], object]:
        return lambda w: None if w.finding.result in CLOSED else tell(w)

    return (
        ("编号", lambda w: w.finding.number),
        ("问题", lambda w: w.finding.title),
        ("责任单位", lambda w: w.unit),
        ("整改情况", open_only(lambda w: w.finding.claim_result)),
        ("主要原因", open_only(why)),
        (
            "进展",
            open_only(lambda w: "；".join(f"{m.sequence}：{m.progress}%" for m in w.measures)),
        ),
        ("完成时限", open_only(lambda w: w.finding.due_on)),
        ("逾期天数", open_only(lambda w: w.finding.days_late(on) or None)),
        ("下一步措施", open_only(_next)),
        ("整改结果", lambda w: w.finding.result.zh),
        ("证明材料", lambda w: "；".join(e.title for e in w.approved)),
    )
