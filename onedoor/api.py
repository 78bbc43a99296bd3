"""The API: one door for programs, ``/api/v1/``. Each app brings its own operations."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from onedoor.accounts.rules import Actor
from onedoor.accounts.web import Request, token_actor
from onedoor.archive.api import disposals
from onedoor.archive.api import router as archive
from onedoor.calendar.api import router as calendar
from onedoor.cases.api import router as cases
from onedoor.cases.api.checks import router as checks
from onedoor.cases.api.drafts import drafts
from onedoor.cases.api.joint import router as applications
from onedoor.cases.api.licences import router as licences
from onedoor.cases.api.mandates import router as mandates
from onedoor.cases.api.online import submissions
from onedoor.cases.api.pushes import router as pushes
from onedoor.cases.api.remote import router as remote
from onedoor.cases.api.sealing import router as seals
from onedoor.catalogue.api import router as catalogue
from onedoor.catalogue.lists_api import router as lists
from onedoor.catalogue.package_api import router as packages
from onedoor.catalogue.transfer_api import router as transfers
from onedoor.disclosure.api import router as decisions
from onedoor.feedback.api import router as ratings
from onedoor.feedback.matter_api import router as matters
from onedoor.hall.api import router as hall
from onedoor.hall.booking_api import router as bookings
from onedoor.kernel.errors import NotRead, NotValid, Refusal, WrongType
from onedoor.kernel.shapes import expected
from onedoor.kernel.web import PROBLEM, answer, problem
from onedoor.market.api import router as market
from onedoor.papers.api import templates, verification
from onedoor.portal.api import router as visit_ratings
from onedoor.rectification.api import exports, recommendations
from onedoor.rectification.api import router as findings
from onedoor.reports.api import information
from onedoor.reports.api import router as reports
from onedoor.version import VERSION


class Door:
    """Let a bearer token in; the actor it speaks for goes with the request."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: Request) -> Actor:
        request.actor = token_actor(request)
        return request.actor


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "detail", "status", "code", "data"],
    "properties": {
        "type": {"type": "string", "description": "urn:onedoor:problem: and the code"},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "the sentence, in the language asked for"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; docs/reference/refusals.md lists all"},
        "number": {"type": "string", "description": "what people read out on the phone"},
        "basis": {"type": "string", "description": "the article of the law"},
        "field": {"type": "string", "description": "the member or header that is wrong"},
        "data": {"type": "object", "description": "what the sentence is about, by name"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "kind": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class Api(NinjaAPI):
    """The API, and its description with what every operation may answer instead."""

    def get_openapi_schema(self, *args: Any, **named: Any) -> Any:
        schema = super().get_openapi_schema(*args, **named)
        schema["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        answered = {
            "description": "Refused, or failed: RFC 9457, in the language of Accept-Language",
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for operations in schema["paths"].values():
            for operation in operations.values():
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] == "If-Match":  # its absence has an answer of its own: 428
                        parameter["required"] = True
                        parameter["schema"].pop("default", None)
                told = {str(status): answer for status, answer in operation["responses"].items()}
                operation["responses"] = told | {"default": answered}
        return schema


class Reader(Parser):
    """Read a body as what it says it is, and refuse what an operation does not take."""

    def parse_body(self, request: HttpRequest) -> Any:
        _require(request, "application/json")
        return super().parse_body(request)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> Any:
        if data is request.FILES and request.META.get("CONTENT_LENGTH") not in (None, "", "0"):
            _require(request, "multipart/form-data")
        return super().parse_querydict(data, list_fields, request)


def _require(request: HttpRequest, wanted: str) -> None:
    if request.content_type != wanted:
        raise WrongType(
            "request.wrong_type",
            "这里只收 %(wanted)s，请求写的是 %(sent)s。",
            field="Content-Type",
            wanted=wanted,
            sent=request.content_type or "-",
        )


api = Api(
    title="OneDoor 一扇门",
    version=VERSION,
    description="Operations of a government service centre. Errors are RFC 9457 problem documents.",
    auth=Door(),
    parser=Reader(),
    urls_namespace="api",
    docs_url="/docs",
)
api.add_router("/items", catalogue)
api.add_router("/item-lists", lists)
api.add_router("/packages", packages)
api.add_router("/transfers", transfers)
api.add_router("/cases", cases)
api.add_router("/applications", applications)
api.add_router("/drafts", drafts)
api.add_router("/submissions", submissions)
api.add_router("/licences", licences)
api.add_router("/mandates", mandates)
api.add_router("/checks", checks)
api.add_router("/seals", seals)
api.add_router("/pushes", pushes)
api.add_router("/papers", verification)
api.add_router("/paper-templates", templates)
api.add_router("/remote-intakes", remote)
api.add_router("/decisions", decisions)
api.add_router("/ratings", ratings)
api.add_router("/visit-ratings", visit_ratings)
api.add_router("/matters", matters)
api.add_router("/market", market)
api.add_router("/hall", hall)
api.add_router("/findings", findings)
api.add_router("/recommendations", recommendations)
api.add_router("/finding-exports", exports)
api.add_router("/reports", reports)
api.add_router("/information", information)
api.add_router("/archive", archive)
api.add_router("/disposals", disposals)
api.add_router("/calendar", calendar)
api.add_router("/bookings", bookings)


@api.exception_handler(Exception)
@api.exception_handler(Http404)
def not_ours(request: HttpRequest, error: Exception) -> HttpResponse:
    """Leave refusals and bugs to the one middleware that answers them everywhere."""
    raise error


@api.exception_handler(HttpError)
def not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that could not be read: of another type, or no JSON at all."""
    if isinstance(error.__cause__, Refusal):
        return answer(request, error.__cause__)
    return answer(request, NotRead("request.not_json", "请求的内容不是 UTF-8 的 JSON。"))


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer input of the wrong shape: which fields, and what was expected of them."""
    refusal = NotValid("request.not_valid", "请求的内容不对，请看 errors 里的字段。")
    errors = [
        {
            "field": ".".join(str(part) for part in e["loc"][1:]),
            "kind": e["type"],
            "message": expected(e),
        }
        for e in error.errors
    ]
    return JsonResponse(
        {**problem(refusal), "errors": errors},
        status=422,
        content_type=PROBLEM,
        json_dumps_params={"ensure_ascii": False},
    )
