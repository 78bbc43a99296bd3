"""The outermost doors: every "no" and every bug is answered, and what nobody should read stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError

from onedoor.kernel.errors import (
    NotAllowed,
    NotFound,
    NotRead,
    NotValid,
    Refusal,
    TooLarge,
    WrongMethod,
    too_large,
)
from onedoor.kernel.web import answer, failed

Handler = Callable[[HttpRequest], HttpResponse]

FORM_AROUND = 1024 * 1024  # what a form may hold beside the file
MEGABYTE = 1024 * 1024


class RefusalMiddleware:
    """Answer every refusal, whoever raised it; give every bug an incident number."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = ", ".join(sorted(m.strip() for m in response["Allow"].split(",")))
            return answer(
                request,
                WrongMethod(
                    "request.wrong_method",
                    "这个地址不收 %(method)s 请求，只收 %(allowed)s。",
                    method=request.method,
                    allowed=allowed,
                ),
            )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if (refusal := _refusal_of(error)) is not None:
            return answer(request, refusal)
        if settings.TESTING:
            return None
        return failed(request)


def _refusal_of(error: Exception) -> Refusal | None:
    """Return the "no" that an exception of the framework stands for; None for a bug."""
    match error:
        case Refusal():
            return error
        case Http404():
            return NotFound("page.not_found", "没有这一页，或者不是给您看的。")
        case PermissionDenied():
            return NotAllowed("page.closed", "这里您不能看，也不能改。")
        case RequestDataTooBig():
            return _body_too_large()
        case SuspiciousOperation() | BadRequest() | MultiPartParserError():
            return NotRead("request.not_read", "请求读不懂，或者不完整。")
    return None


def _body_too_large() -> TooLarge:
    return TooLarge(
        "request.too_large",
        "请求的内容超过 %(most)s MB。文件请单独上传。",
        most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE,
    )


class InputMiddleware:
    """Refuse what nothing should read: control characters in addresses, bodies beyond the limit."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_small = 0 < _length(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_small and not _has_files(request):
            # Read though nobody may ask for it: a server that answers before it has the whole
            # request closes the connection, and the caller's next request finds it gone.
            _ = request.body
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Refuse, unread, once it is known whose page answers, and in which language."""
        # No database keeps a NUL in a text, so none is looked for either.
        has_nul = "%00" in request.META.get("QUERY_STRING", "")
        if has_nul or any(ord(c) < 32 or ord(c) == 127 for c in request.path):
            refusal = NotValid("request.control_characters", "地址里有不能识别的字符。")
            return answer(request, refusal)
        length = _length(request)
        if length > settings.UPLOAD_LIMIT + FORM_AROUND and _has_files(request):
            return answer(request, too_large(settings.UPLOAD_LIMIT))
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not _has_files(request):
            return answer(request, _body_too_large())
        return None


def _has_files(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _length(request: HttpRequest) -> int:
    """Return how long the body says it is; what is no number counts as nothing, as in Django."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
