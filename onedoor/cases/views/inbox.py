"""The approver: what is urgent, one case with its clocks explained, and every step of the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import commitments, conditions, joint, queries
from onedoor.cases import services as cases
from onedoor.cases.forms import (
    AnnounceForm,
    AskHearingForm,
    CallHearingForm,
    CommitForm,
    ConfirmEntrustedForm,
    ConfirmForm,
    DepositForm,
    EntrustForm,
    ExtendForm,
    FetchForm,
    ForwardForm,
    GrantForm,
    HandOutForm,
    LeaveForm,
    LinkLicenceForm,
    OpinionForm,
    OrderSurveyForm,
    PostForm,
    PromiseForm,
    ProposeSpecialForm,
    PutOffForm,
    RecordHearingForm,
    RecordSurveyForm,
    RefuseForm,
    RejectForm,
    ReplyForm,
    ResultForm,
    SeenForm,
    TellHearingForm,
    TurnDownForm,
    WithdrawForm,
)
from onedoor.cases.models import Case
from onedoor.cases.rules.commitment import Box
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.rules.words import Purpose
from onedoor.cases.services.uploading import uploaded
from onedoor.cases.views.files import remember
from onedoor.cases.views.rows import rows_of
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound

OFFICE = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.SUPERVISOR)
PAGE = 50
FORM = 422


@for_roles(*OFFICE)
def inbox(request: Request) -> HttpResponse:
    """What waits for me, most urgent first; a box for what is suspended and what I did."""
    on = clock.day_of(clock.now())
    box = request.GET.get("box", "urgent")
    found = queries.inbox(request.actor, OFFICE)
    if box == "suspended":
        found = found.filter(status=Status.SPECIAL.value)
    elif box == "forwarded":
        found = found.filter(status=Status.FORWARDED.value, replied_on__isnull=True)
    elif box == "proposed":
        found = queries.proposed_to(request.actor)
    elif box == "surveys":
        found = queries.my_surveys(request.actor)
    elif box == "done":
        found = queries.done_by(request.actor, since=clock.at_local(on))
    else:
        waiting = Q(status=Status.FORWARDED.value, replied_on__isnull=True)
        box, found = "urgent", found.exclude(waiting | Q(status=Status.SPECIAL.value))
    cases_ = list(found[: PAGE + 1])
    context = {
        "rows": rows_of(cases_[:PAGE], on=on),
        "box": box,
        "more": len(cases_) > PAGE,
        "overdue": commitments.checks_in(request.actor, Box.OVERDUE, on=on).count(),
        "today": on,
    }
    return render(request, "cases/inbox.html", context)


@for_roles(*queries.WORKING)
def case(request: Request, number: str) -> HttpResponse:
    """One case: facts, materials, clocks with their days, what happened, what I may do."""
    found = cases.settle(queries.case_for(request.actor, number), at=clock.now())
    return render(request, "cases/case.html", _page(request, found))


def _page(
    request: Request, found: Case, bound: SeenForm | None = None, tried: str = ""
) -> dict[str, Any]:
    """Return what the page of a case shows; ``bound`` is the form that came back with errors."""
    on = clock.day_of(clock.now())
    forms = {
        action: bound
        if bound and action == tried
        else doing.form(initial=_seen(found), auto_id=_ids(action))
        for action, doing in DOINGS.items()
    }
    offers = queries.offers(found, request.actor, on=on)
    for offer in offers:
        if offer.action in forms:
            forms[offer.action].offer(found, on=on)
    return {
        "case": found,
        "application": joint.application_of(found),
        "light": queries.light_of(found, on=on),
        "points": queries.points_of(found, on=on),
        "left": queries.left_in_days(found, on=on),
        "materials": queries.listed(found),
        "forwarding": queries.forwarding_of(found),
        "leaving": queries.leaving_of(found),
        "entrusting": queries.entrusting_of(found),
        "depositing": queries.depositing_of(found),
        "may_choose_serving": cases.may_choose_serving(found, request.actor),
        "checks": commitments.checks_of(found),
        "procedures": queries.procedures_of(found),
        "timeline": list(reversed(queries.timeline(found))),
        "clocks": queries.explanations(found, on=on),
        "offers": [(offer, forms.get(offer.action)) for offer in offers],
        "bound": bound,
        "longest_extension": conditions.longest_extension(found),
        "tried": tried,
        "purposes": list(Purpose),
        "phrases": queries.phrases("opinion", "grant"),
        "told": commitments.matters(found, commitments.committable(found, queries.listed(found)))
        if Action.COMMIT in [offer.action for offer in offers]
        else [],
        "may_note_retyping": cases.may_note_retyping(found, request.actor),
        "may_attach": request.actor.holds_any(Role.DESK, Role.ACCEPTOR)
        and queries.is_gathering(found),
        "today": on,
    }


def _ids(action: Action) -> str:
    """Return how a form's fields are named: many forms stand on one page."""
    return f"{action.value}_%s"


def _seen(found: Case) -> dict[str, int]:
    return {"seen": found.version}


class Doing(NamedTuple):
    """How a page takes a step: the form it needs, and the service it calls."""

    form: type[SeenForm]
    do: Callable[..., Case]


DOINGS: dict[Action, Doing] = {
    Action.PROMISE: Doing(PromiseForm, cases.promise),
    Action.COMMIT: Doing(CommitForm, cases.commit),
    Action.ACCEPT: Doing(SeenForm, cases.accept),
    Action.ACCEPT_TOLERANT: Doing(SeenForm, cases.accept_tolerant),
    Action.REJECT: Doing(RejectForm, cases.reject),
    Action.REVIEW: Doing(OpinionForm, cases.review),
    Action.PROPOSE_SPECIAL: Doing(ProposeSpecialForm, cases.propose_special),
    Action.SUSPEND: Doing(SeenForm, cases.suspend),
    Action.TURN_DOWN_SPECIAL: Doing(TurnDownForm, cases.turn_down_special),
    Action.END_SPECIAL: Doing(ResultForm, cases.resume),
    Action.RESUME: Doing(ResultForm, cases.resume),
    Action.EXTEND: Doing(ExtendForm, cases.extend),
    Action.PUT_OFF: Doing(PutOffForm, cases.put_off),
    Action.FORWARD: Doing(ForwardForm, cases.forward),
    Action.RECORD_REPLY: Doing(ReplyForm, cases.record_reply),
    Action.GRANT: Doing(GrantForm, cases.grant),
    Action.REFUSE: Doing(RefuseForm, cases.refuse),
    Action.WITHDRAW: Doing(WithdrawForm, cases.withdraw),
    Action.MAKE: Doing(SeenForm, cases.make),
    Action.MAKE_READY: Doing(SeenForm, cases.make_ready),
    Action.HAND_OUT: Doing(HandOutForm, cases.hand_out),
    Action.ORDER_SURVEY: Doing(OrderSurveyForm, cases.order_survey),
    Action.RECORD_SURVEY: Doing(RecordSurveyForm, cases.record_survey),
    Action.SIGN_SURVEY: Doing(SeenForm, cases.sign_survey),
    Action.TELL_HEARING: Doing(TellHearingForm, cases.tell_hearing),
    Action.ASK_HEARING: Doing(AskHearingForm, cases.ask_hearing),
    Action.CALL_HEARING: Doing(CallHearingForm, cases.call_hearing),
    Action.RECORD_HEARING: Doing(RecordHearingForm, cases.record_hearing),
    Action.LINK_LICENCE: Doing(LinkLicenceForm, cases.link_licence),
    Action.POST: Doing(PostForm, cases.post),
    Action.CONFIRM_DELIVERY: Doing(ConfirmForm, cases.confirm_delivery),
    Action.LEAVE: Doing(LeaveForm, cases.leave),
    Action.ANNOUNCE: Doing(AnnounceForm, cases.announce),
    Action.SERVE_ONLINE: Doing(SeenForm, cases.serve_online),
    Action.ENTRUST: Doing(EntrustForm, cases.entrust),
    Action.CONFIRM_ENTRUSTED: Doing(ConfirmEntrustedForm, cases.confirm_entrusted),
    Action.DEPOSIT: Doing(DepositForm, cases.deposit),
    Action.FETCH: Doing(FetchForm, cases.fetch),
    Action.FINISH_AT_ONCE: Doing(SeenForm, cases.finish_at_once),
}
"""Steps taken from the page of a case; those that judge materials have pages of their own."""

AFTER = {
    Action.REVIEW: "cases:inbox",
    Action.GRANT: "cases:inbox",
    Action.REFUSE: "cases:inbox",
    Action.HAND_OUT: "cases:out",
    Action.POST: "cases:out",
    Action.CONFIRM_DELIVERY: "cases:out",
    Action.LEAVE: "cases:out",
    Action.SERVE_ONLINE: "cases:out",
    Action.ENTRUST: "cases:out",
    Action.CONFIRM_ENTRUSTED: "cases:out",
    Action.DEPOSIT: "cases:out",
    Action.FETCH: "cases:out",
}
"""Where one goes on after a step; else to the case."""


@require_POST
@for_roles(*queries.WORKING)
def act(request: Request, number: str, action: str) -> HttpResponse:
    """Take one step of the table from the page of a case."""
    now = clock.now()
    doing = DOINGS.get(Action(action)) if action in {a.value for a in DOINGS} else None
    if doing is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    found = cases.settle(queries.case_for(request.actor, number), at=now)
    form = doing.form(request.POST, request.FILES, auto_id=_ids(Action(action)))
    if not form.is_valid():
        return render(request, "cases/case.html", _page(request, found, form, action), status=FORM)
    moved = doing.do(
        found,
        **stored(form.given(), at=now),
        seen=form.cleaned_data["seen"],
        by=request.actor,
        at=now,
    )
    done = {"action": gettext(Action(action).zh), "number": moved.alias}
    messages.success(request, gettext("已%(action)s：%(number)s。") % done)
    if Action(action) in (Action.PROMISE, Action.COMMIT):  # to be signed now
        return redirect("cases:paper", number, moved.version)
    if target := AFTER.get(Action(action)):
        return redirect(target)
    return redirect("cases:case", number)


def stored(given: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Keep the file that came with a form, and hand the service what is kept."""
    if "document" not in given:
        return given
    return given | {"document": uploaded(given["document"], at=at)}


@require_POST
@for_roles(*queries.WORKING)
def show(request: Request, number: str) -> HttpResponse:
    """Show the applicant in full on the case's page, once the purpose is on record."""
    found = queries.case_for(request.actor, number)
    purpose = request.POST.get("purpose", "")
    shown = cases.show_personal_data(found, purpose=purpose, by=request.actor, at=clock.now())
    remember(request, number, purpose)
    return render(request, "cases/case.html", _page(request, found) | {"shown": shown})
