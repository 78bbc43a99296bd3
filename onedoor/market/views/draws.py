"""Draws in public: the list, the live page, what a page that is looked at polls, the record."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render

from onedoor.accounts.queries import names_of
from onedoor.accounts.web import Request, public
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.market import queries, records
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import Action, Reject, State

PAGE = 50
JSON = "application/json"


@public
def listed(request: Request) -> HttpResponse:
    """List the draws, the latest first."""
    page = Paginator(queries.draws(), PAGE).get_page(request.GET.get("page"))
    return render(request, "market/draws.html", {"page": page})


@public
def shown(request: Request, number: str) -> HttpResponse:
    """Show a draw with each of its steps, for whoever comes at any moment."""
    found = queries.draw_named(number)
    rows = list(found.entrants.all())
    result = json.loads(found.result) if found.result else {}
    names = {row.uscc: row.name for row in rows}
    given = list(found.contributions.all())
    by = names_of(each.by for each in given)
    context = {
        "draw": found,
        "entrants": [row for row in rows if not row.excluded],
        "left_out": [(row, Reject(row.excluded)) for row in rows if row.excluded],
        "contributions": [(each, by.get(each.by, "")) for each in given],
        "reasons": found.reasons.exclude(action=Action.VOID.value),
        "winners": [(uscc, names[uscc]) for uscc in result.get("winners", [])],
        "alternates": [(uscc, names[uscc]) for uscc in result.get("alternates", [])],
        "level": rules.LEVELS[rules.level(found.frozen, 3)] if found.freeze else "",
        "is_ended": found.freeze and found.standing in (State.COMPLETED, State.VOID),
        "next": getattr(found, "replaced_by", None),
        "now": clock.now(),
    }
    return render(request, "market/draw.html", context)


@public
def state(request: Request, number: str) -> HttpResponse:
    """Send what is public now; to who has seen this version, that nothing is new (304)."""
    request.is_polled = True
    tag = f'"{queries.draw_version(number)}"'
    if request.headers.get("If-None-Match", "") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        found = queries.draw_named(number)
        tag = f'"{found.version}"'
        body = json.dumps(queries.state_of(found), ensure_ascii=False, default=str)
        response = HttpResponse(body, content_type=JSON)
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response


@public
def freeze(request: Request, number: str) -> HttpResponse:
    """Send the frozen list byte for byte: its SHA-256 is the digest that was published."""
    found = queries.draw_named(number)
    if not found.freeze:
        raise NotFound("draw.not_frozen", "名单还没有冻结。")
    return HttpResponse(found.freeze, content_type=JSON)


@public
def record(request: Request, number: str) -> HttpResponse:
    """Send the record of a draw that ended."""
    found = queries.draw_named(number)
    if not found.freeze or found.standing not in (State.COMPLETED, State.VOID):
        raise NotFound("draw.not_ended", "抽签还没有结束，没有记录。")
    body = json.dumps(records.record_of(found), ensure_ascii=False, indent=1) + "\n"
    response = HttpResponse(body, content_type=JSON)
    response["Content-Disposition"] = f'inline; filename="{found.draw_id}.json"'
    return response
