"""Where a draw is held: listed by the operator, committed to by three parties, thrown, opened."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, answer_form_once, for_roles
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid
from onedoor.market import queries
from onedoor.market import services as market
from onedoor.market.forms import DrawForm, ListForm
from onedoor.market.rules.drawing import Action, Party

FORM = 422
MAIN = {Action.FREEZE, Action.COMMIT, Action.TYPE, Action.THROW, Action.OPEN, Action.REDRAW}
"""What one comes for: shown open, the rest is there when it is needed."""


@for_roles(*queries.HOLDERS)
def desk(request: Request) -> HttpResponse:
    """List the draws somebody takes part in."""
    found = queries.drawers(request.actor)[:200]
    may_list = request.actor.holds_any(Role.MARKET)
    return render(request, "market/draw_desk.html", {"draws": found, "may_list": may_list})


@for_roles(Role.MARKET)
def new(request: Request) -> HttpResponse:
    """List a draw, to be contested."""
    now = clock.now()
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = answer_form_once(
                request,
                lambda asked: market.list_draw(asked, by=request.actor, at=now).number,
                prepare=form.asked,
                door="draw",
                at=now,
            )
        except NotValid as refusal:
            form.tell(refusal)
        else:
            messages.success(request, gettext("名单已公示。"))
            return redirect("market:draw_desk_one", number)
    key = request.POST.get("key") or secrets.token_hex(16)
    status = FORM if form.errors else 200
    return render(request, "market/draw_new.html", {"form": form, "key": key}, status=status)


@for_roles(*queries.HOLDERS)
def one(request: Request, number: str) -> HttpResponse:
    """Show a draw to whoever takes part in it, and what they may do now."""
    return _page(request, number)


def _page(
    request: Request, number: str, *, failed: Action | None = None, form: DrawForm | None = None
) -> HttpResponse:
    found = queries.draw_for(request.actor, number)
    first = {"seen": found.version, "entrants": queries.lines_of(found)}
    offers = [
        (
            action,
            form
            if action is failed
            else DrawForm(action=action, parties=_parties(request, number, action), initial=first),
        )
        for action in queries.actions_of(found, request.actor)
    ]
    context = {
        "draw": found,
        "offers": offers,
        "bound": form,
        "main": MAIN,
        "contributions": found.contributions.all(),
        "is_committing": Action.COMMIT in [action for action, _form in offers],
    }
    return render(request, "market/draw_step.html", context, status=FORM if form else 200)


def _parties(request: Request, number: str, action: Action) -> list[Party]:
    if action is Action.ENVELOPE:
        return list(Party)
    return queries.parties_of(queries.draw_for(request.actor, number), request.actor)


@require_POST
@for_roles(*queries.HOLDERS)
def act(request: Request, number: str, action: str) -> HttpResponse:
    """Take one step of a draw."""
    if action not in {each.value for each in Action}:
        raise NotFound("draw.not_found", "没有这次抽签。")
    wanted, now = Action(action), clock.now()
    found = queries.draw_for(request.actor, number)
    form = DrawForm(request.POST, action=wanted, parties=_parties(request, number, wanted))
    if not form.is_valid():
        return _page(request, number, failed=wanted, form=form)
    seen = form.cleaned_data["seen"]
    try:
        done = market.move_draw(found, wanted, form.told(), seen=seen, by=request.actor, at=now)
    except NotValid as refusal:
        form.tell(refusal)
        return _page(request, number, failed=wanted, form=form)
    messages.success(request, gettext("已记下。"))
    return redirect("market:draw_desk_one", done.number)
