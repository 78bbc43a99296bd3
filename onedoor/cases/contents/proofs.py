"""送达回证: by which way a paper reached whom it concerns, and what shows it.

One for the decision on a case and for the decision that ended a licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.contents.deciding import served_papers
from onedoor.cases.contents.parts import about, named
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Applicant, Case, Licence
from onedoor.cases.rules import numbers
from onedoor.cases.rules.delivery import SYSTEM, Relation, Way
from onedoor.cases.rules.lifecycle import Step
from onedoor.cases.rules.words import IdType
from onedoor.kernel import masking
from onedoor.kernel.clock import local
from onedoor.papers.models import Paper
from onedoor.papers.rules import road
from onedoor.papers.rules.contents import worded


@dataclass(frozen=True)
class Proved:
    """What shows that a paper was served: the way, the day, and what the proof says of it.

    Without a day it is served at the moment of the step.
    """

    way: Way
    on: date | None = None
    said: Mapping[str, str] = field(default_factory=dict)


def of_case(case: Case, step: Step, *, proved: Proved, by: Actor) -> road.Delivery:
    """送达回证 of the decision on a case."""
    return road.Delivery(
        **about(case, step, by),
        papers=served_papers(case),
        way=proved.way.zh,
        delivered_at=proved.on or case.moved_at,
        **proved.said,
    )


def of_end(
    licence: Licence, decision: Paper, *, proved: Proved, role: Role | None, by: Actor, at: datetime
) -> road.Delivery:
    """送达回证 of the decision that ended a licence."""
    case, person = licence.case, licence.applicant
    return road.Delivery(
        applicant=person.name,
        id_masked=masking.id_number(str(person.id_number)),
        case_number=numbers.grouped(case.number),
        item=case.item_version.name,
        item_version=f"第 {case.item_version.number} 版",
        clerk=named(by, by.acting_for(role, licence.unit_id) if role else ""),
        phone=case.item_version.phone,
        papers=(road.DeliveryRow(name=decision.what.zh, number=decision.number),),
        way=proved.way.zh,
        delivered_at=proved.on or at,
        **proved.said,
    )


# --- What each way says -------------------------------------------------------------------------


def at_window(taker: Recipient, person: Applicant) -> Proved:
    """Handed over against identity: to whom, and what they showed."""
    id_type, id_number = taker.id_type, taker.id_number
    if taker.relation is Relation.SELF:
        id_type, id_number = IdType(person.id_type), str(person.id_number)
    shown = f"{id_type.zh} {masking.id_number(id_number)}" if id_type else ""
    said = {"recipient_id": shown, "authority": taker.authority}
    return Proved(Way.WINDOW, said=_taken_by(taker) | said)


def by_post(taker: Recipient, waybill: str, *, on: date) -> Proved:
    """Signed for on the carrier's receipt, on its day."""
    return Proved(Way.POST, on, _taken_by(taker) | {"waybill": waybill})


def left(place: str, refusal: str, witnesses: str, document: str, *, on: date) -> Proved:
    """Left where it was refused: how, before whom, and what shows it."""
    said = {"place": place, "refused": refusal, "witnesses": witnesses}
    return Proved(Way.LEFT, on, said | {"evidence": document})


def announced(number: str, *, since: date, until: date) -> Proved:
    """Announced, and nobody came for it: by which notice, from when to when."""
    said = {"announced": f"{number}，{worded(since)}公告，期满没有人领取"}
    return Proved(Way.NOTICE, until, said)


def online(person: Applicant) -> Proved:
    """Put where its recipient agreed to be served; it has arrived at that moment."""
    said = {"system": f"{SYSTEM}，申请人同意电子送达"}
    return Proved(Way.ONLINE, said=said | {"relation": Relation.SELF.zh, "recipient": person.name})


def entrusted(body: str, taker: Recipient, document: str, *, on: date) -> Proved:
    """Handed over by another body, which sent back what the taker signed."""
    said = {"body": body, "evidence": document}
    return Proved(Way.ENTRUSTED, on, _taken_by(taker) | said)


def in_cabinet(where: str, *, at: datetime, document: str = "") -> Proved:
    """Taken out of a cabinet with the one-time code: which compartment, when."""
    said = {"cabinet": f"{where}，{local(at):%Y-%m-%d %H:%M}凭取件码取走"}
    shown = {"evidence": document} if document else {}
    return Proved(Way.CABINET, local(at).date(), said | shown)


def _taken_by(taker: Recipient) -> dict[str, str]:
    return {"recipient": taker.name, "relation": taker.relation.zh}
