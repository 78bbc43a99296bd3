"""The papers of receipt, correction and acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onedoor.accounts.queries import window_of
from onedoor.accounts.rules import Actor
from onedoor.cases import queries
from onedoor.cases.contents.parts import (
    Taken,
    about,
    due_words,
    following,
    foreseen,
    law_of,
    limit_words,
    material_rows,
)
from onedoor.cases.contents.promises import UNKEPT, promised_rows
from onedoor.cases.models import Case
from onedoor.cases.rules.lifecycle import Step
from onedoor.cases.rules.words import Channel, MaterialState
from onedoor.kernel import money
from onedoor.kernel.clock import day_of
from onedoor.papers.rules import arriving


def submission(
    case: Case, step: Step, sent: Sequence[tuple[str, Channel, int]], *, by: Actor
) -> arriving.Submission:
    """申请回执: what arrived online, and by when the centre looks at it."""
    assert case.precheck_due_on is not None
    return arriving.Submission(
        **about(case, step, by),
        **following(case),
        sent_at=case.moved_at,
        materials=tuple(
            arriving.SentRow(name=name, way=way.zh, files=f"{count} 个文件" if count else "")
            for name, way, count in sent
        ),
        look_by=case.precheck_due_on,
    )


def receipt(case: Case, step: Step, taken: Sequence[Taken], *, by: Actor) -> arriving.Receipt:
    """收件凭证: every material as it was handed in, and when the answer is due."""
    said = _receipt(case, step, taken, by)
    if case.brought_at is not None:
        said |= {"received_at": case.brought_at, "entered_at": case.moved_at}
    return arriving.Receipt(**said)


def correction_receipt(
    case: Case, step: Step, taken: Sequence[Taken], *, by: Actor
) -> arriving.CorrectionReceipt:
    """补正收件凭证: what was supplied after the notice."""
    return arriving.CorrectionReceipt(**_receipt(case, step, taken, by))


def _receipt(case: Case, step: Step, taken: Sequence[Taken], by: Actor) -> dict[str, Any]:
    deemed = case.item_version.deemed_acceptance
    return {
        **about(case, step, by),
        **following(case),
        "received_at": case.moved_at,
        "window": window_of(by.person_id, on=day_of(case.moved_at)),
        "agent": str(case.applicant.agent),
        "materials": material_rows(taken),
        "missing": "、".join(t[0] for t in taken if t[1] is MaterialState.MISSING),
        "answer_by": case.receipt_due_on,
        "deeming": "到期没有告知的，从收到材料那天起就算受理（许可法32）。" if deemed else "",
    }


def correction(
    case: Case, step: Step, gaps: Sequence[arriving.GapRow], again: str, *, by: Actor
) -> arriving.Correction:
    """一次性补正告知书: every gap, what to bring, why, where, until when."""
    assert case.correction_due_on is not None
    return arriving.Correction(
        **about(case, step, by),
        gaps=tuple(gaps),
        supply_by=case.correction_due_on,
        place=case.item_version.place or "政务服务大厅任一综合窗口",
        consequence="到期没有补齐的，我们把材料退还给您，您可以重新申请。",
        again=again,
    )


def acceptance(case: Case, step: Step, *, by: Actor) -> arriving.Acceptance:
    """受理通知书: from when, until when, at what price; by silence where it is so."""
    assert case.accepted_at is not None
    version = case.item_version
    fee = f"{money.yuan(version.fee_fen)}（{version.fee_basis}）" if version.fee_fen else "不收费"
    return arriving.Acceptance(
        **about(case, step, by),
        accepted_on=day_of(case.accepted_at),
        statutory=limit_words(version.statutory, case.statutory_due_on),
        promised=limit_words(version.promised, case.promised_due_on),
        due_on=due_words(case),
        foreseen=foreseen(case),
        fee=fee,
        deemed="五个工作日内没有告知补正，依法从收到材料之日起视为受理。" if case.is_deemed else "",
        promised_materials=promised_rows(case, queries.awaited(case)) if case.is_tolerant else (),
        supply_by=case.supplement_due_on or "",
        consequence=UNKEPT if case.is_tolerant else "",
        basis=law_of(case, "第三十二条"),
    )
