"""What the paper of each step says, taken from the case as it is at that step.

The paper keeps these words: printed again after a correction, an old receipt still shows what was
found when it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from onedoor.accounts.queries import card_of, people_in, window_of
from onedoor.accounts.rules import Actor, Role
from onedoor.cases import codes, queries
from onedoor.cases.inputs import Recipient
from onedoor.cases.joint import Child, Whole
from onedoor.cases.models import (
    Application,
    ApplicationMaterial,
    ApplicationMember,
    Case,
    CaseMaterial,
    Forwarding,
    Hearing,
    Licence,
    Posting,
    Proposal,
    Survey,
)
from onedoor.cases.rules import numbers
from onedoor.cases.rules.delivery import Relation
from onedoor.cases.rules.joint import Leg
from onedoor.cases.rules.licences import (
    LAWS,
    CancellationGround,
    RevocationGround,
    consequence,
)
from onedoor.cases.rules.lifecycle import Outcome, Step
from onedoor.cases.rules.words import Channel, IdType, MaterialState
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.models import Material
from onedoor.catalogue.rules.content import SpecialProcedure
from onedoor.catalogue.rules.limits import Limit
from onedoor.catalogue.rules.words import Form, SpecialKind
from onedoor.kernel import masking, money
from onedoor.kernel.clock import day_of
from onedoor.papers import pack
from onedoor.papers import queries as papers
from onedoor.papers.rules import endings, procedures, road
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.kinds import Kind

LICENCE = "01"
LICENCE_LAW = "《中华人民共和国行政许可法》"
Taken = tuple[str, MaterialState, int, int]
"""A material by name, as it was found, with originals and copies."""


def _case(case: Case, step: Step, by: Actor) -> dict[str, str]:
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
    return _named(by, queries.lender(case, step, by=by))


def _named(by: Actor, absent: str) -> str:
    names = people_in({UUID(absent.removeprefix("person:"))}) if absent else {}
    return by.name + (f"（受{names[absent]}委托）" if absent in names else "")


def _following(case: Case) -> dict[str, str]:
    token = codes.track_token(case.pk, case.code_key)
    return {
        "alias": case.alias,
        "query_code": codes.query_code(case.pk, case.code_key),
        "progress": settings.PUBLIC_URL + reverse("cases:progress", args=[token]),
    }


def _rows(taken: Iterable[Taken]) -> tuple[road.MaterialRow, ...]:
    return tuple(
        road.MaterialRow(
            name=name,
            found=found.zh,
            taken=""
            if found is MaterialState.MISSING or not originals + copies
            else f"原件 {originals} 份，复印件 {copies} 份",
        )
        for name, found, originals, copies in taken
    )


def _taken(case: Case) -> list[Taken]:
    """Return the materials as they lie with the case now; one statement."""
    rows = case.materials.select_related("material").order_by("order")
    return [(r.material.name, r.found, r.originals, r.copies) for r in rows]


def _type_name(case: Case) -> str:
    return catalogue.item_types().name_of(case.item_version.item_type)


_NOT_A_MATTER = {"10", "20"}
"""其他行政权力, 公共服务: names of a class of powers; nothing is granted that is called so."""


def _granted(case: Case) -> str:
    """Return what a decision grants or refuses, as its title says it: 行政许可, 行政给付, 办理."""
    return "办理" if case.item_version.item_type in _NOT_A_MATTER else _type_name(case)


def _law(case: Case, article: str) -> str:
    """Return the article of the licence law; other kinds of items rest on laws of their own."""
    if case.item_version.item_type == LICENCE:
        return LICENCE_LAW + article
    return "；".join(line for line in case.item_version.legal_basis.splitlines() if line.strip())


def _limit(limit: Limit | None, due: date | None) -> str:
    if limit is None or due is None:
        return ""
    how_long = f"{limit.count} 个{limit.unit.zh}" if limit.count else "当场"
    return f"{how_long}，到{worded(due)}"


def submission(
    case: Case, step: Step, sent: Sequence[tuple[str, Channel, int]], *, by: Actor
) -> road.Submission:
    """申请回执: what arrived online, and by when the centre looks at it."""
    assert case.precheck_due_on is not None
    return road.Submission(
        **_case(case, step, by),
        **_following(case),
        sent_at=case.moved_at,
        materials=tuple(
            road.SentRow(name=name, way=way.zh, files=f"{count} 个文件" if count else "")
            for name, way, count in sent
        ),
        look_by=case.precheck_due_on,
    )


def receipt(case: Case, step: Step, taken: Sequence[Taken], *, by: Actor) -> road.Receipt:
    """收件凭证: every material as it was handed in, and when the answer is due."""
    return road.Receipt(**_receipt(case, step, taken, by))


def joint_receipt(
    whole: Whole,
    materials: Iterable[ApplicationMaterial],
    *,
    clerk: str,
    answer_by: date,
    by: Actor,
) -> road.JointReceipt:
    """联合申请收件凭证: every member and every material, and how to follow all of it."""
    application, rows = whole.application, list(materials)
    person = application.applicant
    token = codes.track_token(application.pk, application.code_key)
    phones = [c.case.item_version.phone for c in whole.children if c.case]
    return road.JointReceipt(
        applicant=person.name,
        id_masked=masking.id_number(str(person.id_number)),
        number=numbers.grouped(application.number),
        package=application.name,
        received_at=application.received_at,
        window=window_of(by.person_id, on=day_of(application.received_at)),
        clerk=clerk,
        phone=next(iter(phones), ""),
        agent=str(person.agent),
        members=tuple(_member(child, leg) for child, leg in whole.legs),
        materials=_rows((r.name, r.found, r.originals, r.copies) for r in rows),
        missing="、".join(r.name for r in rows if r.found is MaterialState.MISSING),
        answer_by=answer_by,
        done_by=worded(whole.road.due_on),
        alias=application.alias,
        query_code=codes.query_code(application.pk, application.code_key),
        progress=settings.PUBLIC_URL + reverse("cases:joint_progress", args=[token]),
    )


def _member(child: Child, leg: Leg | None) -> road.MemberRow:
    before = child.member.after
    due = leg.due_on if leg else None
    return road.MemberRow(
        name=child.name,
        unit=child.member.item.unit.name,
        handling=f"第 {before.order} 项办好后自动开始" if before else "已收件",
        due=f"最晚{worded(due)}有结果" if due else "",
        case_number=numbers.grouped(child.case.number) if child.case else "",
    )


def correction_receipt(
    case: Case, step: Step, taken: Sequence[Taken], *, by: Actor
) -> road.CorrectionReceipt:
    """补正收件凭证: what was supplied after the notice."""
    return road.CorrectionReceipt(**_receipt(case, step, taken, by))


def _receipt(case: Case, step: Step, taken: Sequence[Taken], by: Actor) -> dict[str, Any]:
    deemed = case.item_version.deemed_acceptance
    return {
        **_case(case, step, by),
        **_following(case),
        "received_at": case.moved_at,
        "window": window_of(by.person_id, on=day_of(case.moved_at)),
        "agent": str(case.applicant.agent),
        "materials": _rows(taken),
        "missing": "、".join(t[0] for t in taken if t[1] is MaterialState.MISSING),
        "answer_by": case.receipt_due_on,
        "deeming": "到期没有告知的，从收到材料那天起就算受理（许可法32）。" if deemed else "",
    }


def correction(
    case: Case, step: Step, gaps: Sequence[road.GapRow], again: str, *, by: Actor
) -> road.Correction:
    """一次性补正告知书: every gap, what to bring, why, where, until when."""
    assert case.correction_due_on is not None
    return road.Correction(
        **_case(case, step, by),
        gaps=tuple(gaps),
        supply_by=case.correction_due_on,
        place=case.item_version.place or "政务服务大厅任一综合窗口",
        consequence="到期没有补齐的，我们把材料退还给您，您可以重新申请。",
        again=again,
    )


def _due(case: Case) -> str:
    due = case.promised_due_on or case.statutory_due_on
    return worded(due) or "没有规定统一期限，办结后通知您"


def acceptance(case: Case, step: Step, *, by: Actor) -> road.Acceptance:
    """受理通知书: from when, until when, at what price; by silence where it is so."""
    assert case.accepted_at is not None
    version = case.item_version
    fee = f"{money.yuan(version.fee_fen)}（{version.fee_basis}）" if version.fee_fen else "不收费"
    return road.Acceptance(
        **_case(case, step, by),
        accepted_on=day_of(case.accepted_at),
        statutory=_limit(version.statutory, case.statutory_due_on),
        promised=_limit(version.promised, case.promised_due_on),
        due_on=_due(case),
        foreseen=_foreseen(case),
        fee=fee,
        deemed="五个工作日内没有告知补正，依法从收到材料之日起视为受理。" if case.is_deemed else "",
        promised_materials=_promised(case, queries.awaited(case)) if case.is_tolerant else (),
        supply_by=case.supplement_due_on or "",
        consequence=UNKEPT if case.is_tolerant else "",
        basis=_law(case, "第三十二条"),
    )


def _promised(case: Case, waits: Iterable[CaseMaterial]) -> tuple[road.PromisedRow, ...]:
    """Return what may follow, each in the form it is asked for."""
    return tuple(
        road.PromisedRow(name=row.material.name, form=_form(row.material)) for row in waits
    )


def _form(asked: Material) -> str:
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
        **_case(case, step, by),
        materials=_promised(case, waits),
        supply_by=f"受理之日起 {days} 个工作日内（受理通知书写明到哪一天）",
        consequence=UNKEPT,
    )


def supplement_receipt(
    case: Case, step: Step, taken: Sequence[Taken], *, by: Actor
) -> road.SupplementReceipt:
    """容缺补交收件凭证: what came of what was promised, and what is still to come by when."""
    awaited = [name for name, found, _, _ in taken if found is not MaterialState.OK]
    due = case.supplement_due_on
    by_day = f"，请在{worded(due)}前补交" if due else "，请在受理通知书写明的日期前补交"
    return road.SupplementReceipt(
        **_case(case, step, by),
        received_at=case.moved_at,
        materials=_rows(taken),
        awaited="、".join(awaited) + by_day if awaited else "",
    )


def _foreseen(case: Case) -> str:
    """Say what may stop the clock, as the guide lists it."""
    told = [f"{one.kind.zh}最长 {one.days} 个{one.unit.zh}" for one in case.item_version.procedures]
    if not told:
        return ""
    return f"必要时要{'、'.join(told)}，不计算在办理期限内。启动的，另行书面告诉您。"


def flow_slip(case: Case, step: Step, *, by: Actor) -> road.FlowSlip:
    """流转单: from the receiving to the reviewing desk."""
    assert case.accepted_at is not None
    return road.FlowSlip(
        **_case(case, step, by),
        accepted_on=day_of(case.accepted_at),
        due_on=_due(case),
        unit=case.unit.name,
    )


def _refusing(case: Case, step: Step, reason: str, law: str, by: Actor) -> dict[str, str]:
    told = pack.words()
    return {
        **_case(case, step, by),
        "item_type": _type_name(case),
        "reason": reason,
        "law": law,
        "review_body": told.review_body,
        "review_limit": "60 日",
        "court": told.court,
        "suit_limit": "6 个月",
    }


def rejection(
    case: Case, step: Step, reason: str, law: str, competent: str, *, by: Actor
) -> road.Rejection:
    """不予受理决定书: why, by which law, who is competent instead, and the remedies."""
    return road.Rejection(**_refusing(case, step, reason, law, by), competent=competent)


def refusal(
    case: Case, step: Step, facts: str, reason: str, law: str, *, by: Actor
) -> road.NotGranted:
    """不予决定书: the facts the decider found, beside reason, law and remedies."""
    assert case.accepted_at is not None
    assert case.received_at is not None
    course = (
        f"我机关于{worded(day_of(case.received_at))}收到您的申请，"
        f"{worded(day_of(case.accepted_at))}受理。经审查查明：{facts}"
    )
    said = _refusing(case, step, reason, law, by) | {"item_type": _granted(case)}
    return road.NotGranted(**said, facts=course, upper=_upper(case))


def grant(
    case: Case, step: Step, *, by: Actor, attached: str = "", silent: bool = False
) -> road.Grant:
    """准予许可决定书: what is granted, for how long, when it can be fetched; by silence or not."""
    return road.Grant(
        **_case(case, step, by),
        item_type=_granted(case),
        content=case.item_version.name,
        upper=_upper(case),
        result=case.item_version.result_name,
        validity=case.item_version.validity,
        conditions=attached,
        deemed="原证照到期前没有作出决定，依法视为准予延续。" if silent else "",
        deliver_by=f"{worded(case.delivery_due_on)}前" if case.delivery_due_on else "",
        law=_law(case, "第五十条第二款" if silent else "第三十八条第一款"),
    )


def ending(
    licence: Licence,
    ground: RevocationGround | CancellationGround,
    facts: str,
    granted_by: str,
    *,
    on: date,
    by: Actor,
) -> endings.Ending:
    """撤销决定书、注销决定书: what ends, on which facts, by which law, and the remedies."""
    told, version = pack.words(), licence.case.item_version
    last = f"至{worded(licence.valid_to)}" if licence.valid_to else "起长期有效"
    said: dict[str, Any] = {
        "holder": licence.applicant.name,
        "id_masked": masking.id_number(str(licence.applicant.id_number)),
        "licence_number": licence.number,
        "item": version.name,
        "granted_by": granted_by,
        "valid": worded(licence.valid_from) + last,
        "ground": ground.zh,
        "facts": facts,
        "law": LAWS[ground],
        "ended_on": on,
        "decided_by": _named(by, by.acting_for(Role.HEAD, licence.unit_id)),
        "phone": version.phone,
        "review_body": told.review_body,
        "review_limit": "60 日",
        "court": told.court,
        "suit_limit": "6 个月",
    }
    if isinstance(ground, RevocationGround):
        return endings.Revocation(**said, consequence=consequence(ground))
    return endings.Cancellation(**said)


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
        **_case(case, step, by),
        procedure=listed.kind.zh,
        explanation=queries.note_of(case, proposal.version),
        law=listed.basis or _law(case, "第四十五条"),
        planned=how_long,
        stopped_on=worded(day_of(case.moved_at)),
    )


def special_over(
    case: Case, step: Step, *, kind: SpecialKind, result: str, by: Actor
) -> road.Special:
    """特别程序告知书 when the clock runs again: with which result, and until when."""
    return road.Special(
        **_case(case, step, by),
        procedure=kind.zh,
        explanation=result,
        law=_law(case, "第四十五条"),
        resumed_on=worded(day_of(case.moved_at)),
        due_on=_due(case),
    )


def extension(
    case: Case, step: Step, reason: str, days: int, was: date | None, *, by: Actor
) -> procedures.Extension:
    """延期告知书: why, by how much, until when, approved by whom."""
    due = case.statutory_due_on or case.promised_due_on
    assert due is not None
    assert was is not None
    return procedures.Extension(
        **_case(case, step, by),
        reason=reason,
        days=f"{days} 个工作日",
        was_due_on=was,
        due_on=due,
        approver=by.name,
        law=_law(case, "第四十二条"),
    )


def joint_extension(
    application: Application, *, reason: str, was: date, due: date, by: Actor
) -> procedures.Extension:
    """延期告知书 for all cases of a joint application, approved by the head of the government."""
    person = application.applicant
    return procedures.Extension(
        applicant=person.name,
        id_masked=masking.id_number(str(person.id_number)),
        case_number=numbers.grouped(application.number),
        item=application.name,
        item_version=f"{application.members.count()} 项联合办理",
        clerk=by.name,
        reason=reason,
        days=f"{application.extended_days} 个工作日",
        was_due_on=was,
        due_on=due,
        approver=f"{Role.GOVERNMENT.zh}{by.name}",
        law=f"{LICENCE_LAW}第四十二条第二款",
    )


def return_list(case: Case, step: Step, reason: str, *, by: Actor) -> road.ReturnList:
    """材料退还清单: what goes back."""
    there = [t for t in _taken(case) if t[1] is not MaterialState.MISSING]
    return road.ReturnList(
        **_case(case, step, by), reason=reason or "申请人撤回申请", materials=_rows(there)
    )


def forward(case: Case, step: Step, *, upper: str, opinion: str, by: Actor) -> procedures.Forward:
    """转报函: the first opinion and every material, to the body that decides."""
    assert case.accepted_at is not None
    return procedures.Forward(
        **_case(case, step, by),
        upper=upper,
        opinion=opinion,
        materials=_rows(_taken(case)),
        accepted_on=day_of(case.accepted_at),
    )


def forward_notice(case: Case, step: Step, *, upper: str, by: Actor) -> procedures.ForwardNotice:
    """转报告知书: who decides now, and when an answer is expected."""
    assert case.forwarded_at is not None
    due = worded(case.upper_due_on)
    return procedures.ForwardNotice(
        **_case(case, step, by),
        upper=upper,
        forwarded_on=day_of(case.forwarded_at),
        no_more=f"上级机关不会要求您重复提交材料，预计{due}前有结果；有了结果，我们告诉您。",
    )


def _upper(case: Case) -> str:
    """Name the decision of the upper body that a decision passes on."""
    if case.replied_on is None:
        return ""
    sent = Forwarding.objects.get(case=case)
    return f"{sent.body} {worded(case.replied_on)} {sent.reference}"


def returned(case: Case, step: Step, *, by: Actor) -> procedures.Return:
    """退件通知书: what was asked and did not come, and which papers go back."""
    assert case.noticed_at is not None
    assert case.correction_due_on is not None
    told, due = worded(day_of(case.noticed_at)), worded(case.correction_due_on)
    # What was handed in once for several cases stays with the others.
    is_shared = ApplicationMember.objects.filter(case=case).exists()
    handed = [] if is_shared else [t for t in _taken(case) if t[2] + t[3]]
    return procedures.Return(
        **_case(case, step, by),
        reason=f"{told}告知补正，到{due}没有收到补齐的材料。",
        materials=_rows(handed),
        again="材料备齐后您可以重新申请，不影响您的权利。",
    )


def returned_unkept(
    case: Case, step: Step, *, waits: Sequence[CaseMaterial], by: Actor
) -> procedures.Return:
    """退件通知书: what was promised and did not come by its day."""
    assert case.supplement_due_on is not None
    names = "、".join(f"“{row.material.name}”" for row in waits)
    due = worded(case.supplement_due_on)
    return procedures.Return(
        **_case(case, step, by),
        reason=f"容缺受理时您承诺补交{names}，到{due}没有收到合格的材料。",
        materials=_rows([t for t in _taken(case) if t[2] + t[3]]),
        again="材料备齐后您可以重新申请，不影响您的权利。",
    )


def delivery(
    case: Case,
    step: Step,
    recipient: Recipient,
    *,
    by: Actor,
    posting: Posting | None = None,
    signed_on: date | None = None,
) -> road.Delivery:
    """送达回证: which papers, how, to whom, when; by post, on the day of the carrier's receipt."""
    decided = {Kind.GRANT.value, Kind.REFUSAL.value}
    handed = [p for p in papers.of(case.number) if p.kind in decided]
    rows = [road.DeliveryRow(name=papers.page_of(p).title, number=p.number) for p in handed]
    if case.item_version.result_name and case.result is Outcome.GRANTED:
        rows.append(road.DeliveryRow(name=case.item_version.result_name, number=""))
    person = case.applicant
    id_type, id_number = recipient.id_type, recipient.id_number
    if recipient.relation is Relation.SELF and posting is None:
        id_type, id_number = IdType(person.id_type), str(person.id_number)
    return road.Delivery(
        **_case(case, step, by),
        papers=tuple(rows),
        way="邮寄" if posting else "窗口领取",
        waybill=f"{posting.carrier} {posting.waybill}" if posting else "",
        recipient=recipient.name,
        relation=recipient.relation.zh,
        recipient_id=f"{id_type.zh} {masking.id_number(id_number)}" if id_type else "",
        authority=recipient.authority,
        delivered_at=signed_on or case.moved_at,
    )


def at_once(case: Case, step: Step, *, by: Actor) -> road.AtOnce:
    """收件受理决定合并回执: one paper for one visit."""
    return road.AtOnce(
        **_case(case, step, by),
        **_following(case),
        done_at=case.moved_at,
        materials=_rows(_taken(case)),
        content=case.item_version.name,
        result=case.item_version.result_name,
    )


def survey(
    case: Case, step: Step, *, survey: Survey, findings: str, by: Actor
) -> procedures.Survey:
    """勘验记录: who went, when and where, what they saw, signed by both."""
    assert survey.surveyed_at is not None
    on = day_of(survey.surveyed_at)
    return procedures.Survey(
        **_case(case, step, by),
        surveyors=tuple(
            procedures.SurveyorRow(name=person.name, card=card_of(person, on=on))
            for person in (survey.first, survey.second)
        ),
        surveyed_at=survey.surveyed_at,
        place=str(survey.place),
        findings=findings,
        opinion="符合条件。" if survey.passed else "不符合条件。",
    )


def hearing_right(
    case: Case, step: Step, *, reason: str, ask_by: date, by: Actor
) -> procedures.HearingRight:
    """听证告知书: that a hearing may be asked for, where and until when."""
    return procedures.HearingRight(
        **_case(case, step, by),
        addressee="申请人、利害关系人",
        matter=reason,
        ask_within=f"五个工作日（到{worded(ask_by)}）",
        where=case.item_version.place or "政务服务大厅任一综合窗口",
        law=_law(case, "第四十六条、第四十七条"),
    )


def hearing_notice(
    case: Case, step: Step, *, held_at: datetime, place: str, chair: str, by: Actor
) -> procedures.HearingNotice:
    """听证通知书: when, where and before whom it is held."""
    return procedures.HearingNotice(
        **_case(case, step, by),
        addressee="申请人、利害关系人",
        matter=case.item_version.name,
        held_at=held_at,
        place=place,
        chair=chair,
        rights="您可以申辩、质证、委托代理人；认为主持人有直接利害关系的，可以申请回避。",
    )


def hearing_record(
    case: Case,
    step: Step,
    *,
    hearing: Hearing,
    attendants: Sequence[tuple[str, str]],
    course: str,
    by: Actor,
) -> procedures.HearingRecord:
    """听证笔录: who came and what was said, to be signed by all of them."""
    assert hearing.held_at is not None
    assert hearing.chair is not None
    return procedures.HearingRecord(
        **_case(case, step, by),
        held_at=hearing.held_at,
        place=str(hearing.place),
        chair=hearing.chair.name,
        attendants=tuple(procedures.AttendantRow(role=r, name=n) for r, n in attendants),
        course=course,
    )
