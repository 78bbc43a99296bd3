"""What the public sees without an account: take a number, follow it, read the board."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request, answer_form_once, origin_of, private, public
from onedoor.hall import boards, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Ticket
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.voice import said
from onedoor.hall.rules.words import Channel
from onedoor.hall.services import Wanted
from onedoor.hall.services.taking import follow_token
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound

TAKES, HOUR = 6, timedelta(hours=1)
"""So many numbers are taken from one address in an hour; at the hall the guide gives more."""
COOKIE, DAY = "ticket", 24 * 60 * 60
"""Where a telephone keeps which number it took: no session, for thousands of them ask and ask."""
FRESH = 1
"""For so many seconds a board's answer is kept: thirty boards ask the database once."""


@public
@private
def take(request: Request) -> HttpResponse:
    """Let somebody take a number for today: which row, how long it is."""
    now, place = clock.now(), queries.hall()
    open_rows = [
        (row, row.expected)
        for row in queries.rows_of(place, at=now)
        if row.windows and row.group.is_open
    ]
    if request.method != "POST":
        key = secrets.token_hex(16)
        return render(request, "hall/take.html", {"rows": open_rows, "key": key})
    group = queries.group(place, request.POST.get("group", "")[:1])
    taken = request.get_signed_cookie(COOKIE, "", max_age=DAY)
    mine = Ticket.objects.filter(follow_digest=taken, group=group)
    known = mine.filter(day=clock.day_of(now), state=State.WAITING.value).first()
    if known is not None:
        return redirect("hall:ticket", follow_token(known.pk, known.code_key))
    count_attempt(f"ticket-from:{origin_of(request)}", limit=TAKES, window=HOUR, at=now)
    wanted = Wanted(group, Channel.PHONE)
    token = answer_form_once(
        request,
        lambda serial: hall.take(wanted, serial, by=APPLICANT, at=now).token,
        prepare=lambda: hall.reserve(group, at=now),
        door="ticket",
        at=now,
    )
    answer = redirect("hall:ticket", token)
    answer.set_signed_cookie(
        COOKIE,
        queries.followed(token).follow_digest,
        max_age=DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@public
@private  # the address itself opens the ticket
def ticket(request: Request, token: str) -> HttpResponse:
    """Show how many are ahead and an honest range; let whoever missed their call come back."""
    now, found = clock.now(), queries.followed(token)
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "back":
            hall.come_back(found, by=APPLICANT, at=now)
            messages.success(request, gettext("您又排进去了，请在大厅里等叫号。"))
        elif act == "cancel":
            hall.cancel(found, by=APPLICANT, at=now)
        else:
            raise NotFound("hall.no_act", "窗口上没有这一步。")
        return redirect("hall:ticket", token)
    ahead = queries.ahead_of(found)
    context = {
        "ticket": found,
        "token": token,
        "ahead": ahead,
        "range": queries.expected_wait(found.group, ahead),
        "is_today": found.day == clock.day_of(now),
        "may_return": found.standing is State.SKIPPED and not found.returns,
        "now": now,
    }
    request.is_polled = bool(request.GET.get("part"))
    part = "hall/ticket_state.html" if request.is_polled else "hall/ticket.html"
    return render(request, part, context)


@public
def board(request: Request, zone: str) -> HttpResponse:
    """The board of a zone: who was called where, how long the rows are; numbers, never names."""
    now = clock.now()
    found = boards.zone(queries.hall(), zone)
    shown = boards.state(found, at=now)
    paused = [boards.pause_told(each) for each in shown.paused]
    context = {"zone": found, "state": shown, "paused": paused, "now": now}
    return render(request, "hall/board.html", context)


@public
def board_state(request: Request, zone: str) -> HttpResponse:
    """The same as JSON, with its sequence number; not sent again while nothing has changed."""
    now, request.is_polled = clock.now(), True
    key = f"hall-board:{get_language()}:{zone[:20]}"
    text = cache.get(key)
    if text is None:
        found = boards.zone(queries.hall(), zone)
        text = json.dumps(_told(boards.state(found, at=now)), ensure_ascii=False)
        cache.set(key, text, FRESH)
    mark = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == mark:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(text, content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = mark, "no-cache"
    return answer


def _told(state: boards.State) -> dict[str, Any]:
    return {
        "sequence": state.sequence,
        "next_ms": boards.NEXT_MS,
        "stale_ms": boards.STALE_MS,
        "called": [
            {
                "number": c.number,
                "window": c.window,
                "at": c.at.isoformat(),
                "calls": c.calls,
                **said(c.number, c.window)._asdict(),
            }
            for c in state.called
        ],
        "message": state.message,
        "muted": state.is_muted,
        "missed": list(state.missed),
        "rows": [
            {"letter": r.group.letter, "name": gettext(r.group.name), "waiting": r.waiting}
            for r in state.rows
        ],
        "paused": [boards.pause_told(each) for each in state.paused],
    }
