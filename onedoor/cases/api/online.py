"""Applying online for somebody: a platform's drafts, and what it sent, by the applicant's token.

A platform that may do so (scope ``submit``) speaks as an applicant, under its own name. It sees
what its drafts became and nothing else: each application answers to the token its receipt gave,
as the applicant's own page does; the number alone opens nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Router, UploadedFile

from onedoor.accounts.rules import Actor, Scope
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.api.answers import actor_of, created_once, respond
from onedoor.cases.api.online_schemas import (
    DraftIn,
    DraftOut,
    FileOut,
    ResubmitIn,
    SubmissionOut,
    SubmissionReceiptOut,
    SubmitIn,
)
from onedoor.cases.api.steps import IfMatch, version_seen
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import Case, Draft, DraftFile
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.online import is_taken_here
from onedoor.cases.services import answering, drafting, submitting
from onedoor.cases.services.intake import Slot, in_force
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.rules.words import Form
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal

drafts = Router(tags=["submissions"])
submissions = Router(tags=["submissions"])

Key = Annotated[str, Header(alias="Idempotency-Key")]


# --- A draft ------------------------------------------------------------------------------------


@drafts.post("", response={201: DraftOut}, operation_id="begin_draft", summary="起草网上申请")
def begin(request: HttpRequest, data: DraftIn, idempotency_key: Key) -> HttpResponse:
    """Begin an application for an item; only the platform that began it can open the draft.

    Not sent within the county's days it is deleted, its files with it.
    """
    actor, now = actor_of(request, Scope.SUBMIT), clock.now()

    def create(version: catalogue.VersionFacts) -> dict[str, Any]:
        secret = secrets.token_urlsafe(24)
        drafting.keep(_key(actor, secret), version=version, content=drafting.Content(), at=now)
        return {
            "draft": secret,
            "item": version.code,
            "item_version": version.number,
            "materials": [
                {
                    "order": m.order,
                    "name": m.name,
                    "necessity": m.necessity.value,
                    "may_bring": m.form is not Form.ELECTRONIC,
                    "commitment": asdict(told) if (told := version.vouched.get(m.name)) else None,
                }
                for m in version.materials
            ],
        }

    def prepare() -> catalogue.VersionFacts:
        version = catalogue.current_version(data.item, at=now)
        submitting.refuse_elsewhere(is_taken_here(version))
        return version

    return created_once(request, create, prepare=prepare, actor=actor, key=idempotency_key, at=now)


def _key(actor: Actor, secret: str) -> str:
    return drafting.key_of(secret, f"draft of {actor.ref}")


def _draft(actor: Actor, secret: str) -> Draft:
    return _found(drafting.find_draft(_key(actor, secret)))


def _found(draft: Draft | None) -> Draft:
    if draft is None:
        raise NotFound("draft.not_found", "没有这份草稿，或者太久没动，已经删掉了。")
    return draft


@drafts.post(
    "/{draft}/materials/{order}/files",
    response={201: FileOut},
    operation_id="add_draft_file",
    summary="给草稿传材料",
)
def add_file(
    request: HttpRequest, draft: str, order: int, file: Annotated[UploadedFile, File()]
) -> HttpResponse:
    """Keep a file for a material of a draft; the same file again is the same one."""
    actor, now = actor_of(request, Scope.SUBMIT), clock.now()
    kept = _draft(actor, draft)
    if kept.case is not None:
        raise Refusal("draft.sent", "这份草稿已经提交了，不能再改。")
    version = in_force(kept.item.code, at=now, seen=kept.item_version)
    if order not in [m.order for m in version.materials]:
        raise NotFound("case.no_such_material", "这一件没有第 %(order)s 份材料。", order=order)
    return _add(kept, order, file, at=now)


def _add(draft: Draft, order: int, file: UploadedFile, *, at: datetime) -> HttpResponse:
    assert file.file is not None
    made = drafting.add_file(draft, order=order, name=file.name or "", content=file.file, at=at)
    return respond(_file_body(made), status=201)


def _file_body(row: DraftFile) -> dict[str, Any]:
    return {
        "file": str(row.pk),
        "order": row.order,
        "name": row.name,
        "digest": row.file.digest,
        "size": row.file.size,
        "media_type": row.file.media_type,
    }


@drafts.delete(
    "/{draft}/files/{file}",
    response={204: None},
    operation_id="remove_draft_file",
    summary="从草稿撤下材料",
)
def remove_file(request: HttpRequest, draft: str, file: str) -> HttpResponse:
    """Take a file back out of a draft."""
    drafting.remove_file(_draft(actor_of(request, Scope.SUBMIT), draft), file)
    return HttpResponse(status=204)


# --- What was sent ------------------------------------------------------------------------------


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
        draft = _draft(actor, data.draft)
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
    return _add(drafting.begin_answer(token, case, at=now), order, file, at=now)


@submissions.delete(
    "/{token}/files/{file}",
    response={204: None},
    operation_id="remove_answer_file",
    summary="撤下要补的材料",
)
def remove_answer(request: HttpRequest, token: str, file: str) -> HttpResponse:
    """Take a file back that was not sent yet."""
    _, case = _tracked(request, token, at=clock.now())
    drafting.remove_file(_found(drafting.find_answer(token, case)), file)
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
