"""The papers of a decision: grant, refusal, end of a licence, hand-out."""

from __future__ import annotations

from datetime import date
from typing import Any

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.contents.certificates import term
from onedoor.cases.contents.parts import (
    about,
    following,
    granted,
    law_of,
    material_rows,
    named,
    taken_of,
    type_name,
    upper_body,
)
from onedoor.cases.models import Case, Licence
from onedoor.cases.rules.licences import LAWS, CancellationGround, RevocationGround, consequence
from onedoor.cases.rules.lifecycle import Outcome, Step
from onedoor.kernel import masking
from onedoor.kernel.clock import day_of
from onedoor.papers import pack
from onedoor.papers import queries as papers
from onedoor.papers.rules import endings, road
from onedoor.papers.rules.contents import worded
from onedoor.papers.rules.kinds import Kind


def refusing(case: Case, step: Step, reason: str, law: str, by: Actor) -> dict[str, str]:
    """Return what every paper that turns down says: reason, basis, and where to complain."""
    told = pack.words()
    return {
        **about(case, step, by),
        "item_type": type_name(case),
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
    return road.Rejection(**refusing(case, step, reason, law, by), competent=competent)


def refusal(
    case: Case, step: Step, facts: str, reason: str, law: str, *, by: Actor
) -> road.NotGranted:
    """不予决定书: the facts the decider found, beside reason, law and remedies."""
    assert case.accepted_at is not None
    came_at = case.brought_at or case.received_at
    assert came_at is not None
    course = (
        f"我机关于{worded(day_of(came_at))}收到您的申请，"
        f"{worded(day_of(case.accepted_at))}受理。经审查查明：{facts}"
    )
    said = refusing(case, step, reason, law, by) | {"item_type": granted(case)}
    return road.NotGranted(**said, facts=course, upper=upper_body(case))


def grant(
    case: Case, step: Step, *, by: Actor, attached: str = "", silent: bool = False
) -> road.Grant:
    """准予许可决定书: what is granted, for how long, when it can be fetched; by silence or not."""
    return road.Grant(
        **about(case, step, by),
        item_type=granted(case),
        content=case.item_version.name,
        upper=upper_body(case),
        result=case.item_version.result_name,
        validity=case.item_version.validity,
        conditions=attached,
        deemed="原证照到期前没有作出决定，依法视为准予延续。" if silent else "",
        deliver_by=f"{worded(case.delivery_due_on)}前" if case.delivery_due_on else "",
        law=law_of(case, "第五十条第二款" if silent else "第三十八条第一款"),
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
    said: dict[str, Any] = {
        "holder": licence.applicant.name,
        "id_masked": masking.id_number(str(licence.applicant.id_number)),
        "licence_number": licence.number,
        "item": version.name,
        "granted_by": granted_by,
        "valid": term(licence),
        "ground": ground.zh,
        "facts": facts,
        "law": LAWS[ground],
        "ended_on": on,
        "decided_by": named(by, by.acting_for(Role.HEAD, licence.unit_id)),
        "phone": version.phone,
        "review_body": told.review_body,
        "review_limit": "60 日",
        "court": told.court,
        "suit_limit": "6 个月",
    }
    if isinstance(ground, RevocationGround):
        return endings.Revocation(**said, consequence=consequence(ground))
    return endings.Cancellation(**said)


def served_papers(case: Case) -> tuple[road.DeliveryRow, ...]:
    """Return what reaches the applicant: the decision, and the certificate of what it grants."""
    mine = {Kind.GRANT.value, Kind.REFUSAL.value, Kind.CERTIFICATE.value}
    handed = [p for p in papers.of(case.number) if p.kind in mine]
    rows = [road.DeliveryRow(name=papers.page_of(p).title, number=p.number) for p in handed]
    is_made_here = any(p.what is Kind.CERTIFICATE for p in handed)
    # What an upper body grants, or what is no licence, is made elsewhere.
    if case.item_version.result_name and case.result is Outcome.GRANTED and not is_made_here:
        rows.append(road.DeliveryRow(name=case.item_version.result_name, number=""))
    return tuple(rows)


def at_once(case: Case, step: Step, *, by: Actor) -> road.AtOnce:
    """收件受理决定合并回执: one paper for one visit."""
    return road.AtOnce(
        **about(case, step, by),
        **following(case),
        done_at=case.moved_at,
        materials=material_rows(taken_of(case)),
        content=case.item_version.name,
        result=case.item_version.result_name,
    )
