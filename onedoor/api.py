"""The API: one door for programs, ``/api/v1/``. Each app brings its own operations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from onedoor.accounts.web import token_actor
from onedoor.calendar.api import router as calendar
from onedoor.cases.api import router as cases
from onedoor.cases.api.joint import router as applications
from onedoor.cases.api.licences import router as licences
from onedoor.cases.api.online import drafts, submissions
from onedoor.cases.api.sealing import router as seals
from onedoor.catalogue.api import router as catalogue
from onedoor.catalogue.package_api import router as packages
from onedoor.kernel.errors import NotValid
from onedoor.kernel.web import PROBLEM, answer, problem
from onedoor.version import VERSION


class Door:
    """Let a bearer token in; the actor it speaks for goes with the request."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> Any:
        request.actor = token_actor(request)  # type: ignore[attr-defined]  # our Request
        return request.actor  # type: ignore[attr-defined]  # our Request


api = NinjaAPI(
    title="OneDoor 一扇门",
    version=VERSION,
    description="Operations of a government service centre. Errors are RFC 9457 problem documents.",
    auth=Door(),
    urls_namespace="api",
    docs_url="/docs",
)
api.add_router("/items", catalogue)
api.add_router("/packages", packages)
api.add_router("/cases", cases)
api.add_router("/applications", applications)
api.add_router("/drafts", drafts)
api.add_router("/submissions", submissions)
api.add_router("/licences", licences)
api.add_router("/seals", seals)
api.add_router("/calendar", calendar)


@api.exception_handler(HttpError)
def not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON at all."""
    refusal = NotValid("request.not_json", "请求的内容不是 UTF-8 的 JSON。")
    return answer(request, refusal)


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer input of the wrong shape: which fields, and what was expected of them."""
    refusal = NotValid("request.not_valid", "请求的内容不对，请看 errors 里的字段。")
    errors = [
        {"field": ".".join(str(part) for part in e["loc"][1:]), "message": e["msg"]}
        for e in error.errors
    ]
    return JsonResponse(
        {**problem(refusal), "errors": errors},
        status=422,
        content_type=PROBLEM,
        json_dumps_params={"ensure_ascii": False},
    )
