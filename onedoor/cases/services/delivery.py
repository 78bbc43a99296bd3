"""Making the paper, and handing it over against identity.

Basis: 许可法39, 44. Between making and readiness stands the seal, where the unit is under the one
seal of the centre; papers that were decided before that need none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions, contents, queries, register
from onedoor.cases.contents import proofs
from onedoor.cases.inputs import Recipient, document_number, plain, same_name
from onedoor.cases.models import Case, Posting
from onedoor.cases.rules.delivery import AT_WINDOW, BY_POST, Relation
from onedoor.cases.rules.lifecycle import Action, Need, Paper
from onedoor.cases.rules.words import ApplicantKind
from onedoor.cases.services.moving import Effect, Words, guard, move, visited
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact

WAYBILL = re.compile(r"[0-9A-Z]{8,30}")


@ledger.recorded
def make(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Make the certificate of what was granted (T16a), or the decision paper (T16b).

    The certificate goes to the same keeper as the decision; who decided approved both.
    """
    step = guard(case, Action.MAKE, by=by, seen=seen, met=frozenset())
    licence = register.in_force_of(case)
    if licence is None:  # nothing is to be issued (许可法39), or it was revoked meanwhile
        return move(case, step._replace(paper=Paper.NONE), Effect(), by=by, at=at)
    granted = register.grant_of(licence)
    effect = Effect(
        paper=lambda *_: contents.certificate(licence, granted), approver=granted.issued_by
    )
    return move(case, step, effect, by=by, at=at)


@ledger.recorded
def make_ready(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Bring the paper to the issuing window (T16): the applicant can come for it."""
    step = guard(case, Action.MAKE_READY, by=by, seen=seen, met=conditions.of_seal(case))
    return move(case, step, Effect(), by=by, at=at)


@ledger.recorded
def hand_out(
    case: Case, *, recipient: Recipient, identity_checked: bool, seen: int, by: Actor, at: datetime
) -> Case:
    """Hand the paper over (T17) to the applicant or to whoever has authority; the case is closed.

    Anybody but the applicant shows an identity document and what entitles them; of the number
    only the masked form is kept, on the proof of delivery.
    """
    taker = taker_of(case, recipient, on=day_of(at))
    met = {Need.IDENTITY} if identity_checked else set()
    step = guard(case, Action.HAND_OUT, by=by, seen=seen, met=met)
    details: dict[str, Fact] = {"way": "window", "relation": taker.relation.value}
    paper = partial(proofs.of_case, proved=proofs.at_window(taker, case.applicant), by=by)
    changes = {"ended_at": at} | visited(case, at=at)
    return move(case, step, Effect(changes, details, Words(taker.name), paper), by=by, at=at)


def taker_of(case: Case, given: Recipient, *, on: date) -> Recipient:
    """Return who takes a paper at the window, with what they showed, or refuse."""
    taker = known_taker(case, given, among=AT_WINDOW)
    return taker if taker.relation is Relation.SELF else _proved(taker, on=on)


def known_taker(case: Case, given: Recipient, *, among: Sequence[Relation]) -> Recipient:
    """Return who takes the paper with their name, or refuse whoever the case does not name."""
    relation, applicant = given.relation, case.applicant
    is_person = applicant.kind == ApplicantKind.PERSON.value
    if relation not in among:
        raise NotValid(
            "delivery.relation",
            "%(relation)s不能这样领取，请重新选择和申请人的关系。",
            field="relation",
            relation=relation,
        )
    if (relation is Relation.SELF) is not is_person and relation in _OF_A_KIND:
        raise NotValid(
            "delivery.kind",
            "申请人是%(kind)s，领取人不能写成%(relation)s，请重新选择。",
            field="relation",
            kind=ApplicantKind(applicant.kind),
            relation=relation,
        )
    if relation is Relation.AGENT and not applicant.agent:
        raise NotValid(
            "delivery.no_agent",
            "这一件没有登记代办人。请选“%(relation)s”，填证件，并看过授权委托书。",
            field="relation",
            relation=Relation.ENTRUSTED,
        )
    names = {Relation.SELF: applicant.name, Relation.AGENT: applicant.agent}
    known = str(names.get(relation, ""))
    name = plain("recipient", given.name, "领取人", most=100, required=not known)
    if known and name and not same_name(name, known):
        raise NotValid(
            "delivery.somebody_else",
            "%(name)s不是这一件的%(relation)s。别人来领，要选关系、填证件，并看过授权委托书。",
            basis="许可法44",
            field="recipient",
            name=name,
            relation=relation,
        )
    return replace(given, name=known or name)


_OF_A_KIND = {Relation.SELF, Relation.REPRESENTATIVE, Relation.RECEPTION}
"""What only a person (本人), or only an organisation has."""


def _proved(taker: Recipient, *, on: date) -> Recipient:
    """Return a recipient whose document and authority were seen, or refuse."""
    if taker.id_type is None:
        raise NotValid("form.required", "请填写%(label)s。", field="id_type", label="证件类型")
    number = document_number(taker.id_type, taker.id_number, on=on)
    authority = plain("authority", taker.authority, "看过的授权文件", most=200)
    return replace(taker, id_number=number, authority=authority)


@ledger.recorded
def post(case: Case, *, carrier: str, waybill: str, seen: int, by: Actor, at: datetime) -> Case:
    """Send the paper by post (T17a); the delivery clock runs on until it is signed for.

    Lost or come back, it may be sent again: the latest waybill stands.
    """
    carrier, number = carried(carrier, waybill)
    step = guard(case, Action.POST, by=by, seen=seen, met=frozenset())
    moved = move(case, step, Effect(details={"way": "post", "carrier": carrier}), by=by, at=at)
    Posting.objects.bulk_create([Posting(case=moved, carrier=carrier, waybill=number, sent_at=at)])
    return moved


def carried(carrier: str, waybill: str) -> tuple[str, str]:
    """Return by whom a letter went and under which number, or refuse what can be none."""
    carrier = plain("carrier", carrier, "快递公司", most=40)
    number = plain("waybill", waybill, "运单号", most=40).upper()
    if not WAYBILL.fullmatch(number):
        raise NotValid("case.waybill", "运单号应是 8 到 30 位字母和数字。", field="waybill")
    return carrier, number


@ledger.recorded
def confirm_delivery(
    case: Case, *, recipient: Recipient, signed_on: date, seen: int, by: Actor, at: datetime
) -> Case:
    """Close a case whose paper was signed for on the carrier's receipt (T17b).

    Delivered is the day on the receipt, not the day somebody notes it (送达回证).
    """
    taker = known_taker(case, recipient, among=BY_POST)
    posting = queries.posting_of(case)
    met = {Need.POSTED} if posting else set()
    step = guard(case, Action.CONFIRM_DELIVERY, by=by, seen=seen, met=met)
    assert posting is not None
    if not day_of(posting.sent_at) <= signed_on <= day_of(at):
        raise NotValid("case.signed_on", "签收日期应在寄出那天和今天之间。", field="signed_on")
    details: dict[str, Fact] = {
        "way": "post",
        "relation": taker.relation.value,
        "signed_on": signed_on,
    }
    signed_at = at if signed_on == day_of(at) else at_local(signed_on, 23)
    waybill = f"{posting.carrier} {posting.waybill}"
    proved = proofs.by_post(taker, waybill, on=signed_on)
    paper = partial(proofs.of_case, proved=proved, by=by)
    effect = Effect({"ended_at": signed_at}, details, Words(taker.name), paper)
    moved = move(case, step, effect, by=by, at=at)
    Posting.objects.filter(pk=posting.pk).update(signed_on=signed_on)
    return moved
