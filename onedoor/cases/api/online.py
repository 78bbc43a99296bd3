"""Applying online for somebody: what a platform sent, by the applicant's token.

A platform that may do so (scope ``submit``) speaks as an applicant, under its own name. Each
application answers to the token its receipt gave, as the applicant's own page does; the number
alone opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, UploadedFile

from onedoor.accounts.rules import APPLICANT, Actor, Scope
from onedoor.cases import codes, queries
from onedoor.cases import services as cases
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.drafts import add_to, draft_of, known
from onedoor.cases.api.online_schemas import (
    FileOut,
    ResubmitIn,
    SubmissionOut,
    SubmissionReceiptOut,
    SubmitIn,
)
from onedoor.cases.api.schemas import ServingChoiceIn
from onedoor.cases.api.steps import IfMatch, version_seen
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import Case, Draft
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.services import answering, drafting, submitting
from onedoor.cases.services.intake import Slot
from onedoor.catalogue.rules.words import Form
from onedoor.kernel import clock
from onedoor.kernel.errors import Refusal

submissions = Router(tags=["submissions"])


@submissions.post(
    "",
    response={201: SubmissionReceiptOut},
    operation_id="submit_application",
    summary="提交网上申请",
)
def submit(request: HttpRequest, data: SubmitIn, idempotency_key: Key) -> HttpResponse:
    """Send a draft (T1): the case has a number, and no limit of the law runs yet.

    Give the applicant the receipt: whoever holds ``track_token`` may read and answer.
    """
    actor, now = actor_of(request, Scope.SUBMIT).for_applicant(), clock.now()
    applicant = ApplicantData(**data.applicant.model_dump())

    def prepare() -> tuple[Draft, Slot]:
        draft = draft_of(actor, data.draft)
        submitting.count_for_one(applicant, at=now)
        drafting.note_brought(draft, data.brought, committed=data.committed, at=now)
        return draft, cases.reserve(draft.item.code, at=now, seen=draft.item_version)

    def create(prepared: tuple[Draft, Slot]) -> dict[str, Any]:
        draft, slot = prepared
        receipt = cases.submit_draft(draft, slot, applicant=applicant, by=actor, at=now)
        return submission_body(receipt.case) | {
            "query_code": receipt.query_code,
            "track_token": receipt.track_token,
            "track_path": f"/c/{receipt.track_token}/",
        }

    return created_once(
        request,
        create,
        prepare=prepare,
        actor=actor,
        key=idempotency_key,
        at=now,
        address="submissions/{track_token}",
    )


def _tracked(request: HttpRequest, token: str, *, at: datetime) -> tuple[Actor, Case]:
    actor = actor_of(request, Scope.SUBMIT).for_applicant()
    return actor, cases.settle(queries.tracked(token), at=at)


@submissions.get(
    "/{token}", response=SubmissionOut, operation_id="read_submission", summary="读网上申请"
)
def read(request: HttpRequest, token: str) -> HttpResponse:
    """Read how an application stands, and what is asked of its applicant; ETag is its version."""
    _, case = _tracked(request, token, at=clock.now())
    return respond(submission_body(case), version=case.version)


@submissions.post(
    "/{token}/materials/{order}/files",
    response={201: FileOut},
    operation_id="add_answer_file",
    summary="传要补的材料",
)
def add_answer(
    request: HttpRequest, token: str, order: int, file: Annotated[UploadedFile, File()]
) -> HttpResponse:
    """Keep a file for a material that is asked for; it is sent by ``resubmit`` or ``supply``."""
    now = clock.now()
    _, case = _tracked(request, token, at=now)
    if order not in [row.order for row, _ in answering.asked_of(case)]:
        raise Refusal("case.not_asked", "现在没有要求在网上补第 %(order)s 份材料。", order=order)
    return add_to(drafting.begin_answer(token, case, at=now), order, file, at=now)


@submissions.delete(
    "/{token}/files/{file}",
    response={204: None},
    operation_id="remove_answer_file",
    summary="撤下要补的材料",
)
def remove_answer(request: HttpRequest, token: str, file: str) -> HttpResponse:
    """Take a file back that was not sent yet."""
    _, case = _tracked(request, token, at=clock.now())
    drafting.remove_file(known(drafting.find_answer(token, case)), file)
    return HttpResponse(status=204)


@submissions.post(
    "/{token}/resubmit",
    response=SubmissionOut,
    operation_id="resubmit_application",
    summary="修改后重新提交",
)
def resubmit(
    request: HttpRequest, token: str, data: ResubmitIn, if_match: IfMatch = ""
) -> HttpResponse:
    """Send an application again after it was returned: everything named is answered (T20)."""
    return _answer(request, token, if_match, cases.resubmit, brought=data.brought)


@submissions.post(
    "/{token}/supply",
    response=SubmissionOut,
    operation_id="supply_online",
    summary="网上补正",
)
def supply(request: HttpRequest, token: str, if_match: IfMatch = "") -> HttpResponse:
    """Answer a correction notice: every material asked for has its file (T4a)."""
    return _answer(request, token, if_match, cases.supply)


@submissions.post(
    "/{token}/supplement",
    response=SubmissionOut,
    operation_id="supplement_online",
    summary="网上补交容缺材料",
)
def supplement(request: HttpRequest, token: str, if_match: IfMatch = "") -> HttpResponse:
    """Send what was promised at acceptance: every material awaited has its file (T5e)."""
    return _answer(request, token, if_match, cases.supplement_online)


@submissions.put(
    "/{token}/serving",
    response=SubmissionOut,
    operation_id="choose_own_serving",
    summary="改送达方式",
)
def choose_serving(request: HttpRequest, token: str, data: ServingChoiceIn) -> HttpResponse:
    """Say whether the applicant, whom the platform knows, agrees to be served electronically."""
    now = clock.now()
    _, case = _tracked(request, token, at=now)
    cases.choose_serving(case, online=data.online, identity_checked=True, by=APPLICANT, at=now)
    return respond(submission_body(case), version=case.version)


def _answer(
    request: HttpRequest,
    token: str,
    if_match: str,
    send: Callable[..., Case],
    *,
    brought: Sequence[int] = (),
) -> HttpResponse:
    """Send what was uploaded since the applicant was asked, and answer with the case as it is."""
    now = clock.now()
    actor, case = _tracked(request, token, at=now)
    draft = drafting.find_answer(token, case)
    if brought:
        draft = drafting.begin_answer(token, case, at=now)
        drafting.note_brought(draft, brought, at=now)
    case = send(case, draft, seen=version_seen(if_match, case), by=actor, at=now)
    return respond(submission_body(case), version=case.version)


def submission_body(case: Case) -> dict[str, Any]:
    """Return what an applicant may know of the case."""
    asked = answering.asked_of(case)
    # A notice and a promise are answered whole: files, or all at the window.
    is_whole = case.state is not Status.PRE_RETURNED
    version = case.item_version
    return {
        "number": case.number,
        "alias": case.alias,
        "item": case.item.code,
        "item_name": version.name,
        "item_version": version.number,
        "applicant": case.applicant.shown_name,
        "status": case.status,
        "status_zh": case.state.zh,
        "outcome": case.outcome,
        "submitted_at": case.submitted_at,
        "received_at": case.received_at,
        "accepted_at": case.accepted_at,
        "decided_at": case.decided_at,
        "ended_at": case.ended_at,
        "precheck_due_on": case.precheck_due_on,
        "resubmit_due_on": case.resubmit_due_on,
        "receipt_due_on": case.receipt_due_on,
        "correction_due_on": case.correction_due_on,
        "supplement_due_on": case.supplement_due_on,
        "promised_due_on": case.promised_due_on,
        "due_provisional": case.due_provisional,
        "version": case.version,
        "is_served_online": case.applicant.is_served_online,
        "pickup_code": codes.pickup_code_of(case),
        "answer_by": _answering(case).value if asked else "",
        "asked": [
            {
                "order": row.order,
                "name": row.name,
                "demand": demand,
                "may_bring": not is_whole and row.form is not Form.ELECTRONIC,
            }
            for row, demand in asked
        ],
    }


def _answering(case: Case) -> Action:
    if case.state is Status.PRE_RETURNED:
        return Action.RESUBMIT
    return Action.SUPPLEMENT_ONLINE if case.is_tolerant else Action.SUPPLY
