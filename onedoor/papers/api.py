"""Papers for programs: whether one is genuine, and how each kind is worded, by two persons."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import File, Router, Schema, UploadedFile
from pydantic import StringConstraints

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Role, Scope
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed
from onedoor.papers import pack, queries, typesetting, verifying
from onedoor.papers import services as papers
from onedoor.papers.models import Template
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.template import LONGEST
from onedoor.papers.rules.words import Compared, Standing, TemplateState

verification = Router(tags=["papers"])
templates = Router(tags=["papers"])
WORDING = (Role.EDITOR, Role.PUBLISHER)
LOOKS, WINDOW = 600, timedelta(minutes=15)
"""So often a program may look papers up: ten times as often as anybody on the page."""

Code = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SealedOut(Schema):
    number: str
    seal: str
    used_at: datetime
    fingerprint: str
    sm2_fingerprint: str


class LicenceOut(Schema):
    number: str
    identifier: str
    holder: str
    """Masked where it is a person."""
    valid_from: date
    valid_to: date | None


class VerifiedOut(Schema):
    kind: Kind
    number: str
    unit: str
    issued_on: date
    digest: str
    sm3: str
    is_intact: bool
    """Whether the record still gives the digests it was issued with."""
    is_erased: bool
    standing: Standing
    needs_seal: bool
    sealed: SealedOut | None
    licence: LicenceOut | None
    ended_by: str


class ComparedOut(Schema):
    compared: Compared
    is_ours: bool
    """Whether the file is, byte for byte, what is given out."""


class ElementOut(Schema):
    name: str
    required: bool
    row: list[str]
    """Of a table: what a row holds."""


class TemplateLineOut(Schema):
    kind: Kind
    name: str
    number: int
    """Of the version in force, 0 before the first."""
    draft: int
    """Of the draft, 0 where there is none."""


class TemplateOut(TemplateLineOut):
    text: str
    digest: str
    draft_text: str
    draft_digest: str
    elements: list[ElementOut]


class WordsIn(Schema):
    text: Annotated[str, StringConstraints(max_length=LONGEST)]


class SeenIn(Schema):
    seen: Annotated[str, StringConstraints(max_length=71)]
    """The digest of the draft as it was read."""


@verification.get(
    "/{code}", response=VerifiedOut, operation_id="verify_paper", summary="核对文书真伪"
)
def verify(request: Request, code: Code) -> Any:
    """Say whether a paper is genuine and still good, by the code on it; nothing about a person."""
    _count(request)
    told = verifying.told_of(queries.with_code(code), on=clock.day_of(clock.now()))
    paper, granted, use = told.paper, told.granted, getattr(told.asked, "use", None)
    return {
        "kind": paper.kind,
        "number": paper.number,
        "unit": paper.unit.name,
        "issued_on": clock.day_of(paper.issued_at),
        "digest": paper.digest,
        "sm3": paper.sm3,
        "is_intact": told.intact,
        "is_erased": told.is_erased,
        "standing": told.standing,
        "needs_seal": told.asked is not None,
        "sealed": use
        and {
            "number": use.number,
            "seal": use.seal.name,
            "used_at": use.used_at,
            "fingerprint": use.seal.fingerprint,
            "sm2_fingerprint": use.seal.sm2_fingerprint,
        },
        "licence": granted
        and {
            name: getattr(granted, name)
            for name in ("number", "identifier", "holder", "valid_from", "valid_to")
        },
        "ended_by": told.ending.number if told.ending else "",
    }


@verification.post(
    "/{code}", response=ComparedOut, operation_id="compare_paper", summary="比对文书文件"
)
def compare(request: Request, code: Code, file: Annotated[UploadedFile, File()]) -> Any:
    """Say whether a PDF is the one that was given out; it is not kept."""
    _count(request)
    found = queries.compared(queries.with_code(code), file)
    return {"compared": found, "is_ours": found in (Compared.SAME, Compared.SEALED)}


def _count(request: Request) -> None:
    require_scope(request.actor, Scope.READ)
    asker = f"verify-by:{request.actor.ref}"
    count_attempt(asker, limit=LOOKS, window=WINDOW, at=clock.now())


@templates.get(
    "", response=list[TemplateLineOut], operation_id="list_templates", summary="文书模板"
)
def listed(request: Request) -> Any:
    """List every kind of paper with its template in force and its draft."""
    _wording(request, Scope.READ)
    return [_line(*row) for row in queries.template_rows()]


@templates.get("/{kind}", response=TemplateOut, operation_id="read_template", summary="读一份模板")
def read(request: Request, kind: Kind) -> Any:
    """Read how a kind of paper is worded, and what its words may name."""
    _wording(request, Scope.READ)
    return _body(kind)


@templates.put("/{kind}", response=TemplateOut, operation_id="save_template", summary="保存草稿")
def save(request: Request, kind: Kind, data: WordsIn) -> Any:
    """Keep a draft; what cannot be printed, or leaves out what the law wants, is refused."""
    _wording(request, Scope.WORK)
    papers.save_template(kind, text=data.text, by=request.actor, at=clock.now())
    return _body(kind)


@templates.post("/{kind}/preview", operation_id="preview_template", summary="预览模板")
def preview(request: Request, kind: Kind, data: WordsIn) -> HttpResponse:
    """Return an invented paper with these words as PDF; nothing is kept."""
    _wording(request, Scope.READ)
    papers.check_template(kind, data.text)
    made = typesetting.pdf(papers.sample(kind, data.text))
    return HttpResponse(made, content_type="application/pdf")


@templates.post(
    "/{kind}/publish", response=TemplateOut, operation_id="publish_template", summary="发布模板"
)
def publish(request: Request, kind: Kind, data: SeenIn) -> Any:
    """Bring the draft into force as it was read; refused to whoever wrote it."""
    _wording(request, Scope.WORK)
    papers.publish_template(kind, digest_seen=data.seen, by=request.actor, at=clock.now())
    return _body(kind)


def _wording(request: Request, scope: Scope) -> None:
    require_scope(request.actor, scope)
    if not request.actor.holds_any(*WORDING):
        raise NotAllowed(
            "page.not_allowed",
            "这一页只给%(roles)s看。需要的话请找系统管理员开通。",
            roles=WORDING,
        )


def _line(kind: Kind, valid: Template | None, draft: Template | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": kind.zh,
        "number": valid.number if valid else 0,
        "draft": draft.number if draft else 0,
    }


def _body(kind: Kind) -> dict[str, Any]:
    versions = list(queries.versions(kind))
    draft = next((v for v in versions if v.state == TemplateState.DRAFT.value), None)
    valid = next((v for v in versions if v.state == TemplateState.PUBLISHED.value), None)
    return _line(kind, valid, draft) | {
        "text": valid.text if valid else pack.template(kind),
        "digest": valid.digest if valid else "",
        "draft_text": draft.text if draft else "",
        "draft_digest": draft.digest if draft else "",
        "elements": [
            {
                "name": one.zh,
                "required": one.required,
                "row": [e.zh for e in (one.row or {}).values()],
            }
            for one in queries.elements_of(kind).values()
        ],
    }
