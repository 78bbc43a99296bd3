"""Who comes with an appointment: the list of a day, answers owed, one made for a caller."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.hall import booked, queries
from onedoor.hall import services as hall
from onedoor.hall.models import Booking
from onedoor.hall.office_forms import BookForm, DeclineForm
from onedoor.hall.rules.bookings import OPEN
from onedoor.hall.services.booking import Asked
from onedoor.kernel import clock
from onedoor.kernel.clock import SHANGHAI, day_of
from onedoor.kernel.errors import Refusal

FORM = 422
LOOKS = (Role.GUIDE, Role.DUTY)


def day_asked(request: Request, now: datetime) -> date:
    """Return the day asked for, or today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return day_of(now)


@for_roles(*LOOKS)
def bookings(request: Request) -> HttpResponse:
    """List the appointments of a day, and those that wait for a yes; make one for somebody."""
    now, place = clock.now(), queries.hall(request.GET.get("hall", ""))
    form = BookForm(request.POST or None, hall=place)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        start = given["start"].replace(tzinfo=SHANGHAI)
        asked = Asked(
            queries.group(place, given["group"]), start, name=given["name"], phone=given["phone"]
        )
        try:
            made = hall.book(asked, by=request.actor, at=now)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            told = gettext("约好了，预约号 %(number)s。") % {"number": made.number}
            messages.success(request, told)
            return redirect(f"{request.path}?day={day_of(start)}")
    day = day_asked(request, now)
    rows = [(row, _actions(row, request)) for row in booked.on_day(place, day)]
    context = {
        "hall": place,
        "day": day,
        "today": day_of(now),
        "rows": rows,
        "still": sum(row.standing in OPEN for row, _ in rows),
        "asked": [
            (row, DeclineForm(auto_id=f"{row.number}_%s")) for row in booked.to_confirm(place)
        ]
        if request.actor.holds(Role.DUTY)
        else [],
        "form": form,
    }
    return render(request, "hall/bookings.html", context, status=FORM if form.errors else 200)


def _actions(row: Booking, request: Request) -> list[str]:
    return [each.value for each in booked.open_actions(row, request.actor)]


@require_POST
@for_roles(*LOOKS)
def act(request: Request, number: str, action: str) -> HttpResponse:
    """Check somebody in, say yes or no to a weekend, or cancel for whoever calls."""
    now, found, by = clock.now(), booked.numbered(number), request.actor
    if action == "check_in":
        taken = hall.arrive(found, by=by, at=now)
        told = gettext("号码 %(number)s。") % {"number": taken.ticket.number}
        messages.success(request, told)
    elif action == "confirm":
        hall.confirm(found, by=by, at=now)
        messages.success(request, gettext("确认了，已经告诉对方。"))
    elif action == "decline":
        hall.decline(found, request.POST.get("reason", ""), by=by, at=now)
        messages.success(request, gettext("已经告诉对方不能安排，和为什么。"))
    elif action == "cancel":
        hall.cancel_booking(found, by=by, at=now)
        messages.success(request, gettext("取消了。"))
    else:
        raise booked.no_booking()
    return redirect(f"{reverse('hall:bookings')}?day={day_of(found.start)}")
