"""Commitment instead of a material (告知承诺): told, signed or declared, and the office goes on.

Whoever has a broken promise on record hands the papers in like everybody before.

Basis: 国办发〔2020〕42号; 优化营商环境条例19, 40.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.cases import contents, queries
from onedoor.cases.commitments import Matter, bar_of, committable, matters
from onedoor.cases.county import commitment_rules
from onedoor.cases.models import Case, CaseMaterial
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.rules.words import Promised
from onedoor.cases.services.moving import Effect, guard, move
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def commit(
    case: Case,
    *,
    orders: Collection[int],
    identity_checked: bool,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Take the applicant's commitment instead of these materials (T5h); they need not come.

    The paper is printed and signed at the window; its scan is kept with the material.
    """
    met = queries.completeness(case) | ({Need.IDENTITY} if identity_checked else set())
    step = guard(case, Action.COMMIT, by=by, seen=seen, met=met)
    rows = _chosen(case, orders)
    told = matters(case, rows)
    refuse_barred(case, told, on=day_of(at))
    paper = partial(contents.commitment, told=told, way="申请人当面签名", by=by)
    moved = move(case, step, Effect({}, _facts(rows), paper=paper), by=by, at=at)
    _mark(rows)
    return moved


@ledger.recorded
def commit_online(
    case: Case, *, orders: Collection[int], seen: int, by: Actor, at: datetime
) -> Case:
    """Take a commitment declared online (T1a), part of sending the application.

    What a stranger learns of a record is no more than that this way is not open.
    """
    rows = _chosen(case, orders)
    step = guard(case, Action.COMMIT_ONLINE, by=by, seen=seen, met={Need.COMMITTABLE})
    told = matters(case, rows)
    if _is_barred(case, told, on=day_of(at)):
        raise Refusal(
            "case.not_on_commitment",
            "这次申请不能用承诺代替材料。请交齐材料，或者带上证件到窗口问。",
            basis=commitment_rules().basis,
        )
    paper = partial(contents.commitment, told=told, way="网上逐项看过并勾选", by=by)
    moved = move(case, step, Effect({}, _facts(rows), paper=paper), by=by, at=at)
    _mark(rows)
    return moved


def _chosen(case: Case, orders: Collection[int]) -> list[CaseMaterial]:
    listed = case.materials.select_related("material").order_by("order")
    able = {row.order: row for row in committable(case, listed)}
    if not orders:
        raise NotValid("case.nothing_committed", "请选用承诺代替哪几份材料。", field="orders")
    if unknown := set(orders) - able.keys():
        raise NotValid(
            "case.not_committable",
            "第 %(order)s 份材料不能用承诺代替：事项没有这样规定，或者已经交了。",
            field="orders",
            order=min(unknown),
        )
    return [row for order, row in able.items() if order in orders]


def _is_barred(case: Case, told: Sequence[Matter], *, on: date) -> bool:
    is_open = all(matter.commitment.is_open_to_broken for matter in told)
    return not is_open and bar_of(case.applicant.id_index, on=on) is not None


def refuse_barred(case: Case, told: Sequence[Matter], *, on: date) -> None:
    """Refuse a promise of somebody whose last one was not kept, until its record has run out."""
    if all(matter.commitment.is_open_to_broken for matter in told) and told:
        return
    bar = bar_of(case.applicant.id_index, on=on)
    if bar is not None:
        raise Refusal(
            "case.barred",
            "申请人 %(on)s 有一次%(what)s（短号 %(alias)s），到 %(until)s 为止不能用承诺代替材料，"
            "也不能容缺。请照常交齐材料，一样办。",
            basis=commitment_rules().basis,
            on=bar.on,
            what=bar.what,
            alias=bar.alias,
            until=bar.until,
        )


def _facts(rows: Sequence[CaseMaterial]) -> dict[str, Fact]:
    return {"committed": [row.order for row in rows]}


def _mark(rows: Sequence[CaseMaterial]) -> None:
    CaseMaterial.objects.filter(pk__in=[row.pk for row in rows]).update(
        promised=Promised.COMMITTED.value
    )
