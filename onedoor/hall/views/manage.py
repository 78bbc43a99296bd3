"""The duty officer's page (大厅): the worst row first, what windows do, words on boards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.hall import boards, figures, pack, queries
from onedoor.hall import services as hall
from onedoor.hall.forms import MessageForm, SkillsForm
from onedoor.hall.models import Ticket
from onedoor.hall.rules.figures import WAIT_TARGET
from onedoor.hall.rules.lifecycle import State
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file

WATCHERS = (Role.DUTY, Role.SUPERVISOR)
FORM, LISTED = 422, 500


@for_roles(*WATCHERS)
def manage(request: Request) -> HttpResponse:
    """Show the jam: rows by the longest wait, windows, who was sent on too often."""
    return _page(request)


def _page(request: Request, **bound: Any) -> HttpResponse:
    now, place = clock.now(), queries.hall()
    day, policy = clock.day_of(now), pack.policy()
    windows = list(place.windows.select_related("zone", "clerk", "hall"))
    before = {
        ticket.window_id: ticket
        for ticket in Ticket.objects.filter(
            hall=place, day=day, state__in=[State.CALLED.value, State.SERVING.value]
        )
    }
    sent_on = Ticket.objects.filter(hall=place, day=day, transfers__gt=policy.transfers)
    skills = queries.all_skills(place)
    listed = [(each, before.get(each.pk), skills[each.number]) for each in windows]
    rows = sorted(queries.rows_of(place, at=now), key=lambda row: (-row.longest, -row.waiting))
    context = {
        "rows": rows,
        "target": int(WAIT_TARGET.total_seconds() // 60),
        "windows": listed,
        "sent_on": sent_on.order_by("-transfers", "number"),
        "zones": place.zones.all(),
        "kiosks": place.kiosks.all(),
        "figures": figures.whole(place, day),
        "may_set": request.actor.holds(Role.DUTY),
        "skills_form": SkillsForm(hall=place),
        "message_form": MessageForm(hall=place),
        "now": now,
    } | bound
    return render(request, "hall/manage.html", context, status=FORM if bound else 200)


@require_POST
@for_roles(Role.DUTY)
def set_skills(request: Request) -> HttpResponse:
    """Let a window call from other groups."""
    place = queries.hall()
    form = SkillsForm(request.POST, hall=place)
    if not form.is_valid():
        return _page(request, skills_form=form)
    window = queries.window(place, int(form.cleaned_data["window"]))
    told = form.cleaned_data
    hall.set_skills(
        window, main=told["main"], helping=told["helping"], by=request.actor, at=clock.now()
    )
    told_back = gettext("%(n)s 号窗口改好了，下一个就按新的叫。")
    messages.success(request, told_back % {"n": window.number})
    return redirect("hall:manage")


@require_POST
@for_roles(Role.DUTY)
def say(request: Request) -> HttpResponse:
    """Put words on the boards, or take them down."""
    form = MessageForm(request.POST, hall=queries.hall())
    if not form.is_valid():
        return _page(request, message_form=form)
    for zone in form.zones():
        hall.say(zone, form.cleaned_data["text"], by=request.actor, at=clock.now())
    messages.success(request, gettext("屏上换好了。"))
    return redirect("hall:manage")


@require_POST
@for_roles(Role.DUTY)
def mute(request: Request, zone: str) -> HttpResponse:
    """Let the boards of a zone call aloud or not."""
    found = boards.zone(queries.hall(), zone)
    is_muted = request.POST.get("act") == "mute"
    hall.mute(found, is_muted=is_muted, by=request.actor, at=clock.now())
    return redirect("hall:manage")


def _day(request: Request) -> date:
    today = clock.day_of(clock.now())
    try:
        return min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        return today


@for_roles(*WATCHERS)
def day_figures(request: Request) -> HttpResponse:
    """Show the figures of a day; each opens the tickets it counts."""
    place, day = queries.hall(), _day(request)
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "whole": figures.whole(place, day),
        "groups": figures.by_group(place, day),
        "hours": figures.by_hour(place, day),
        "target": int(WAIT_TARGET.total_seconds() // 60),
    }
    return render(request, "hall/figures.html", context)


@for_roles(*WATCHERS)
def tickets(request: Request) -> HttpResponse:
    """List the tickets a figure counts: numbers and times, never names."""
    place, day, asked = queries.hall(), _day(request), request.GET
    found = figures.tickets(
        place,
        day,
        letter=asked.get("letter", ""),
        hour=asked.get("hour", ""),
        box=asked.get("box", ""),
    )
    return render(request, "hall/tickets.html", {"day": day, "tickets": found[:LISTED]})


@for_roles(*WATCHERS)
def figures_file(request: Request) -> HttpResponse:
    """Give the tickets of a day as CSV: numbers and times, never names."""
    place, day = queries.hall(), _day(request)
    head: list[object] = ["号", "业务组", "类别", "渠道", "状态", "结果"]
    head += ["取号", "首次呼叫", "开始", "结束", "窗口", "转窗"]
    rows: list[list[object]] = [
        [
            t.number,
            t.group.name,
            t.goes_by.zh,
            t.taken_by.zh,
            t.standing.zh,
            t.came_of_it.zh if t.came_of_it else "",
            *(
                f"{clock.local(at):%H:%M:%S}" if at else ""
                for at in (t.issued_at, t.first_called_at, t.started_at, t.ended_at)
            ),
            t.window.number if t.window else "",
            t.transfers,
        ]
        for t in figures.tickets(place, day)
    ]
    return csv_file(f"hall-{day:%Y%m%d}.csv", (head, *rows))
