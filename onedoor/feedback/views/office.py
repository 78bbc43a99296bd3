"""Where supervision and the units follow bad ratings to their end."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import APPLICANT, Role
from onedoor.accounts.web import Request, for_roles
from onedoor.feedback import pack, queries
from onedoor.feedback import services as feedback
from onedoor.feedback.forms import StepForm
from onedoor.feedback.rules.lifecycle import Action
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound

PAGE, FORM = 50, 422
MONTH = timedelta(days=30)


@for_roles(*queries.OFFICE)
def orders(request: Request) -> HttpResponse:
    """List the bad ratings that wait, what is due first; or those that are over."""
    now = clock.now()
    is_all = request.GET.get("box") == "all"
    chosen = queries.visible_to if is_all else queries.open_orders
    page = Paginator(chosen(request.actor, at=now), PAGE).get_page(request.GET.get("page"))
    today = clock.day_of(now)
    rows = [(each, each.is_late(today)) for each in page.object_list]
    context = {"page": page, "rows": rows, "is_all": is_all, "today": today}
    if request.actor.holds(Role.SUPERVISOR):
        context["bursts"] = queries.bursts(first=today - MONTH, last=today)
    return render(request, "feedback/orders.html", context)


@for_roles(*queries.OFFICE)
def order(request: Request, number: str) -> HttpResponse:
    """Show one bad rating, what was done about it, and what may be done now."""
    return _page(request, number)


@require_POST
@for_roles(*queries.OFFICE)
def rater(request: Request, number: str) -> HttpResponse:
    """Show whom to call, once that is on record."""
    now = clock.now()
    found = queries.order_for(request.actor, number, at=now)
    shown = feedback.show_rater(found, by=request.actor, at=now)
    return _page(request, number, shown=shown)


def _page(
    request: Request,
    number: str,
    *,
    failed: Action | None = None,
    form: StepForm | None = None,
    shown: tuple[str, str] | None = None,
) -> HttpResponse:
    now = clock.now()
    found = queries.order_for(request.actor, number, at=now)
    seen = {"seen": found.version}
    offers = [
        (action, form if action is failed else StepForm(action=action, initial=seen))
        for action in queries.actions_of([found], request.actor)[0]
    ]
    notes = list(found.notes.all())
    names = names_of(note.by for note in notes) | {APPLICANT.ref: gettext("申请人")}
    context = {
        "order": found,
        "rating": found.rating,
        "case": found.rating.case,
        "has_phone": bool(found.rating.case or found.rating.phone),
        "said": [pack.phrase(code) for code in found.rating.indicators],
        "notes": [(note, Action(note.action), names.get(note.by, note.by)) for note in notes],
        "offers": offers,
        "is_late": found.is_late(clock.day_of(now)),
        "bound": form,
        "shown": shown,
    }
    return render(request, "feedback/order.html", context, status=FORM if form else 200)


@require_POST
@for_roles(*queries.OFFICE)
def act(request: Request, number: str, action: str) -> HttpResponse:
    """Take one step about a bad rating."""
    if action not in {each.value for each in Action}:
        raise NotFound("feedback.not_found", "没有这个差评工单，或者不归您办。")
    now, wanted = clock.now(), Action(action)
    found = queries.order_for(request.actor, number, at=now)
    form = StepForm(request.POST, action=wanted)
    if not form.is_valid():
        return _page(request, number, failed=wanted, form=form)
    feedback.follow(
        found, wanted, form.said(), seen=form.cleaned_data["seen"], by=request.actor, at=now
    )
    messages.success(request, gettext("已记下。"))
    return redirect("feedback:order", number)
