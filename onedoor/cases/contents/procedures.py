"""The papers of what comes between: special procedures, extension, forwarding, return."""

from __future__ import annotations

from datetime import date

from onedoor.accounts.rules import Actor
from onedoor.cases import queries
from onedoor.cases.contents.parts import about, due_words, law_of, material_rows, taken_of
from onedoor.cases.models import ApplicationMember, Case, Proposal
from onedoor.cases.rules.lifecycle import Step
from onedoor.cases.rules.words import MaterialState
from onedoor.catalogue.rules.content import SpecialProcedure
from onedoor.catalogue.rules.words import SpecialKind
from onedoor.kernel.clock import day_of
from onedoor.papers.rules import procedures, road
from onedoor.papers.rules.contents import worded


def special(
    case: Case,
    step: Step,
    *,
    proposal: Proposal,
    listed: SpecialProcedure,
    until: date,
    by: Actor,
) -> road.Special:
    """特别程序告知书: which procedure, why, by which law, how long, from when."""
    how_long = f"{proposal.planned_days} 个{listed.unit.zh}（到{worded(until)}）"
    return road.Special(
        **about(case, step, by),
        procedure=listed.kind.zh,
        explanation=queries.note_of(case, proposal.version),
        law=listed.basis or law_of(case, "第四十五条"),
        planned=how_long,
        stopped_on=worded(day_of(case.moved_at)),
    )


def special_over(
    case: Case, step: Step, *, kind: SpecialKind, result: str, by: Actor
) -> road.Special:
    """特别程序告知书 when the clock runs again: with which result, and until when."""
    return road.Special(
        **about(case, step, by),
        procedure=kind.zh,
        explanation=result,
        law=law_of(case, "第四十五条"),
        resumed_on=worded(day_of(case.moved_at)),
        due_on=due_words(case),
    )


def extension(
    case: Case, step: Step, reason: str, days: int, was: date | None, *, by: Actor
) -> procedures.Extension:
    """延期告知书: why, by how much, until when, approved by whom."""
    due = case.statutory_due_on or case.promised_due_on
    assert due is not None
    assert was is not None
    return procedures.Extension(
        **about(case, step, by),
        reason=reason,
        days=f"{days} 个工作日",
        was_due_on=was,
        due_on=due,
        approver=by.name,
        law=law_of(case, "第四十二条"),
    )


def return_list(case: Case, step: Step, reason: str, *, by: Actor) -> road.ReturnList:
    """材料退还清单: what goes back."""
    there = [t for t in taken_of(case) if t[1] is not MaterialState.MISSING]
    return road.ReturnList(
        **about(case, step, by), reason=reason or "申请人撤回申请", materials=material_rows(there)
    )


def forward(case: Case, step: Step, *, upper: str, opinion: str, by: Actor) -> procedures.Forward:
    """转报函: the first opinion and every material, to the body that decides."""
    assert case.accepted_at is not None
    return procedures.Forward(
        **about(case, step, by),
        upper=upper,
        opinion=opinion,
        materials=material_rows(taken_of(case)),
        accepted_on=day_of(case.accepted_at),
    )


def forward_notice(case: Case, step: Step, *, upper: str, by: Actor) -> procedures.ForwardNotice:
    """转报告知书: who decides now, and when an answer is expected."""
    assert case.forwarded_at is not None
    due = worded(case.upper_due_on)
    return procedures.ForwardNotice(
        **about(case, step, by),
        upper=upper,
        forwarded_on=day_of(case.forwarded_at),
        no_more=f"上级机关不会要求您重复提交材料，预计{due}前有结果；有了结果，我们告诉您。",
    )


def returned(case: Case, step: Step, *, by: Actor) -> procedures.Return:
    """退件通知书: what was asked and did not come, and which papers go back."""
    assert case.noticed_at is not None
    assert case.correction_due_on is not None
    told, due = worded(day_of(case.noticed_at)), worded(case.correction_due_on)
    # What was handed in once for several cases stays with the others.
    is_shared = ApplicationMember.objects.filter(case=case).exists()
    handed = [] if is_shared else [t for t in taken_of(case) if t[2] + t[3]]
    return procedures.Return(
        **about(case, step, by),
        reason=f"{told}告知补正，到{due}没有收到补齐的材料。",
        materials=material_rows(handed),
        again="材料备齐后您可以重新申请，不影响您的权利。",
    )
