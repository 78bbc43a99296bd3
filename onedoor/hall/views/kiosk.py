"""The kiosk (取号机): one page that stays open, and what it asks the server for.

The page must live through an outage, so it is never left: it asks by fetch and shows the answers.
Who asks is a machine that was paired; nobody is signed in on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import APPLICANT, Role
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request, answer_form_once, for_roles, public
from onedoor.cases.inputs import document_number
from onedoor.cases.rules.words import IdType
from onedoor.hall import booked, kiosks, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Block, Booking, Kiosk, Ticket
from onedoor.hall.rules.lifecycle import State
from onedoor.hall.rules.words import Channel
from onedoor.hall.services import Issued, Wanted
from onedoor.kernel import clock, crypto
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.kernel.web import problem

COOKIE, YEAR = "kiosk", 365 * 24 * 3600
LOOKS, HOUR = 200, timedelta(hours=1)
"""So often a kiosk asks in an hour who somebody is."""
ID_LENGTH = 18
MOST_TOLD = 1000
"""So many numbers are taken over from a kiosk in one go."""

Answer = Callable[[Request, Kiosk], dict[str, Any]]


def _asks(answer: Answer) -> Callable[..., HttpResponse]:
    """Answer a paired kiosk in JSON, refusals too; in the language its page is shown in."""

    @require_POST
    @public
    @wraps(answer)
    def view(request: Request, dev: str) -> HttpResponse:
        with translation.override(_language(request)):
            try:
                kiosk = kiosks.find(queries.hall(), dev)
                if not _is_paired(request, kiosk):
                    raise NotAllowed("kiosk.not_paired", "这台取号机还没有启用，请值班长来启用。")
                response = JsonResponse(answer(request, kiosk))
            except Refusal as refusal:
                response = JsonResponse(problem(refusal), status=refusal.status)
        response["Cache-Control"] = "no-store"
        return response

    return view


def _language(request: Request) -> str:
    return "en" if request.GET.get("lang") == "en" else "zh-hans"


def _is_paired(request: Request, kiosk: Kiosk) -> bool:
    key = request.COOKIES.get(COOKIE, "")
    return bool(key and kiosk.key_digest) and constant_time_compare(
        crypto.token_digest(key), kiosk.key_digest
    )


@public
@ensure_csrf_cookie
def screen(request: Request, dev: str) -> HttpResponse:
    """Show the kiosk's page; on a machine that is not it yet, let the duty officer make it so."""
    kiosk = kiosks.find(queries.hall(), dev)
    if not _is_paired(request, kiosk):
        may_pair = request.actor.holds(Role.DUTY)
        return render(request, "hall/kiosk_pair.html", {"kiosk": kiosk, "may_pair": may_pair})
    with translation.override(_language(request)):
        track = settings.PUBLIC_URL + reverse("cases:track")
        context = {
            "kiosk": kiosk,
            "groups": list(kiosk.hall.groups.select_related("zone")),
            "track": track,
            "qr": _qr(track),
            "keys": [*"123456789", "0"],
        }
        return render(request, "hall/kiosk.html", context)


@require_POST
@for_roles(Role.DUTY)
def pair(request: Request, dev: str) -> HttpResponse:
    """Make this machine the kiosk, and sign the duty officer out of it."""
    kiosk = kiosks.find(queries.hall(), dev)
    key = hall.pair(kiosk, by=request.actor, at=clock.now())
    logout(request)
    response = redirect("hall:kiosk", dev)
    response.set_cookie(
        COOKIE,
        key,
        max_age=YEAR,
        path=reverse("hall:kiosk", args=[dev]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@_asks
def sync(request: Request, kiosk: Kiosk) -> dict[str, Any]:
    """Take over what was given while the server was away; tell the rows and new numbers."""
    now, (issued, left) = clock.now(), _told(request)
    merged = hall.merge(kiosk, issued, at=now)
    Kiosk.objects.filter(pk=kiosk.pk).update(seen_at=now)
    return {
        "now": now.isoformat(),
        "day": clock.day_of(now).isoformat(),
        "has_paper": kiosk.has_paper,
        "merged": [
            {"number": number, "fault": problem(refusal)["detail"] if refusal else ""}
            for number, refusal in merged
        ],
        "blocks": [_block(each) for each in hall.lease(kiosk, left, at=now)],
        "rows": _rows(kiosk, now),
    }


def _told(request: Request) -> tuple[list[Issued], dict[str, int]]:
    """Return what a kiosk says it gave and has left, or refuse what cannot be read."""
    try:
        told = json.loads(request.body[:200_000])
        issued = [
            Issued(str(each["number"]), datetime.fromisoformat(str(each["at"])))
            for each in told["issued"][:MOST_TOLD]
        ]
        left = {str(letter): int(count) for letter, count in told["left"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotValid("kiosk.told", "取号机发来的内容读不出来。") from None
    if any(each.at.tzinfo is None for each in issued):
        raise NotValid("kiosk.told", "取号机发来的内容读不出来。")
    return issued, left


def _block(block: Block) -> dict[str, Any]:
    return {"letter": block.group.letter, "first": block.first, "last": block.last}


def _rows(kiosk: Kiosk, now: datetime) -> list[dict[str, Any]]:
    found = []
    for row in queries.rows_of(kiosk.hall, at=now):
        wait = row.expected
        found.append(
            {
                "letter": row.group.letter,
                "name": gettext(row.group.name),
                "place": row.group.zone.name,
                "waiting": row.waiting,
                "is_open": bool(row.windows and row.group.is_open),
                "least": wait.least if wait else None,
                "most": wait.most if wait else None,
            }
        )
    return found


@_asks
def who(request: Request, kiosk: Kiosk) -> dict[str, Any]:
    """Tell what somebody who showed a card or typed a telephone has today: numbers, no names."""
    now = clock.now()
    if request.POST.get("who"):  # whoever shows nothing asks about nobody
        count_attempt(f"kiosk-looks:{kiosk.pk}", limit=LOOKS, window=HOUR, at=now)
    mark = _mark(request, now)
    return {
        "bookings": [
            {
                "number": each.number,
                "at": f"{clock.local(each.places.start):%H:%M}",
                "name": gettext(each.places.group.name),
            }
            for each in kiosks.bookings_of(kiosk.hall, mark, at=now)
        ],
        "tickets": [
            {
                "number": each.number,
                "name": gettext(each.group.name),
                "state": each.standing.value,
            }
            for each in kiosks.tickets_of(kiosk.hall, mark, at=now)
        ],
        "rows": _rows(kiosk, now),
    }


def _mark(request: Request, now: datetime) -> str:
    """Return an ID or telephone number in normal form; empty where nothing was shown."""
    text = request.POST.get("who", "").strip()[:60]
    if not text:
        return ""
    try:
        return phones.parse(text).value
    except NotValid:
        return document_number(IdType.CITIZEN_ID, text, on=clock.day_of(now))


@_asks
def take(request: Request, kiosk: Kiosk) -> dict[str, Any]:
    """Give a number: for a business, by an appointment, or the old one again (asked once)."""
    now, asked = clock.now(), request.POST
    mark = _mark(request, now)
    is_card = len(mark) == ID_LENGTH
    if booking := asked.get("booking"):
        taken = hall.arrive(_booking(kiosk, mark, booking, now), by=APPLICANT, at=now)
        return _slip(taken.ticket, taken.token if is_card else "", now)
    if number := asked.get("ticket"):
        found = _ticket(kiosk, mark, number, now)
        if found.standing is State.SKIPPED:
            found = hall.come_back(found, by=APPLICANT, at=now)
        return _slip(found, hall.follow_token(found.pk, found.code_key) if is_card else "", now)
    group = queries.group(kiosk.hall, asked.get("group", "")[:1])
    id_number = mark if is_card else ""
    for each in kiosks.tickets_of(kiosk.hall, id_number, at=now):
        if each.group_id == group.pk and each.standing is not State.SKIPPED:
            return _slip(each, hall.follow_token(each.pk, each.code_key), now)
    phone = "" if id_number else mark
    wanted = Wanted(group, Channel.KIOSK, id_number=id_number, phone=phone)
    token = answer_form_once(
        request,
        lambda serial: hall.take(wanted, serial, by=APPLICANT, at=now).token,
        prepare=lambda: hall.reserve(group, at=now),
        door=f"kiosk-{kiosk.code}",
        at=now,
    )
    return _slip(queries.followed(token), token, now)


def _booking(kiosk: Kiosk, mark: str, number: str, now: datetime) -> Booking:
    theirs = kiosks.bookings_of(kiosk.hall, mark, at=now)
    found = next((each for each in theirs if each.number == number), None)
    if found is None:
        raise booked.no_booking()
    return found


def _ticket(kiosk: Kiosk, mark: str, number: str, now: datetime) -> Ticket:
    theirs = kiosks.tickets_of(kiosk.hall, mark, at=now)
    found = next((each for each in theirs if each.number == number), None)
    if found is None:
        raise NotFound("hall.no_ticket", "没有这个号。号只在取号的当天有效。")
    return found


def _slip(ticket: Ticket, token: str, now: datetime) -> dict[str, Any]:
    """Return what the kiosk prints; without the address where a telephone was only typed.

    Anybody can type a telephone that is not theirs, and the address lets a number be given up.
    """
    ahead = queries.ahead_of(ticket)
    wait = queries.expected_wait(ticket.group, ahead)
    address = settings.PUBLIC_URL + reverse("hall:ticket", args=[token]) if token else ""
    return {
        "number": ticket.number,
        "name": gettext(ticket.group.name),
        "place": ticket.group.zone.name,
        "way": ticket.group.zone.place,
        "ahead": ahead,
        "least": wait.least if wait else None,
        "most": wait.most if wait else None,
        "at": f"{clock.local(ticket.issued_at):%Y-%m-%d %H:%M}",
        "qr": _qr(address) if address else "",
    }


def _qr(address: str) -> str:
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))


@_asks
def call_help(request: Request, kiosk: Kiosk) -> dict[str, Any]:
    """Tell the guides that somebody here wants help."""
    hall.call_help(kiosk, at=clock.now())
    return {}


@require_POST
@for_roles(Role.GUIDE, Role.DUTY)
def answer_help(request: Request, dev: str) -> HttpResponse:
    """Take a call for help down: the guide goes there."""
    hall.answer_help(kiosks.find(queries.hall(), dev), by=request.actor)
    return redirect("hall:guide")


@require_POST
@for_roles(Role.DUTY)
def set_kiosk(request: Request, dev: str) -> HttpResponse:
    """Note that a kiosk has no paper or has it again, or let no machine be it any more."""
    kiosk, now = kiosks.find(queries.hall(), dev), clock.now()
    act = request.POST.get("act")
    if act in ("paper", "no_paper"):
        hall.set_paper(kiosk, has_paper=act == "paper", by=request.actor, at=now)
    elif act == "unpair":
        hall.unpair(kiosk, by=request.actor, at=now)
    else:
        raise NotFound("hall.no_act", "窗口上没有这一步。")
    return redirect("hall:manage")
