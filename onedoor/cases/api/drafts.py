"""A platform's drafts of applications online: only the platform that began one can open it."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, UploadedFile

from onedoor.accounts.rules import Actor, Scope
from onedoor.cases.api.answers import Key, actor_of, created_once, respond
from onedoor.cases.api.online_schemas import DraftIn, DraftOut, FileOut
from onedoor.cases.models import Draft, DraftFile
from onedoor.cases.rules.online import is_taken_here
from onedoor.cases.services import drafting, submitting
from onedoor.cases.services.intake import in_force
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.rules.words import Form
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal

drafts = Router(tags=["submissions"])


@drafts.post("", response={201: DraftOut}, operation_id="begin_draft", summary="起草网上申请")
def begin(request: HttpRequest, data: DraftIn, idempotency_key: Key) -> HttpResponse:
    """Begin an application for an item; only the platform that began it can open the draft.

    Not sent within the county's days it is deleted, its files with it.
    """
    actor, now = actor_of(request, Scope.SUBMIT), clock.now()

    def create(version: catalogue.VersionFacts) -> dict[str, Any]:
        secret = secrets.token_urlsafe(24)
        key = platform_key(actor, secret)
        drafting.keep(key, version=version, content=drafting.Content(), at=now)
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


def platform_key(actor: Actor, secret: str) -> str:
    return drafting.key_of(secret, f"draft of {actor.ref}")


def draft_of(actor: Actor, secret: str) -> Draft:
    return known(drafting.find_draft(platform_key(actor, secret)))


def known(draft: Draft | None) -> Draft:
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
    kept = draft_of(actor, draft)
    if kept.case is not None:
        raise Refusal("draft.sent", "这份草稿已经提交了，不能再改。")
    version = in_force(kept.item.code, at=now, seen=kept.item_version)
    if order not in [m.order for m in version.materials]:
        raise NotFound("case.no_such_material", "这一件没有第 %(order)s 份材料。", order=order)
    return add_to(kept, order, file, at=now)


def add_to(draft: Draft, order: int, file: UploadedFile, *, at: datetime) -> HttpResponse:
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
    drafting.remove_file(draft_of(actor_of(request, Scope.SUBMIT), draft), file)
    return HttpResponse(status=204)
