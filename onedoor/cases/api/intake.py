"""Receiving an application, and the scans that belong to it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, UploadedFile

from onedoor.accounts.rules import Scope
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.api.answers import Key, actor_of, case_body, created_once, handed, respond
from onedoor.cases.api.door import router
from onedoor.cases.api.schemas import AttachmentOut, CaseOut, ReceiptOut, ReceiveIn, RetypedIn
from onedoor.cases.inputs import ApplicantData, LateEntry
from onedoor.cases.rules.words import Channel
from onedoor.cases.services.intake import Slot
from onedoor.kernel import clock


@router.post("", response={201: ReceiptOut}, operation_id="receive_case", summary="收件")
def receive(
    request: HttpRequest,
    data: ReceiveIn,
    idempotency_key: Key,
) -> HttpResponse:
    """Take an application (T2); with ``finish`` also decide and hand out a 即办件 (T19).

    The same Idempotency-Key with the same body gets the same receipt again, for seven days.
    """
    actor, now = actor_of(request, Scope.RECEIVE), clock.now()
    take = cases.receive_and_finish if data.finish else cases.receive

    def create(slot: Slot) -> dict[str, Any]:
        receipt = take(
            slot,
            applicant=ApplicantData(**data.applicant.model_dump()),
            materials=handed(data.materials),
            identity_checked=data.identity_checked,
            late=LateEntry(**data.late.model_dump()) if data.late else None,
            by=actor,
            at=now,
        )
        given = {m.order: m for m in data.materials}
        return case_body(receipt.case, on=clock.day_of(now)) | {
            "materials": [
                {
                    "order": m.order,
                    "name": m.name,
                    "necessity": m.necessity,
                    "state": given[m.order].state.value,
                    "channel": Channel.WINDOW.value,
                    "originals": given[m.order].originals,
                    "copies": given[m.order].copies,
                    "promised": "",
                }
                for m in slot.version.materials
            ],
            "query_code": receipt.query_code,
            "track_path": f"/c/{receipt.track_token}/",
        }

    return created_once(
        request,
        create,
        prepare=lambda: cases.reserve(data.item, at=now, seen=data.item_version),
        actor=actor,
        key=idempotency_key,
        at=now,
        address="cases/{number}",
    )


@router.post(
    "/{number}/materials/{order}/files",
    response={201: AttachmentOut},
    operation_id="attach_file",
    summary="上传材料",
)
def attach(
    request: HttpRequest, number: str, order: int, file: Annotated[UploadedFile, File()]
) -> HttpResponse:
    """Keep a scan of a material with the case."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    case = queries.case_for(actor, number)
    assert file.file is not None
    made = cases.attach(
        case, order=order, name=file.name or "", content=file.file, by=actor, at=now
    )
    stored = made.file
    body = {"digest": stored.digest, "size": stored.size, "media_type": stored.media_type}
    return respond(body, status=201)


@router.put(
    "/{number}/retyping",
    response=CaseOut,
    operation_id="note_retyping",
    summary="记重复录入的分钟",
)
def note_retyping(request: HttpRequest, number: str, data: RetypedIn) -> HttpResponse:
    """Say how long the facts of this case were typed again into upper systems."""
    actor, now = actor_of(request, Scope.WORK), clock.now()
    case = queries.case_for(actor, number)
    noted = cases.note_retyping(case, minutes=data.minutes, by=actor, at=now)
    return respond(case_body(noted, on=clock.day_of(now)))
