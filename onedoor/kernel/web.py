"""Where a refusal becomes a page or an RFC 9457 problem document, and a bug a number to quote."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_noop

from onedoor.kernel.errors import (
    NotAllowed,
    NotFound,
    NotRead,
    NotSignedIn,
    NotValid,
    Refusal,
    TooOften,
    WrongMethod,
)
from onedoor.kernel.messages import E_NUMBERS
from onedoor.kernel.sentences import sentence
from onedoor.kernel.sheets import XLSX, Rows, lines, workbook

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"

TITLES = {
    400: gettext_noop("读不懂"),
    401: gettext_noop("没有登录"),
    403: gettext_noop("没有权限"),
    404: gettext_noop("没有找到"),
    405: gettext_noop("不能这样打开"),
    409: gettext_noop("现在不能这样办"),
    413: gettext_noop("太大了"),
    415: gettext_noop("不收这种内容"),
    422: gettext_noop("填写有误"),
    428: gettext_noop("没有写明看到的是哪一版"),
    429: gettext_noop("太频繁了"),
}
"""What kind of "no" it is, by status; the sentence says the rest."""


def csv_file(name: str, rows: Rows) -> HttpResponse:
    """Return rows as a CSV file to keep."""
    return _kept(name, lines(rows), "text/csv; charset=utf-8")


def xlsx_file(name: str, title: str, rows: Rows) -> HttpResponse:
    """Return rows as a workbook of one sheet to keep."""
    return _kept(name, workbook([(title, rows)]), XLSX)


def _kept(name: str, content: str | bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _told(value: object) -> object:
    """Return a member of the sentence as a program reads it: a term by its code."""
    if isinstance(value, Refusal):
        return problem(value)
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    return value if isinstance(value, int | bool) else str(value)


def problem(refusal: Refusal) -> dict[str, Any]:
    """Return the RFC 9457 members of a refusal: type, title, status, code, detail, basis, data."""
    body: dict[str, Any] = {
        "type": f"urn:onedoor:problem:{refusal.code}",
        "title": gettext(TITLES[refusal.status]),
        "detail": sentence(refusal),
        "status": refusal.status,
        "code": refusal.code,
        "basis": refusal.basis,
        "data": {k: _told(v) for k, v in refusal.data.items()},
    }
    if refusal.code in E_NUMBERS:
        body["number"] = E_NUMBERS[refusal.code]
    if isinstance(refusal, NotValid) and refusal.field:
        body["field"] = refusal.field
    return body


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/healthz"))


def _headers(refusal: Refusal) -> Mapping[str, str]:
    if isinstance(refusal, TooOften):
        return {"Retry-After": str(refusal.retry_after)}
    if isinstance(refusal, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(refusal, WrongMethod):
        return {"Allow": refusal.allowed}
    return {}


def form_of(request: HttpRequest) -> str:
    """Return the address of the page whose form was sent, if it is one of this site."""
    page = request.headers.get("Referer", "")
    if request.method != "POST" or not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    return page


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the refusal as the asker can read it: a problem document or a page."""
    if wants_json(request):
        return JsonResponse(
            problem(refusal),
            status=refusal.status,
            content_type=PROBLEM,
            headers=dict(_headers(refusal)),
            json_dumps_params={"ensure_ascii": False},
        )
    context = {
        "refusal": refusal,
        "sentence": sentence(refusal),
        "number": E_NUMBERS.get(refusal.code, ""),
        "back": form_of(request),
    }
    response = render(request, "refusal.html", context, status=refusal.status)
    for name, value in _headers(refusal).items():
        response[name] = value
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a bug of ours: no blame, nothing of the inside, a number to quote; keep the rest."""
    incident = secrets.token_hex(4).upper()
    logger.exception("Incident %s at %s", incident, request.path)
    text = gettext("我们的系统出了问题，不是您的操作问题。")
    if wants_json(request):
        body = {
            "type": "urn:onedoor:problem:server.error",
            "title": gettext("系统出错"),
            "detail": text,
            "status": 500,
            "code": "server.error",
            "data": {"incident": incident},
        }
        return JsonResponse(
            body, status=500, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False}
        )
    return render(request, "500.html", {"incident": incident}, status=500)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotFound("page.not_found", "没有这一页，或者不是给您看的。"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what was refused before anything of ours was asked: no page can be shown yet."""
    refusal = NotRead("request.not_read", "请求读不懂，或者不完整。")
    if wants_json(request):
        return answer(request, refusal)
    return HttpResponse(
        sentence(refusal), status=refusal.status, content_type="text/plain; charset=utf-8"
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is old: nothing was done, and it can be sent again."""
    refusal = NotAllowed("form.expired", "这一页放得太久了，请返回后再点一次提交，内容还在。")
    return answer(request, refusal)
