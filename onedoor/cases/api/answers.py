"""How a case is told to a program, and who is asking."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Actor, Scope
from onedoor.accounts.services import answer_once
from onedoor.cases import queries
from onedoor.cases.api.schemas import MaterialIn
from onedoor.cases.inputs import Handed
from onedoor.cases.models import NO_DATE, Case
from onedoor.kernel import masking
from onedoor.kernel.errors import NotValid
from onedoor.ledger import queries as ledger

T = TypeVar("T")
Key = Annotated[str, Header(alias="Idempotency-Key")]
"""What makes a creating POST safe to send twice."""


def case_body(case: Case, *, on: date) -> dict[str, Any]:
    version = case.item_version
    return {
        "number": case.number,
        "alias": case.alias,
        "status": case.status,
        "status_zh": case.state.zh,
        "outcome": case.outcome,
        "light": queries.light_of(case, on=on).value,
        "item": case.item.code,
        "item_name": version.name,
        "item_version": version.number,
        "unit": case.unit.name,
        "applicant": case.applicant.shown_name,
        "id_number": masking.id_number(case.applicant.id_number),
        "fee_fen": version.fee_fen,
        "submitted_at": case.submitted_at,
        "received_at": case.received_at,
        "brought_at": case.brought_at,
        "retyped_minutes": case.retyped_minutes,
        "accepted_at": case.accepted_at,
        "is_deemed": case.is_deemed,
        "is_tolerant": case.is_tolerant,
        "extended_days": case.extended_days,
        "decided_at": case.decided_at,
        "ended_at": case.ended_at,
        "precheck_due_on": case.precheck_due_on,
        "resubmit_due_on": case.resubmit_due_on,
        "receipt_due_on": case.receipt_due_on,
        "correction_due_on": case.correction_due_on,
        "promised_due_on": case.promised_due_on,
        "statutory_due_on": case.statutory_due_on,
        "special_due_on": case.special_due_on,
        "forwarded_at": case.forwarded_at,
        "upper_due_on": case.upper_due_on,
        "replied_on": case.replied_on,
        "supplement_due_on": case.supplement_due_on,
        "supplemented_at": case.supplemented_at,
        "delivery_due_on": case.delivery_due_on,
        "due_provisional": case.due_provisional,
        "urgent_on": None if case.urgent_on == NO_DATE else case.urgent_on,
        "version": case.version,
    }


def materials_body(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "order": row.order,
            "name": row.material.name,
            "necessity": row.material.necessity,
            "state": row.state,
            "channel": row.channel,
            "originals": row.originals,
            "copies": row.copies,
            "promised": row.promised,
        }
        for row in queries.materials_of(case)
    ]


def respond(body: Any, *, status: int = 200, version: int | None = None) -> HttpResponse:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=plain)
    response = HttpResponse(text, status=status, content_type="application/json")
    if version is not None:
        response["ETag"] = f'"{version}"'
    return response


def mark_after(day: date, number: str) -> str:
    """Return the mark behind which the next page of a list by day and number begins."""
    return base64.urlsafe_b64encode(f"{day} {number}".encode()).decode()


def read_cursor(text: str) -> tuple[date, str]:
    """Return the day and number of a mark, or refuse it."""
    try:
        day, number = base64.urlsafe_b64decode(text).decode().split(" ")
        return date.fromisoformat(day), number
    except ValueError:
        raise NotValid(
            "page.bad_cursor", "翻页标记不对，请从第一页重新读。", field="cursor"
        ) from None


def proof_of(subject: str, *, at: datetime) -> HttpResponse:
    """Answer what of a chain is under a signed tree head, with its proof, and what is not yet."""
    found = ledger.proven(subject, at=at)
    last = found.sealed
    sealed = last and {
        "version": last.version,
        "text": last.text,
        "digest": last.digest,
        **(ledger.inclusion_proof(last) or {}),
    }
    waiting = [
        {"version": e.version, "digest": e.digest, "recorded_at": e.at} for e in found.waiting
    ]
    told = {"subject": subject, "sealed": sealed, "waiting": waiting}
    response = respond(told | {"retry_after": found.retry_after})
    if waiting:
        response["Retry-After"] = str(found.retry_after)
    return response


def created_once(
    request: HttpRequest,
    create: Callable[[T], Mapping[str, Any]],
    *,
    prepare: Callable[[], T],
    actor: Actor,
    key: str,
    at: datetime,
    address: str = "",
) -> HttpResponse:
    """Answer a creating POST (201); the same key with the same body gets the first answer again.

    ``address`` says where what was made is read, filled from the answer: ``cases/{number}``. The
    ETag is of what was made, also when the answer is given again.
    """
    made: list[str] = []

    def answer(prepared: T) -> str:
        made.append(json.dumps(create(prepared), ensure_ascii=False, default=plain))
        return made[0]

    asked = f"{request.path}\n".encode() + request.body
    text = answer_once(answer, prepare=prepare, actor=actor, key=key, body=asked, at=at)
    body = json.loads(text)
    response = respond(text, status=201, version=body.get("version"))
    if address:
        response["Location"] = reverse("api:api-root") + address.format_map(body)
    if not made:
        response["Idempotent-Replay"] = "true"
    return response


def plain(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def actor_of(request: HttpRequest, scope: Scope) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the API's door
    require_scope(actor, scope)
    return actor


def handed(materials: list[MaterialIn]) -> list[Handed]:
    return [Handed(m.order, m.state, m.originals, m.copies) for m in materials]
