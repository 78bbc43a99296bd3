"""Serving a paper without the applicant coming: electronically, through another body, by cabinet.

Basis: 许可法44; 民事诉讼法90 (电子送达), 91 (委托送达).
"""

from __future__ import annotations

import hmac
from datetime import date, datetime
from functools import partial

from onedoor.accounts.rules import Actor
from onedoor.cases import codes, conditions, queries
from onedoor.cases.contents import proofs
from onedoor.cases.inputs import Recipient, plain
from onedoor.cases.models import Applicant, Case, Depositing, Entrusting
from onedoor.cases.rules.delivery import BY_POST, Way
from onedoor.cases.rules.lifecycle import Action
from onedoor.cases.services.delivery import known_taker
from onedoor.cases.services.evidence import ended_at, served_on_a_day, shown, worded
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact


@ledger.recorded
def serve_online(case: Case, *, seen: int, by: Actor, at: datetime) -> Case:
    """Serve the paper on the applicant's progress page (T17f), where they agreed to it.

    It counts as served the day it is there. A consent withdrawn meanwhile is seen: its row is
    locked while this goes on.
    """
    person = Applicant.objects.select_for_update().get(pk=case.applicant_id)
    case.applicant = person
    met = conditions.of_serving_online(person)
    step = guard(case, Action.SERVE_ONLINE, by=by, seen=seen, met=met)
    details: dict[str, Fact] = {"way": Way.ONLINE.value, "system": "progress_page"}
    paper = partial(proofs.of_case, proved=proofs.online(person), by=by)
    return move(case, step, Effect({"ended_at": at}, details, paper=paper), by=by, at=at)


@ledger.recorded
def entrust(case: Case, *, body: str, seen: int, by: Actor, at: datetime) -> Case:
    """Ask another body to hand the paper over (T17g); the delivery clock runs on until it has."""
    body = plain("body", body, "受托送达单位", most=100)
    step = guard(case, Action.ENTRUST, by=by, seen=seen, met=frozenset())
    details: dict[str, Fact] = {"way": Way.ENTRUSTED.value, "body": body}
    moved = move(case, step, Effect(details=details), by=by, at=at)
    Entrusting.objects.create(case=moved, body=body, sent_at=at, document_name="")
    return moved


@ledger.recorded
def confirm_entrusted(
    case: Case,
    *,
    recipient: Recipient,
    served_on: date,
    document: Upload | None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Close a case whose paper another body handed over (T17h), on the day that it says.

    ``document`` is what came back: the scan of the proof that the taker signed.
    """
    taker = known_taker(case, recipient, among=BY_POST)
    entrusting = queries.entrusting_of(case)
    met = conditions.of_entrusting(entrusting)
    step = guard(case, Action.CONFIRM_ENTRUSTED, by=by, seen=seen, met=met)
    assert entrusting is not None
    served_on_a_day(served_on, since=day_of(entrusting.sent_at), on=day_of(at))
    kept = shown(document, way=Way.ENTRUSTED, basis="民事诉讼法91")
    details: dict[str, Fact] = {
        "way": Way.ENTRUSTED.value,
        "body": entrusting.body,
        "relation": taker.relation.value,
        "served_on": served_on,
        "document": kept.file.digest,
    }
    proved = proofs.entrusted(entrusting.body, taker, worded(kept), on=served_on)
    paper = partial(proofs.of_case, proved=proved, by=by)
    changes = {"ended_at": ended_at(served_on, at=at)}
    moved = move(case, step, Effect(changes, details, Words(taker.name), paper), by=by, at=at)
    Entrusting.objects.filter(pk=entrusting.pk).update(
        served_on=served_on, document=kept.file, document_name=kept.name
    )
    return moved


@ledger.recorded
def deposit(
    case: Case, *, cabinet: str, compartment: str, seen: int, by: Actor, at: datetime
) -> Case:
    """Put the paper into a self-service cabinet (T17i); the applicant finds the code on their page.

    Taken out again and put elsewhere, only the latest code opens.
    """
    cabinet = plain("cabinet", cabinet, "自助柜", most=60)
    compartment = plain("compartment", compartment, "柜格", most=20)
    step = guard(case, Action.DEPOSIT, by=by, seen=seen, met=frozenset())
    details: dict[str, Fact] = {
        "way": Way.CABINET.value,
        "cabinet": cabinet,
        "compartment": compartment,
    }
    moved = move(case, step, Effect(details=details), by=by, at=at)
    Depositing.objects.create(case=moved, cabinet=cabinet, compartment=compartment, put_at=at)
    return moved


@ledger.recorded
def fetch(
    case: Case, *, code: str, fetched_at: datetime, seen: int, by: Actor, at: datetime
) -> Case:
    """Close a case whose paper was taken out of the cabinet with its code (T17j).

    The cabinet says so, or whoever reads its record; served is the day it was taken out.
    """
    put = queries.depositing_of(case)
    step = guard(case, Action.FETCH, by=by, seen=seen, met=conditions.of_depositing(put))
    assert put is not None
    given = "".join(c for c in code if c.isdigit())
    if not hmac.compare_digest(given.encode(), codes.pickup_code(put, case).encode()):
        raise NotValid("delivery.pickup_code", "取件码不对，请对照自助柜的记录。", field="code")
    if not put.put_at <= fetched_at <= at:
        raise NotValid(
            "delivery.fetched_at", "取走的时间应在放进柜子以后、现在以前。", field="fetched_at"
        )
    details: dict[str, Fact] = {"way": Way.CABINET.value, "served_on": day_of(fetched_at)}
    proved = proofs.in_cabinet(f"{put.cabinet} {put.compartment}", at=fetched_at)
    paper = partial(proofs.of_case, proved=proved, by=by)
    moved = move(case, step, Effect({"ended_at": fetched_at}, details, paper=paper), by=by, at=at)
    Depositing.objects.filter(pk=put.pk).update(fetched_at=fetched_at)
    return moved
