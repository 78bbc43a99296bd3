"""What several papers say alike: the case, its way to be followed, its limits and laws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Actor
from onedoor.cases import codes, queries
from onedoor.cases.models import Case, Forwarding
from onedoor.cases.rules import numbers
from onedoor.cases.rules.lifecycle import Step
from onedoor.cases.rules.words import MaterialState
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.rules.limits import Limit
from onedoor.kernel import masking
from onedoor.kernel.clock import day_of
from onedoor.papers.rules import arriving, road
from onedoor.papers.rules.contents import worded

LICENCE_LAW = "《中华人民共和国行政许可法》"


Taken = tuple[str, MaterialState, int, int]
"""A material by name, as it was found, with originals and copies."""


def about(case: Case, step: Step, by: Actor) -> dict[str, str]:
    """Return what every paper of a case says."""
    return {
        "applicant": case.applicant.name,
        "id_masked": masking.id_number(str(case.applicant.id_number)),
        "case_number": numbers.grouped(case.number),
        "item": case.item_version.name,
        "item_version": f"第 {case.item_version.number} 版",
        "clerk": signed(case, step, by),
        "phone": case.item_version.phone,
    }


def signed(case: Case, step: Step, by: Actor) -> str:
    """Return who acts, and for whom a deputy does: the delegation is printed on the paper."""
    return named(by, queries.lender(case, step, by=by))


def named(by: Actor, absent: str) -> str:
    """Return who acts; with the id of an absent colleague, for whom."""
    names = names_of([absent])
    return by.name + (f"（受{names[absent]}委托）" if absent in names else "")


def following(case: Case) -> dict[str, str]:
    """Return what a paper prints so that the case can be followed without an account."""
    token = codes.track_token(case.pk, case.code_key)
    return {
        "alias": case.alias,
        "query_code": codes.query_code(case.pk, case.code_key),
        "progress": settings.PUBLIC_URL + reverse("cases:progress", args=[token]),
    }


def material_rows(taken: Iterable[Taken]) -> tuple[arriving.MaterialRow, ...]:
    """Return the materials as a paper lists them, with what was taken of each."""
    return tuple(
        arriving.MaterialRow(
            name=name,
            found=found.zh,
            taken=""
            if found is MaterialState.MISSING or not originals + copies
            else f"原件 {originals} 份，复印件 {copies} 份",
        )
        for name, found, originals, copies in taken
    )


def taken_of(case: Case) -> list[Taken]:
    """Return the materials as they lie with the case now; one statement."""
    rows = queries.materials_of(case)
    return [(r.material.name, r.found, r.originals, r.copies) for r in rows]


def type_name(case: Case) -> str:
    """Return the kind of the item in the words of the national list, such as 行政许可."""
    return catalogue.item_types().name_of(case.item_version.item_type)


_NOT_A_MATTER = {"10", "20"}
"""其他行政权力, 公共服务: names of a class of powers; nothing is granted that is called so."""


def granted(case: Case) -> str:
    """Return what a decision grants or refuses, as its title says it: 行政许可, 行政给付, 办理."""
    return "办理" if case.item_version.item_type in _NOT_A_MATTER else type_name(case)


def law_of(case: Case, article: str) -> str:
    """Return the article of the licence law; other kinds of items rest on laws of their own."""
    if case.item_version.is_licence:
        return LICENCE_LAW + article
    return "；".join(line for line in case.item_version.legal_basis.splitlines() if line.strip())


def limit_words(limit: Limit | None, due: date | None) -> str:
    """Return a limit and its last day in words; nothing while it is not known."""
    if limit is None or due is None:
        return ""
    how_long = f"{limit.count} 个{limit.unit.zh}" if limit.count else "当场"
    return f"{how_long}，到{worded(due)}"


def due_words(case: Case) -> str:
    """Return the day by which there is a result, in words."""
    due = case.promised_due_on or case.statutory_due_on
    return worded(due) or "没有规定统一期限，办结后通知您"


def foreseen(case: Case) -> str:
    """Say what may stop the clock, as the guide lists it."""
    told = [f"{one.kind.zh}最长 {one.days} 个{one.unit.zh}" for one in case.item_version.procedures]
    if not told:
        return ""
    return f"必要时要{'、'.join(told)}，不计算在办理期限内。启动的，另行书面告诉您。"


def flow_slip(case: Case, step: Step, *, by: Actor) -> road.FlowSlip:
    """流转单: from the receiving to the reviewing desk."""
    assert case.accepted_at is not None
    return road.FlowSlip(
        **about(case, step, by),
        accepted_on=day_of(case.accepted_at),
        due_on=due_words(case),
        unit=case.unit.name,
    )


def upper_body(case: Case) -> str:
    """Name the decision of the upper body that a decision passes on."""
    if case.replied_on is None:
        return ""
    sent = Forwarding.objects.get(case=case)
    return f"{sent.body} {worded(case.replied_on)} {sent.reference}"
