"""Telling everything that is missing, once, and taking what is then supplied.

Basis: 许可法32(四).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from onedoor.accounts.rules import TIMER, Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents, county, queries
from onedoor.cases.inputs import Demand, Handed, by_place, one_each, plain
from onedoor.cases.models import Case, CaseMaterial, Gap
from onedoor.cases.rules import clock
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.rules.words import MaterialState, OwnWords
from onedoor.cases.services.moving import Effect, Words, guard, move, receipt_due, visited
from onedoor.kernel.clock import day_of, local
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.papers.rules.arriving import GapRow


@ledger.recorded
def ask_correction(
    case: Case, *, demands: Sequence[Demand], reason: str, seen: int, by: Actor, at: datetime
) -> Case:
    """Tell the applicant once what is missing or defective (T3); the receipt clock is satisfied.

    A second notice is possible only for something supplied after the first that is defective,
    with the reason written; never for a gap that was there to be seen the first time.
    """
    rows = {m.order: m for m in case.materials.select_related("material").order_by("order")}
    by_order = _checked(demands, rows)
    met = {Need.GAPS} if _lists_all(by_order, rows) else set()
    if case.notice_count == 0 or _only_what_was_supplied(case, by_order):
        met.add(Need.FIRST_NOTICE)
    elif seen == case.version and case.state.value == "received":
        raise _already_given(case)
    step = guard(case, Action.ASK_CORRECTION, by=by, seen=seen, met=met)
    reason = plain("reason", reason, "理由", most=1000, required=case.notice_count > 0)
    limit = county.correction_limit()
    due = clock.due(day_of(at), limit, calendar=calendar.working_days())
    details: dict[str, Fact] = {
        "gaps": [
            {
                "order": d.order,
                "problem": d.problem.value,
                "material": str(rows[d.order].material_id),
            }
            for d in by_order.values()
        ],
        "notice": case.notice_count + 1,
    }
    changes = {
        "own_words": _own_words(by_order, rows) or case.own_words,
        "correction_due_on": due.on,
        "correction_days": limit.count,
        "due_provisional": due.provisional,
        "noticed_at": at,
        "notice_count": case.notice_count + 1,
    }
    asked = [
        GapRow(
            name=rows[d.order].material.name,
            problem=d.problem.zh,
            demand=d.text,
            basis=d.basis or rows[d.order].material.basis,
        )
        for d in by_order.values()
    ]
    paper = partial(contents.correction, gaps=asked, again=reason, by=by)
    moved = move(case, step, Effect(changes, details, Words(reason), paper), by=by, at=at)
    for order, demand in by_order.items():
        CaseMaterial.objects.filter(pk=rows[order].pk).update(state=demand.problem.value)
    Gap.objects.bulk_create(
        [
            Gap(
                case_material=rows[d.order],
                notice_version=moved.version,
                problem=d.problem.value,
                demand=d.text,
                basis=d.basis,
            )
            for d in by_order.values()
        ]
    )
    return moved


def _checked(demands: Sequence[Demand], rows: dict[int, CaseMaterial]) -> dict[int, Demand]:
    by_order: dict[int, Demand] = {}
    for order, demand in by_place(demands, rows).items():
        if demand.problem is MaterialState.OK:
            raise NotValid("case.gap_is_ok", "判断为“齐”的材料不能列入补正。", field="demands")
        asked = rows[order].material
        text = demand.text.strip() or asked.standard.strip() or asked.name
        by_order[order] = Demand(
            order,
            demand.problem,
            plain("demands", text, "补正要求", most=500),
            plain("demands", demand.basis, "依据条款", most=500, required=False),
        )
    if not by_order:
        raise NotValid("case.no_gaps", "请至少列出一份要补的材料。", field="demands")
    return by_order


def _own_words(by_order: dict[int, Demand], rows: dict[int, CaseMaterial]) -> OwnWords:
    """Say whether the notice asks for more than the guide and the approved sentences say.

    It may; but supervision is to see it, red where no basis is given (许可法30, 31).
    """
    approved = {phrase.text for phrase in queries.phrases("missing", "defect")}
    own = [
        demand
        for order, demand in by_order.items()
        if demand.text not in approved
        and demand.text not in (rows[order].material.standard, rows[order].material.name)
    ]
    if not own:
        return OwnWords.NONE
    return OwnWords.FOUNDED if all(d.basis for d in own) else OwnWords.UNFOUNDED


def _lists_all(by_order: dict[int, Demand], rows: dict[int, CaseMaterial]) -> bool:
    """Say whether every required material known to be lacking is in the notice."""
    lacking = {o for o, row in rows.items() if queries.is_lacking(row)}
    return lacking <= by_order.keys()


def _only_what_was_supplied(case: Case, by_order: dict[int, Demand]) -> bool:
    supplied = set(
        Gap.objects.filter(case_material__case=case, supplied_at__isnull=False).values_list(
            "case_material__order", flat=True
        )
    )
    return by_order.keys() <= supplied and all(
        d.problem is MaterialState.DEFECTIVE for d in by_order.values()
    )


def _already_given(case: Case) -> Refusal:
    first = Gap.objects.filter(case_material__case=case).order_by("notice_version").first()
    assert first is not None
    told_at = queries.moment_of(case, first.notice_version)
    return Refusal(
        "case.notice_given",
        "已在%(date)s发过一次性告知。法律要求一次说清：只有补来的材料不合格，才能写明原因再告知一次。",
        basis="许可法32(四)",
        date=f"{local(told_at):%Y-%m-%d}",
    )


@ledger.recorded
def take_correction(
    case: Case,
    *,
    materials: Sequence[Handed],
    identity_checked: bool,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Take what the applicant supplies after a notice (T4); a new receipt clock starts."""
    open_gaps = list(
        Gap.objects.filter(case_material__case=case, supplied_at__isnull=True).select_related(
            "case_material__material"
        )
    )
    handed = one_each(materials, [gap.case_material.order for gap in open_gaps])
    lacking = [o for o, h in handed.items() if h.state is MaterialState.MISSING]
    if lacking:
        raise Refusal(
            "case.gaps_open",
            "告知书要的材料还没交齐（还缺第 %(orders)s 份）。请等齐了一起收，这一件仍在补正中。",
            basis="许可法32(四)",
            orders="、".join(str(order) for order in sorted(lacking)),
        )
    met = {Need.LIST_JUDGED} | ({Need.IDENTITY} if identity_checked else set())
    met |= conditions.of_correction(case, on=day_of(at))
    step = guard(case, Action.TAKE_CORRECTION, by=by, seen=seen, met=met)
    due = receipt_due(at)
    details: dict[str, Fact] = {
        "supplied": [{"order": h.order, "state": h.state.value} for h in handed.values()]
    }
    changes = {
        "complete_at": at,
        "receipt_due_on": due.on,
        "due_provisional": due.provisional,
        "correction_due_on": None,
        **visited(case, at=at),
    }
    taken = [
        (g.case_material.material.name, h.state, h.originals, h.copies)
        for g in open_gaps
        if (h := handed[g.case_material.order])
    ]
    paper = partial(contents.correction_receipt, taken=taken, by=by)
    moved = move(case, step, Effect(changes, details, paper=paper), by=by, at=at)
    for gap in open_gaps:
        each = handed[gap.case_material.order]
        CaseMaterial.objects.filter(pk=gap.case_material_id).update(
            state=each.state.value, originals=each.originals, copies=each.copies
        )
        Gap.objects.filter(pk=gap.pk).update(supplied_at=at)
    return moved


@ledger.recorded
def return_unanswered(case: Case, *, at: datetime) -> Case:
    """Return a case whose applicant let the day of the notice go by (T15); one may apply again.

    The last day is in time to its end, whenever the worker runs; after it nothing is taken any
    more, whether or not the worker has run. Every command settles the case first, so who comes a
    day late is told that it was returned, and applies again.
    """
    met = conditions.of_correction(case, on=day_of(at))
    step = guard(case, Action.RETURN_UNANSWERED, by=TIMER, seen=case.version, met=met)
    paper = partial(contents.returned, by=TIMER)
    return move(case, step, Effect({"ended_at": at}, paper=paper), by=TIMER, at=at)
