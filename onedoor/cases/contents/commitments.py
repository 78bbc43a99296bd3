"""The papers of a commitment: what was told and vouched for, and that it was found false."""

from __future__ import annotations

from collections.abc import Sequence

from onedoor.accounts.rules import Actor
from onedoor.cases.commitments import Matter
from onedoor.cases.contents.parts import about
from onedoor.cases.county import commitment_rules
from onedoor.cases.models import Case, Verification
from onedoor.cases.rules import numbers
from onedoor.cases.rules.lifecycle import Step
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.kernel import masking
from onedoor.papers.rules import commitments as papers


def check_words(one: Commitment) -> str:
    """Return how and within how long a commitment is checked, in words."""
    if not one.is_checked:
        return one.way.zh
    return f"{one.way.zh}，作出决定后 {one.days} 个{one.unit.zh}内"


def commitment(
    case: Case, step: Step, *, told: Sequence[Matter], way: str, by: Actor
) -> papers.Commitment:
    """告知承诺书: each matter with all that was told of it, and how it was vouched for."""
    months = commitment_rules().false_months
    return papers.Commitment(
        **about(case, step, by),
        matters=tuple(
            papers.MatterRow(
                name=one.matter,
                replaces="、".join(row.material.name for row in rows),
                law=one.basis or "办事指南",
                conditions=one.conditions.replace("\n", " ") or "没有另外的条件",
                content=one.content.replace("\n", " "),
                verification=check_words(one),
                liability=one.liability.replace("\n", " "),
            )
            for _, one, rows in told
        ),
        bar=f"承诺不实的，{months} 个月内不能再用承诺代替材料（事项另有规定的除外）。",
        way=way,
    )


def found_false(check: Verification, *, by: Actor) -> papers.Verification:
    """核查结果告知书: what was found, until when to object, and what follows."""
    case, one = check.case, check.commitment
    assert check.object_by is not None
    assert check.barred_until is not None
    return papers.Verification(
        applicant=case.applicant.name,
        id_masked=masking.id_number(str(case.applicant.id_number)),
        case_number=numbers.grouped(case.number),
        item=case.item_version.name,
        item_version=f"第 {case.item_version.number} 版",
        clerk=by.name,
        phone=case.item_version.phone,
        matter=one.matter,
        content=one.content.replace("\n", " "),
        findings=str(check.findings),
        object_by=check.object_by,
        consequence="没有异议或者异议不成立的，依法撤销根据承诺作出的决定。",
        barred_until=check.barred_until,
    )
