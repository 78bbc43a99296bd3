"""Serving the decision that ended a licence on its holder (送达), with a proof of delivery.

Basis: 许可法44, 69, 70.
"""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import contents, register
from onedoor.cases.events import LicenceEndServed
from onedoor.cases.inputs import Recipient
from onedoor.cases.models import Licence
from onedoor.cases.services.delivery import taker_of
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.papers import services as papers

SERVING = (Role.ISSUER, Role.HEAD)
"""Who hands such a decision over: the issuing window, or the head who decided."""


@ledger.recorded
def serve(
    licence: Licence, *, recipient: Recipient, identity_checked: bool, by: Actor, at: datetime
) -> Licence:
    """Hand the decision over at the window, once; the proof of delivery says to whom and when."""
    mine = [role for role in SERVING if role in by.roles_in(licence.unit_id)]
    if not mine:
        raise NotAllowed("licence.not_served_by", "送达由本单位出件岗或者负责人来办。")
    locked = Licence.objects.select_for_update().get(pk=licence.pk)
    decision = register.decision_on(locked)
    if decision is None:
        raise Refusal("licence.nothing_to_serve", "这本证照没有撤销或者注销的决定书，不用送达。")
    if register.delivery_of(locked) is not None:
        raise Refusal("licence.served_before", "决定书已经送达过了。")
    taker = taker_of(licence.case, recipient, on=day_of(at))
    if not identity_checked:
        raise NotValid(
            "licence.identity", "请先核对领取人的证件，再勾选。", field="identity_checked"
        )
    proof = papers.issue(
        contents.serving(licence, decision, taker, role=mine[0], by=by, at=at),
        unit=licence.unit,
        subject=licence.subject,
        by=by,
        at=at,
    )
    event = LicenceEndServed(
        subject=licence.subject,
        decision=decision.number,
        proof=proof.number,
        relation=taker.relation.value,
    )
    ledger.record(event, by=by.ref, at=at)
    return licence
