"""The papers of a promised supplement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onedoor.accounts.rules import Actor
from onedoor.cases.contents.parts import Taken, about, material_rows, taken_of
from onedoor.cases.models import Case, CaseMaterial
from onedoor.cases.rules.lifecycle import Step
from onedoor.cases.rules.words import MaterialState
from onedoor.catalogue.models import Material
from onedoor.catalogue.rules.words import Form
from onedoor.papers.rules import arriving, procedures
from onedoor.papers.rules.contents import worded


def promised_rows(case: Case, waits: Iterable[CaseMaterial]) -> tuple[arriving.PromisedRow, ...]:
    """Return what may follow, each in the form it is asked for."""
    return tuple(
        arriving.PromisedRow(name=row.material.name, form=form_words(row.material)) for row in waits
    )


def form_words(asked: Material) -> str:
    """Return in what form, and how many of it, a material is asked for."""
    counts = [f"原件 {asked.originals} 份"] if asked.originals else []
    counts += [f"复印件 {asked.copies} 份"] if asked.copies else []
    return f"{Form(asked.form).zh}，{'，'.join(counts)}" if counts else Form(asked.form).zh


UNKEPT = "到期没有补齐的，作退件处理，材料退还给您，您可以重新申请。补齐以前不能作出准予决定。"


def promise(
    case: Case, step: Step, *, waits: Sequence[CaseMaterial], by: Actor
) -> procedures.Promise:
    """容缺受理承诺书: what is to follow, in what form, by when, and what if it does not."""
    days = case.item_version.tolerance_days
    return procedures.Promise(
        **about(case, step, by),
        materials=promised_rows(case, waits),
        supply_by=f"受理之日起 {days} 个工作日内（受理通知书写明到哪一天）",
        consequence=UNKEPT,
    )


def supplement_receipt(
    case: Case, step: Step, taken: Sequence[Taken], *, by: Actor
) -> arriving.SupplementReceipt:
    """容缺补交收件凭证: what came of what was promised, and what is still to come by when."""
    awaited = [name for name, found, _, _ in taken if found is not MaterialState.OK]
    due = case.supplement_due_on
    by_day = f"，请在{worded(due)}前补交" if due else "，请在受理通知书写明的日期前补交"
    return arriving.SupplementReceipt(
        **about(case, step, by),
        received_at=case.moved_at,
        materials=material_rows(taken),
        awaited="、".join(awaited) + by_day if awaited else "",
    )


def returned_unkept(
    case: Case, step: Step, *, waits: Sequence[CaseMaterial], by: Actor
) -> procedures.Return:
    """退件通知书: what was promised and did not come by its day."""
    assert case.supplement_due_on is not None
    names = "、".join(f"“{row.material.name}”" for row in waits)
    due = worded(case.supplement_due_on)
    return procedures.Return(
        **about(case, step, by),
        reason=f"容缺受理时您承诺补交{names}，到{due}没有收到合格的材料。",
        materials=material_rows([t for t in taken_of(case) if t[2] + t[3]]),
        again="材料备齐后您可以重新申请，不影响您的权利。",
    )
