"""Making the paper, and handing it over against identity.

Basis: 许可法39, 44. Between making and readiness stands the seal, where the unit is under the one
seal of the centre; papers that were decided before that need none.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.cases import conditions, contents, queries
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Posting
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, guard, move, visited
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact

WAYBILL = re.compile(r"[0-9A-Z]{8,30}")


@ledger.recorded
def make(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Make the certificate or the decision paper (T16)."""
    step = guard(case, Action.MAKE, by=by, seen=seen, met=frozenset())
    return move(case, step, Effect(), by=by, at=at)


@ledger.recorded
def make_ready(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Bring the paper to the issuing window (T16): the applicant can come for it."""
    step = guard(case, Action.MAKE_READY, by=by, seen=seen, met=conditions.of_seal(case))
    return move(case, step, Effect(), by=by, at=at)


@ledger.recorded
def hand_out(
    case: Case, *, recipient: str, identity_checked: bool, seen: int, by: Actor, at: datetime
) -> Case:
    """Hand the paper over (T17) to the applicant or an agent with authority; the case is closed."""
    words = Words(plain("recipient", recipient, "领取人", most=100))
    met = {Need.IDENTITY} if identity_checked else set()
    step = guard(case, Action.HAND_OUT, by=by, seen=seen, met=met)
    details: dict[str, Fact] = {"way": "window"}
    paper = partial(contents.delivery, recipient=words.text, by=by)
    changes = {"ended_at": at} | visited(case, at=at)
    return move(case, step, Effect(changes, details, words, paper), by=by, at=at)


@ledger.recorded
def post(case: Case, *, carrier: str, waybill: str, seen: int, by: Actor, at: datetime) -> Case:
    """Send the paper by post (T17a); the delivery clock runs on until it is signed for.

    Lost or come back, it may be sent again: the latest waybill stands.
    """
    carrier = plain("carrier", carrier, "快递公司", most=40)
    number = plain("waybill", waybill, "运单号", most=40).upper()
    if not WAYBILL.fullmatch(number):
        raise NotValid("case.waybill", "运单号应是 8 到 30 位字母和数字。", field="waybill")
    step = guard(case, Action.POST, by=by, seen=seen, met=frozenset())
    moved = move(case, step, Effect(details={"way": "post", "carrier": carrier}), by=by, at=at)
    Posting.objects.bulk_create([Posting(case=moved, carrier=carrier, waybill=number, sent_at=at)])
    return moved


@ledger.recorded
def confirm_delivery(
    case: Case, *, recipient: str, signed_on: date, seen: int, by: Actor, at: datetime
) -> Case:
    """Close a case whose paper was signed for on the carrier's receipt (T17b).

    Delivered is the day on the receipt, not the day somebody notes it (送达回证).
    """
    words = Words(plain("recipient", recipient, "签收人", most=100))
    posting = queries.posting_of(case)
    met = {Need.POSTED} if posting else set()
    step = guard(case, Action.CONFIRM_DELIVERY, by=by, seen=seen, met=met)
    assert posting is not None
    if not day_of(posting.sent_at) <= signed_on <= day_of(at):
        raise NotValid("case.signed_on", "签收日期应在寄出那天和今天之间。", field="signed_on")
    details: dict[str, Fact] = {"way": "post", "signed_on": signed_on}
    signed_at = at if signed_on == day_of(at) else at_local(signed_on, 23)
    paper = partial(
        contents.delivery, recipient=words.text, by=by, posting=posting, signed_on=signed_on
    )
    effect = Effect({"ended_at": signed_at}, details, words, paper)
    moved = move(case, step, effect, by=by, at=at)
    Posting.objects.filter(pk=posting.pk).update(signed_on=signed_on)
    return moved
