"""What the public does with appointments: choose a half hour, keep it, give it back, check in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.web import Request, private, public
from onedoor.catalogue.models import Item
from onedoor.citizens.models import Citizen
from onedoor.citizens.web import citizen_of, for_citizens
from onedoor.hall import booked, calendar_files, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Booking, Group, Hall
from onedoor.hall.rules.slots import DAYS_AHEAD, EARLIEST, LATEST, Coming, coming, confirm_by
from onedoor.hall.services.booking import Asked, SlotTaken, token_of
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotValid

PAGE = 20


@public
def book(request: Request) -> HttpResponse:
    """Offer the businesses of the hall, each with its next free half hour."""
    asked, place = _item(request.GET.get("item", "")), Hall.objects.order_by("code").first()
    if place is None:
        return render(request, "hall/book.html", {"rows": [], "hall": None})
    if asked is not None:
        group = queries.group_for(place, asked)
        where = reverse("hall:book_group", args=[group.letter])
        return redirect(f"{where}?{urlencode({'item': asked.code})}")
    now = clock.now()
    last = day_of(now) + timedelta(days=DAYS_AHEAD)
    rows = []
    for group in place.groups.select_related("zone", "hall").filter(is_open=True):
        free = (each for each in booked.offers(group, first=day_of(now), last=last, at=now))
        rows.append((group, next((each for each in free if each.left > 0), None)))
    return render(request, "hall/book.html", {"rows": rows, "hall": place})


@public
@private
def book_group(request: Request, letter: str) -> HttpResponse:
    """Show the days and half hours of a business; take one for whoever is signed in."""
    now, group = clock.now(), queries.group(queries.hall(), letter)
    item = _item(request.GET.get("item", ""))
    if request.method == "POST":
        return _taken(request, group, item, at=now)
    last = day_of(now) + timedelta(days=DAYS_AHEAD)
    found = booked.offers(group, first=day_of(now), last=last, at=now)
    days = {day: list(each) for day, each in groupby(found, key=lambda o: day_of(o.start))}
    shown = _day(request.GET.get("day", ""), days)
    context = {
        "group": group,
        "item": item,
        "days": [(day, sum(o.left for o in each)) for day, each in days.items()],
        "day": shown,
        "offers": days.get(shown, []) if shown else [],
        "citizen": citizen_of(request),
        "confirm_by": confirm_by(shown) if shown else None,
        "has_full": any(each.left <= 0 for each in days.get(shown, [])) if shown else False,
    }
    return render(request, "hall/book_group.html", context)


def _day(asked: str, days: dict[date, list[booked.Offer]]) -> date | None:
    """Return the day asked for, or the first that has a place left, or the first of all."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = None
    if day in days:
        return day
    free = (each for each, offers in days.items() if any(o.left for o in offers))
    return next(free, next(iter(days), None))


def _taken(request: Request, group: Group, item: Item | None, *, at: datetime) -> HttpResponse:
    citizen = citizen_of(request)
    if citizen is None:
        where = reverse("citizens:sign_in")
        return redirect(f"{where}?{urlencode({'next': request.get_full_path()})}")
    asked = Asked(group, _start(request.POST.get("start", "")), citizen=citizen, item=item)
    if "queue" in request.POST:
        return redirect("hall:booking", token_of(hall.queue(asked, by=APPLICANT, at=at)))
    try:
        done = hall.book(asked, by=APPLICANT, at=at)
    except SlotTaken as taken:
        context = {"group": group, "item": item, "start": asked.start, "near": taken.near}
        return render(request, "hall/taken.html", context, status=taken.status)
    return redirect("hall:booking", token_of(done))


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise NotValid("booking.start", "请选一个时间。", field="start")
    return start


def _item(code: str) -> Item | None:
    rows = Item.objects.select_related("current_version").filter(code=code[:40])
    return rows.exclude(current_version=None).first() if code else None


@public
@private  # the address itself opens the appointment
def booking(request: Request, token: str) -> HttpResponse:
    """Show an appointment to whoever made it: how it stands, when to come, what can be done."""
    now, found = clock.now(), booked.followed(token)
    address = settings.PUBLIC_URL + reverse("hall:booking", args=[token])
    how = coming(found.start, at=now)
    context = {
        "booking": found,
        "token": token,
        "actions": [each.value for each in booked.open_actions(found, APPLICANT)],
        "may_check_in": how in (Coming.IN_TIME, Coming.LATE),
        "is_late": how is Coming.LATE,
        "has_begun": now >= found.start,
        "from_": found.start - EARLIEST,
        "until": found.start + LATEST,
        "confirm_by": confirm_by(day_of(found.start)),
        "before": booked.waiting_before(found),
        "ticket": hall.follow_token(found.ticket.pk, found.ticket.code_key) if found.ticket else "",
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
    }
    return render(request, "hall/booking.html", context)


@require_POST
@public
@private
def cancel(request: Request, token: str) -> HttpResponse:
    """Give an appointment back."""
    hall.cancel_booking(booked.followed(token), by=APPLICANT, at=clock.now())
    messages.success(request, gettext("取消了，名额让给了别人。谢谢您说一声。"))
    return redirect("hall:booking", token)


@require_POST
@public
@private
def check_in(request: Request, token: str) -> HttpResponse:
    """Check in: the number is given at once, there is no other queue."""
    now, found = clock.now(), booked.followed(token)
    return redirect("hall:ticket", hall.arrive(found, by=APPLICANT, at=now).token)


@public
@private
def calendar_file(request: Request, token: str) -> HttpResponse:
    """Send an appointment as a calendar file."""
    found = booked.followed(token)
    address = settings.PUBLIC_URL + reverse("hall:booking", args=[token])
    content = calendar_files.of_booking(found, address)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.ics"'
    return response


@for_citizens
def mine(request: Request, citizen: Citizen) -> HttpResponse:
    """List the appointments of whoever is signed in; all of them as a file when asked."""
    rows = booked.of_citizen(citizen)
    if "export" in request.GET:
        return _export([_told(each) for each in rows])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [(each, token_of(each)) for each in page]}
    return render(request, "hall/my_bookings.html", context)


def _told(row: Booking) -> dict[str, str]:
    return {
        "number": row.number,
        "business": row.places.group.name,
        "start": row.start.isoformat(),
        "state": row.state,
        "name": str(row.name),
        "phone": str(row.phone),
        "made_at": row.made_at.isoformat(),
    }


def _export(told: list[dict[str, str]]) -> JsonResponse:
    response = JsonResponse(
        {"bookings": told}, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="onedoor-my-bookings.json"'
    return response
