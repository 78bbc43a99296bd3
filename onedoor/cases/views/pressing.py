"""The book of the seal of rubber: what it was pressed on, and what is not entered yet."""

from __future__ import annotations

from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import pressing
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file
from onedoor.papers.rules.kinds import Kind
from onedoor.seals import queries as seals
from onedoor.seals.registers import MOST, READING

PAGE = 50


@for_roles(*READING)
def book(request: Request) -> HttpResponse:
    """List what was entered, the latest first, and to a keeper what is not entered yet."""
    text = request.GET.get("q", "")[:60].strip()
    page = Paginator(seals.hand_uses(text), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = names_of([u.used_by for u in shown] + [u.approver for u in shown])
    may_enter = request.actor.holds_any(Role.KEEPER)
    context = {
        "q": text,
        "page": page,
        "rows": [
            (u, Kind(u.paper_kind), names.get(u.used_by, ""), names.get(u.approver, ""))
            for u in shown
        ],
        "waiting": list(islice(pressing.unpressed(), PAGE)) if may_enter else [],
        "lockable": seals.lockable(request.actor),
    }
    return render(request, "cases/seal_hand.html", context)


@for_roles(*READING)
def book_file(request: Request) -> HttpResponse:
    """Send what the book shows as CSV."""
    uses = list(seals.hand_uses(request.GET.get("q", "")[:60].strip())[:MOST])
    names = names_of({ref for use in uses for ref in (use.used_by, use.approver)})
    headings = (
        *(
            gettext("用印编号"),
            gettext("用印时间"),
            gettext("文号"),
            gettext("文书"),
            gettext("单位"),
        ),
        *(gettext("印章"), gettext("份数"), gettext("批准人"), gettext("盖章人")),
        gettext("原文摘要"),
    )
    lines = [
        (
            *(use.number, use.used_at, use.paper, gettext(Kind(use.paper_kind).zh), use.unit.name),
            *(use.seal.name, use.copies, names.get(use.approver, ""), names.get(use.used_by, "")),
            use.digest,
        )
        for use in uses
    ]
    return csv_file(f"hand-uses-{clock.day_of(clock.now())}.csv", [headings, *lines])


@require_POST
@for_roles(Role.KEEPER)
def enter(request: Request) -> HttpResponse:
    """Enter the papers ticked, each with the same number of copies."""
    text, numbers = request.POST.get("copies", ""), request.POST.getlist("paper")[:PAGE]
    copies = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not numbers:
        messages.warning(request, gettext("没有选文书。"))
        return redirect("cases:seal_hand")
    for number in numbers:
        pressing.enter(number, copies=copies, by=request.actor, at=clock.now())
    messages.success(request, gettext("已登记 %(n)s 份。") % {"n": len(numbers)})
    return redirect("cases:seal_hand")
