"""The check of what was vouched for (核查): ordered with the decision, done by others, answered.

A false commitment is told with the right to object; what stands is ground to revoke, and bars.

Basis: 国办发〔2020〕42号; 许可法69.
"""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases import contents
from onedoor.cases.county import commitment_rules
from onedoor.cases.events import CheckObjected, CommitmentChecked, ObjectionAnswered
from onedoor.cases.inputs import plain
from onedoor.cases.models import Verification
from onedoor.cases.rules import clock
from onedoor.cases.rules.commitment import HANDS, Broken, Checked
from onedoor.cases.rules.lifecycle import Action
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import queries as history
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.papers import services as papers

CHECKERS = (Role.REVIEWER, Role.HEAD)


@ledger.recorded
def verify(
    check: Verification,
    *,
    outcome: Checked,
    findings: str,
    document: Upload | None,
    by: Actor,
    at: datetime,
) -> Verification:
    """Record what a check found, with its evidence; not by who accepted or decided the case.

    What is found false is told in writing, with the days to object.
    """
    _may_check(check, by)
    text = plain("findings", findings, "核查情况", most=1000)
    if outcome is Checked.NONE:
        raise NotValid("check.no_outcome", "请选核查结果。", field="outcome")
    if document is None and outcome is not Checked.UNCHECKED:
        raise NotValid(
            "check.no_evidence", "请上传核查的证据：照片、查询结果或者记录。", field="document"
        )
    today, rules = day_of(at), commitment_rules()
    changes: dict[str, object] = {
        "outcome": outcome.value,
        "findings": text,
        "document": document.file if document else None,
        "document_name": document.name if document else "",
        "checked_by": by.ref,
        "checked_at": at,
    }
    if outcome is Checked.FALSE:
        until = clock.due(today, rules.objection, calendar=calendar.working_days()).on
        changes |= {
            "object_by": until,
            "barred_until": rules.barred_until(Broken.FALSE, today),
        }
    done = _changed(check, changes, outcome="")
    event = CommitmentChecked(
        subject=done.subject,
        outcome=outcome.value,
        findings=salted(text, done.salt),
        document=document.file.digest if document else "",
        object_by=done.object_by or "",
        barred_until=done.barred_until or "",
    )
    ledger.record(event, by=by.ref, at=at)
    if outcome is Checked.FALSE:
        papers.issue(
            contents.found_false(done, by=by),
            unit=done.case.unit,
            subject=done.subject,
            one_seal=done.case.former_unit_id is not None,
            by=by,
            at=at,
        )
    return done


def _may_check(check: Verification, by: Actor) -> None:
    if not by.roles_in(check.case.unit_id) & set(CHECKERS):
        raise NotAllowed("check.wrong_role", "核查由本单位的审批岗或者负责人来做。")
    entries = history.history(check.case.subject)
    hands = {e.actor for e in entries if Action(e.facts["action"]) in HANDS}
    if by.ref in hands:
        raise Refusal(
            "check.same_person", "收承诺、受理或者决定这一件的人不能核查它，请换一位同事。"
        )


def _changed(check: Verification, changes: dict[str, object], **was: object) -> Verification:
    """Change the row if nobody else has, and return it as it is."""
    # Encrypted fields are saved through the row; the condition is met first, by itself.
    kept = Verification.objects.select_for_update(of=("self",)).filter(pk=check.pk, **was).first()
    if kept is None:
        raise Refusal("check.done", "这项核查刚刚有人办过了，请看最新的情况。")
    for name, value in changes.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(changes))
    return Verification.objects.select_related(
        "case__item_version", "case__unit", "case__applicant", "case__item"
    ).get(pk=check.pk)


@ledger.recorded
def object_to(
    check: Verification, *, text: str, identity_checked: bool, by: Actor, at: datetime
) -> Verification:
    """Take down the applicant's objection to what a check found, within the days told.

    The last day is in time to its end; while it is not answered nothing is revoked and nobody
    is barred by it.
    """
    if not by.roles_in(check.case.unit_id) & {Role.DESK, *CHECKERS}:
        raise NotAllowed("check.objection_role", "异议由综合窗口或者本单位登记。")
    if not identity_checked:
        raise NotValid("check.identity", "请先核对申请人的证件，再勾选。", field="identity_checked")
    said = plain("text", text, "异议的理由", most=1000)
    if check.result is not Checked.FALSE or check.object_by is None:
        raise Refusal("check.not_false", "核查没有认定承诺不实，不用提出异议。")
    if day_of(at) > check.object_by:
        raise Refusal(
            "check.objection_late",
            "异议要在 %(until)s 前提出，现在已经过了。不服撤销决定的，可以申请行政复议。",
            until=check.object_by,
        )
    done = _changed(check, {"objection": said, "objected_at": at}, objected_at=None)
    event = CheckObjected(subject=done.subject, text=salted(said, done.salt))
    ledger.record(event, by=by.ref, at=at)
    return done


@ledger.recorded
def answer_objection(
    check: Verification, *, is_upheld: bool, text: str, by: Actor, at: datetime
) -> Verification:
    """Uphold an objection or turn it down, with reasons; by the head, who did not check.

    Upheld, the finding bars nobody and is no ground to revoke.
    """
    if Role.HEAD not in by.roles_in(check.case.unit_id):
        raise NotAllowed("check.head_only", "异议由本单位负责人答复。")
    if check.checked_by == by.ref:
        raise Refusal("check.own_finding", "核查是您做的，异议要由另一位负责人答复。")
    if check.objected_at is None:
        raise Refusal("check.no_objection", "没有人提出异议。")
    said = plain("text", text, "理由", most=1000)
    changes: dict[str, object] = {
        "is_upheld": is_upheld,
        "answer": said,
        "answered_by": by.ref,
        "answered_at": at,
    }
    done = _changed(check, changes, is_upheld=None)
    event = ObjectionAnswered(
        subject=done.subject, is_upheld=is_upheld, text=salted(said, done.salt)
    )
    ledger.record(event, by=by.ref, at=at)
    return done
