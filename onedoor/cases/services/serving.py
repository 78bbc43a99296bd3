"""Serving the decision that ended a licence on its holder (送达), by any way of the law.

Each way asks for what it asks for with the decision on a case; here it is entered once, when it is
done. Only what is announced waits for its day.

Basis: 许可法44, 69, 70; 民事诉讼法88 to 91, 95.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from onedoor.accounts.rules import TIMER, Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents, one_seal, register
from onedoor.cases.contents import proofs
from onedoor.cases.contents.proofs import Proved
from onedoor.cases.events import LicenceEndAnnounced, LicenceEndServed
from onedoor.cases.inputs import Recipient, plain
from onedoor.cases.models import Applicant, EndServing, Licence
from onedoor.cases.rules.delivery import BY_POST, Unserved, Way
from onedoor.cases.rules.delivery import served_on as notice_over_on
from onedoor.cases.rules.lifecycle import Need
from onedoor.cases.services.delivery import carried, known_taker, taker_of
from onedoor.cases.services.evidence import left_on_a_day, served_on_a_day, shown, witnessed, worded
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.papers import queries as issued
from onedoor.papers import services as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind

SERVING = (Role.ISSUER, Role.HEAD)
"""Who serves such a decision: the issuing window, or the head who decided."""

logger = logging.getLogger(__name__)


class _Open(NamedTuple):
    """A decision still to be served, its licence locked, and the role in which it is."""

    licence: Licence
    decision: Paper
    role: Role | None

    @property
    def decided_on(self) -> date:
        assert self.licence.ended_on is not None
        return self.licence.ended_on


def _opened(licence: Licence, by: Actor, *, among: Sequence[Role] = SERVING) -> _Open:
    mine = [role for role in among if role in by.roles_in(licence.unit_id)]
    if not mine and by != TIMER:
        raise NotAllowed("licence.not_served_by", "送达由本单位出件岗或者负责人来办。")
    locked = Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    decision = register.decision_on(locked)
    if decision is None:
        raise Refusal("licence.nothing_to_serve", "这本证照没有撤销或者注销的决定书，不用送达。")
    if register.delivery_of(locked) is not None:
        raise Refusal("licence.served_before", "决定书已经送达过了。")
    return _Open(locked, decision, mine[0] if mine else None)


def _served(
    of: _Open,
    proved: Proved,
    *,
    by: Actor,
    at: datetime,
    relation: str = "",
    document: Upload | None = None,
) -> Licence:
    """Issue the proof of delivery, and enter the way and the day."""
    licence = of.licence
    proof = papers.issue(
        proofs.of_end(licence, of.decision, proved=proved, role=of.role, by=by, at=at),
        unit=licence.unit,
        subject=licence.subject,
        by=by,
        at=at,
    )
    on = proved.on or day_of(at)
    entered = {
        "way": proved.way.value,
        "served_on": on,
        "document": document.file if document else None,
        "document_name": document.name if document else "",
    }
    EndServing.objects.update_or_create(
        licence=licence, defaults=entered, create_defaults=entered | {"account": ""}
    )
    event = LicenceEndServed(
        subject=licence.subject,
        decision=of.decision.number,
        proof=proof.number,
        way=proved.way.value,
        served_on=on,
        relation=relation,
        document=document.file.digest if document else "",
    )
    ledger.record(event, by=by.ref, at=at)
    return licence


@ledger.recorded
def serve(
    licence: Licence, *, recipient: Recipient, identity_checked: bool, by: Actor, at: datetime
) -> Licence:
    """Hand the decision over at the window, once; the proof of delivery says to whom and when."""
    of = _opened(licence, by)
    taker = taker_of(of.licence.case, recipient, on=day_of(at))
    if not identity_checked:
        raise NotValid(
            "licence.identity", "请先核对领取人的证件，再勾选。", field="identity_checked"
        )
    proved = proofs.at_window(taker, of.licence.applicant)
    return _served(of, proved, relation=taker.relation.value, by=by, at=at)


@ledger.recorded
def post_end(
    licence: Licence,
    *,
    carrier: str,
    waybill: str,
    recipient: Recipient,
    signed_on: date,
    by: Actor,
    at: datetime,
) -> Licence:
    """Enter that the decision went by post and was signed for, on the day of the receipt."""
    of = _opened(licence, by)
    carrier, number = carried(carrier, waybill)
    taker = known_taker(of.licence.case, recipient, among=BY_POST)
    served_on_a_day(signed_on, since=of.decided_on, on=day_of(at))
    proved = proofs.by_post(taker, f"{carrier} {number}", on=signed_on)
    return _served(of, proved, relation=taker.relation.value, by=by, at=at)


@ledger.recorded
def leave_end(
    licence: Licence,
    *,
    place: str,
    refusal: str,
    witnesses: Sequence[str],
    left_on: date,
    document: Upload | None,
    by: Actor,
    at: datetime,
) -> Licence:
    """Enter that the decision was left where it was refused, before two witnesses."""
    of = _opened(licence, by)
    said = plain("refusal", refusal, "怎样拒收的", most=500)
    where = plain("place", place, "送达地点", most=200)
    present = witnessed(witnesses, by)
    left_on_a_day(left_on, decided_on=of.decided_on, on=day_of(at))
    kept = shown(document, way=Way.LEFT, basis="民事诉讼法89")
    return _served(
        of, proofs.left(where, said, present, worded(kept), on=left_on), document=kept, by=by, at=at
    )


@ledger.recorded
def serve_end_online(licence: Licence, *, by: Actor, at: datetime) -> Licence:
    """Serve the decision on the holder's progress page, where they agreed to it."""
    of = _opened(licence, by)
    person = Applicant.objects.select_for_update().get(pk=of.licence.applicant_id)
    if Need.CONSENTED not in conditions.of_serving_online(person):
        raise Refusal(
            "licence.no_consent",
            "持有人没有同意电子送达，或者撤回了，请用别的方式。",
            basis="民事诉讼法90",
        )
    return _served(of, proofs.online(person), by=by, at=at)


@ledger.recorded
def entrust_end(
    licence: Licence,
    *,
    body: str,
    recipient: Recipient,
    served_on: date,
    document: Upload | None,
    by: Actor,
    at: datetime,
) -> Licence:
    """Enter that another body handed the decision over, on the day its proof says."""
    of = _opened(licence, by)
    body = plain("body", body, "受托送达单位", most=100)
    taker = known_taker(of.licence.case, recipient, among=BY_POST)
    served_on_a_day(served_on, since=of.decided_on, on=day_of(at))
    kept = shown(document, way=Way.ENTRUSTED, basis="民事诉讼法91")
    proved = proofs.entrusted(body, taker, worded(kept), on=served_on)
    return _served(of, proved, relation=taker.relation.value, document=kept, by=by, at=at)


@ledger.recorded
def fetch_end(
    licence: Licence,
    *,
    cabinet: str,
    compartment: str,
    fetched_at: datetime,
    document: Upload | None,
    by: Actor,
    at: datetime,
) -> Licence:
    """Enter that the holder took the decision out of a cabinet, as the cabinet's record shows."""
    of = _opened(licence, by)
    cabinet = plain("cabinet", cabinet, "自助柜", most=60)
    compartment = plain("compartment", compartment, "柜格", most=20)
    if not of.decided_on <= day_of(fetched_at) or fetched_at > at:
        raise NotValid(
            "delivery.fetched_at", "取走的时间应在放进柜子以后、现在以前。", field="fetched_at"
        )
    kept = shown(document, way=Way.CABINET, basis="许可法44")
    proved = proofs.in_cabinet(f"{cabinet} {compartment}", at=fetched_at, document=worded(kept))
    return _served(of, proved, document=kept, by=by, at=at)


@ledger.recorded
def announce_end(
    licence: Licence, *, ground: Unserved, account: str, by: Actor, at: datetime
) -> Licence:
    """Announce the decision where no other way is left; whoever comes meanwhile still gets it."""
    of = _opened(licence, by, among=(Role.HEAD,))
    said = plain("account", account, "原因和经过", most=1000)
    if EndServing.objects.filter(licence=of.licence).exists():
        raise Refusal("licence.announced_before", "这份决定书已经公告过了。")
    one_seal.no_seal_of_the_department(of.licence.case, of.licence.unit)
    on = day_of(at)
    until = notice_over_on(on, calendar=calendar.working_days())
    notice = papers.issue(
        contents.announcement_of_end(of.licence, of.decision, ground=ground, since=on, until=until),
        unit=of.licence.unit,
        subject=of.licence.subject,
        one_seal=of.licence.case.former_unit_id is not None,
        by=by,
        at=at,
    )
    EndServing.objects.create(
        licence=of.licence,
        way=Way.NOTICE.value,
        announced_on=on,
        notice_due_on=until,
        account=said,
        salt=(salt := secrets.token_hex(16)),
        document_name="",
    )
    event = LicenceEndAnnounced(
        subject=of.licence.subject,
        decision=of.decision.number,
        notice=notice.number,
        ground=ground.value,
        served_on=until,
        account=salted(said, salt),
    )
    ledger.record(event, by=by.ref, at=at)
    return of.licence


@ledger.recorded
def deem_end_served(serving: EndServing, *, at: datetime) -> Licence:
    """Count an announced decision as served: nobody fetched it while it was announced."""
    of = _opened(serving.licence, TIMER)
    assert serving.announced_on is not None
    assert serving.notice_due_on is not None
    notice = issued.of(of.licence.subject).get(kind=Kind.ANNOUNCEMENT.value)
    proved = proofs.announced(
        notice.number, since=serving.announced_on, until=serving.notice_due_on
    )
    return _served(of, proved, by=TIMER, at=at)


def run_end_timers(*, at: datetime) -> int:
    """Count as served what was announced long enough; return how many decisions that were."""
    over = EndServing.objects.filter(served_on__isnull=True, notice_due_on__lt=day_of(at))
    done = 0
    for row in over.select_related("licence__unit", "licence__case").order_by("notice_due_on")[
        :100
    ]:
        try:
            deem_end_served(row, at=at)
        except Refusal as refusal:
            # Handed over between our reading and our step, or a fault of one row: the others go on.
            if refusal.code != "licence.served_before":
                logger.error("%s cannot be served by silence: %s", row.licence.subject, refusal)
        except Exception:
            logger.exception("%s cannot be served by silence", row.licence.subject)
        else:
            done += 1
    return done
