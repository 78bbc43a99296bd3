"""A report composed from the ledger as it stands: the form of 2021 with the figures of the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.kernel.clock import day_of
from onedoor.papers.rules.contents import worded
from onedoor.rectification.models import Evidence, Finding, Measure, Project
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.rules.words import EvidenceState, RectificationClass
from onedoor.reports import counting
from onedoor.reports.models import Task
from onedoor.reports.rules.document import SCHEMA
from onedoor.reports.rules.figures import Figure
from onedoor.reports.rules.periods import Period
from onedoor.reports.rules.rendering import numeral
from onedoor.reports.rules.words import LiveKind, TaskState

MOST = 200
"""So many findings are told one by one; the table and the figures hold all of them."""
ROWS = 2000
COLUMNS = ("编号", "问题", "责任单位", "整改类型", "时限", "自述", "核验")
SOURCES = ("数字", "值", "取数口径", "问题数", "统计时间")


@dataclass(frozen=True)
class Wanted:
    """What a report is to tell of: its kind, the audit or the period, for whom."""

    kind: LiveKind
    project: Project | None = None
    period: Period | None = None
    is_public: bool = False

    @property
    def series(self) -> str:
        about = self.project.key if self.project else self.period.code if self.period else ""
        return f"{self.kind.value}:{about}:{'public' if self.is_public else 'all'}"


def compose(wanted: Wanted, *, issuer: str, at: datetime) -> dict[str, Any]:
    """Return a report's content; the same ledger at the same moment gives the same content."""
    found = _found(wanted)
    on = day_of(at)
    figures = _figures(wanted, found, at)
    told = _told(wanted, found, figures)
    _with_units([*told, *found[:ROWS]])
    return {
        "schema": SCHEMA,
        "live": {"kind": wanted.kind.value, "series": wanted.series, "at": counting.stamp(at)},
        "organisations": [{"id": "ISSUER", "name": issuer}],
        "document": {
            "title": _title(wanted, on),
            "issuer_id": "ISSUER",
            "written_date": on.isoformat(),
            "overview": "\n".join(_overview(wanted, figures, told, found, on)),
        },
        "issues": [*_issues(told, on)],
        "next_steps": [*_next_steps(wanted)],
        "figures": [figure.told for figure in figures],
        "tables": _tables(found, figures, on),
    }


def figures(wanted: Wanted, *, at: datetime) -> list[Figure]:
    """Return the figures alone, as a report made at this moment would tell them."""
    return _figures(wanted, _found(wanted), at)


def _among(wanted: Wanted) -> QuerySet[Finding]:
    rows = Finding.objects.all()
    if wanted.project:
        rows = rows.filter(project=wanted.project)
    return rows.filter(is_public=True) if wanted.is_public else rows


def _found(wanted: Wanted) -> list[Finding]:
    """Return the findings in the order of the report, with what is counted and no long text."""
    rows = _among(wanted).only(*counting.READ)
    return list(rows.order_by("project__title", "sequence", "number"))


def _with_units(found: Sequence[Finding]) -> None:
    """Give findings their units, each read once."""
    units = Organisation.objects.in_bulk({f.unit_id for f in found if f.unit_id})
    for f in found:
        f.unit = units[f.unit_id] if f.unit_id else None


def _title(wanted: Wanted, on: date) -> str:
    if wanted.period:
        return f"{wanted.period.zh}审计查出问题{wanted.kind.zh}"
    name = wanted.project.title if wanted.project else "全部审计查出问题"
    day = f"（截至{worded(on)}）"
    if wanted.kind is LiveKind.PROJECT and name.endswith("报告"):
        return f"{name[:280]}{day}"
    return f"{name[:260]}{wanted.kind.zh}{day}"


def _figures(wanted: Wanted, found: Sequence[Finding], at: datetime) -> list[Figure]:
    among = _among(wanted)
    told = counting.flows(found, among, wanted.period, at) if wanted.period else []
    told += counting.standing(found, counting.STANDING, at)
    told += counting.by_class(found, at)
    if wanted.kind is LiveKind.YEARLY:
        told += counting.standing(found, counting.AGEING, at)
    return [*told, *counting.money(among, at)]


def _told(wanted: Wanted, found: list[Finding], figures: list[Figure]) -> list[Finding]:
    """Return the findings told one by one: of a period those that moved in it or are late."""
    if wanted.period is None:
        return found[:MOST]
    names = {"opened", "late", *(code for code, *_ in counting.MOVES)}
    moved = {row for f in figures if f.code in names for row in f.rows}
    return [f for f in found if f.number in moved][:MOST]


def _overview(
    wanted: Wanted,
    figures: list[Figure],
    told: list[Finding],
    found: list[Finding],
    on: date,
) -> Iterator[str]:
    by_code = {f.code: f for f in figures}
    flows = ("opened", *(code for code, *_ in counting.MOVES))
    if wanted.period:
        sums = "，".join(f"{by_code[c].label}{by_code[c].value}" for c in flows)
        yield f"{wanted.period.zh}，{sums}。"
        if paid := [f for f in figures if f.code.startswith("paid-")]:
            yield f"{wanted.period.zh}处理金额：{'，'.join(f.label + f.value for f in paid)}。"
    names = [q.code for q in counting.STANDING]
    yield f"截至{worded(on)}，{'，'.join(by_code[c].label + by_code[c].value for c in names)}。"
    if classes := "；".join(_by_class(by_code)):
        yield f"三类分开算：{classes}。"
    for begin, heading in (("age-", "没有销号的"), ("money-", "涉及金额")):
        if some := [f for f in figures if f.code.startswith(begin)]:
            yield f"{heading}：{'，'.join(f.label + f.value for f in some)}。"
    yield "“自述”是责任单位所报，“核验”是责任单位以外的人认定的结果。"
    if len(told) < len(found):
        yield f"下面逐项说明{len(told)}个，其余见附件。"


def _by_class(by_code: Mapping[str, Figure]) -> Iterator[str]:
    for kind in RectificationClass:
        found = by_code.get(f"class-{kind}-found")
        if found is None:
            continue
        closed, rate = by_code[f"class-{kind}-closed"], by_code[f"class-{kind}-rate"]
        if kind is RectificationClass.UNSET:
            yield f"没有定整改类型的{found.value}"
        else:
            yield f"{kind.zh}{found.value}，已销号{closed.value}，销号率{rate.value}"


def verified(f: Finding) -> str:
    """Return in words what others than the unit found of it, as it stands."""
    if f.standing in (State.CLOSED, State.RECHECK, State.VOID):
        return f.standing.zh
    return f.result.zh if f.outcome else "待核验" if f.claim.value else "未认定"


def _issues(told: Sequence[Finding], on: date) -> Iterator[dict[str, Any]]:
    ids = [f.pk for f in told]
    details = dict(Finding.objects.filter(pk__in=ids).values_list("pk", "detail"))
    measures: dict[Any, list[Measure]] = {}
    for m in Measure.objects.filter(finding__in=ids).order_by("finding", "sequence"):
        measures.setdefault(m.finding_id, []).append(m)
    counted = Evidence.objects.filter(finding__in=ids).exclude(state=EvidenceState.WITHDRAWN.value)
    ok = Count("pk", filter=Q(state=EvidenceState.APPROVED.value))
    proof = {
        pk: (n, good)
        for pk, n, good in counted.values_list("finding").annotate(n=Count("pk"), ok=ok)
    }
    for n, f in enumerate(told, 1):
        yield {
            "id": f.number,
            "seq": n,
            "seq_label": f"（{numeral(n)}）",
            "title": f.title,
            "finding": {
                "heading": f"（{numeral(n)}）{f.title.rstrip('。')}。",
                "detail": details[f.pk],
            },
            "responsible": {
                "lead_unit": f.unit.name if f.unit else None,
                "deadline": f.due_on.isoformat() if f.due_on else None,
            },
            "response": {
                "lead_in": "整改情况：",
                "measures": [
                    {"text": _measure(k, m)} for k, m in enumerate(measures.get(f.pk, ()), 1)
                ],
                "result_text": _result(f, *proof.get(f.pk, (0, 0)), on=on),
            },
            "status": {"claimed": f.claim_label or f.claim.zh, "verified": verified(f)},
        }


def _measure(n: int, m: Measure) -> str:
    text = m.text.strip().rstrip("。；")
    mark = "" if m.label and text.startswith(m.label) else f"{numeral(n)}是"
    progress = f"（进度{m.progress}%）" if m.progress else ""
    return f"{mark}{text}{progress}。"


def _result(f: Finding, evidence: int, approved: int, *, on: date) -> str:
    unit = f"责任单位{f.unit.name}" if f.unit else "没有写明责任单位"
    # In words, as documents write days: a line may be broken inside one.
    due = f"，时限{worded(f.due_on)}" if f.due_on else "，没有写明时限"
    late = f"，已逾期{f.days_late(on)}天" if f.is_late(on) else ""
    said = f.claim_label or f.claim.zh
    claim = f"自述“{said}”" if f.claim_label or f.claim.value else "没有自述整改结果"
    proof = f"佐证{evidence}份，认可{approved}份"
    return f"{unit}{due}{late}。{claim}；{proof}；核验结果：{verified(f)}。"


def _next_steps(wanted: Wanted) -> Iterator[dict[str, Any]]:
    tasks = Task.objects.exclude(state=TaskState.DONE.value).select_related("unit")
    tasks = tasks.filter(report__superseded_by=None, report__series="")
    if wanted.project:
        tasks = tasks.filter(report__told__finding__project=wanted.project)
    if wanted.is_public:
        tasks = tasks.filter(report__published_on__isnull=False)
    for n, task in enumerate(tasks.distinct().order_by("report__number", "place")[:MOST], 1):
        owner = (
            f"{task.unit.name}，{worded(task.due_on)}前"
            if task.unit and task.due_on
            else task.standing.zh
        )
        goal = f"，{task.goal}" if task.goal else ""
        yield {"heading": f"（{numeral(n)}）{task.text.rstrip('。')}。", "text": f"{owner}{goal}。"}


def _tables(found: Sequence[Finding], figures: Sequence[Figure], on: date) -> list[dict[str, Any]]:
    ledger = [
        [
            f.number,
            f.title,
            f.unit.name if f.unit else "—",
            f.kind.zh,
            f.due_on.isoformat() if f.due_on else "—",
            f.claim_label or f.claim.zh if f.claim.value or f.claim_label else "—",
            verified(f),
        ]
        for f in found[:ROWS]
    ]
    sources = [[f.label, f.value, f.query, str(len(f.rows)), f.at] for f in figures]
    return [
        {
            "name": "整改台账",
            "head": list(COLUMNS),
            "rows": ledger,
            "widths": [18, 30, 14, 10, 12, 10, 10],
        },
        {
            "name": "数字的来源",
            "head": list(SOURCES),
            "rows": sources,
            "widths": [16, 14, 30, 8, 26],
        },
    ]
