"""The ledger for everybody, a finding with its timeline, the inbox, evidence files, feedback."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import SYSTEM, Role
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request, for_roles, origin_of, public
from onedoor.files.web import download
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.rectification import notices, pack
from onedoor.rectification import services as rectification
from onedoor.rectification.forms import DoubtForm, FindingForm
from onedoor.rectification.models import Finding
from onedoor.rectification.queries import judging, lists, telling
from onedoor.rectification.queries.exports import EXPORTING
from onedoor.rectification.queries.lists import Shown
from onedoor.rectification.rules.lifecycle import State
from onedoor.rectification.views.doing import doing, offers

PAGE, FORM = 50, 422
DOUBTS = 5
"""So many remarks an hour are taken from one address."""
HOUR = timedelta(hours=1)


@public
def ledger(request: Request) -> HttpResponse:
    """List the findings one may see, the nearest deadline first; claimed and verified apart."""
    asked, on = asked_of(request), clock.day_of(clock.now())
    found = lists.ledger(request.actor, on=on, **asked)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    first = (page.number - 1) * PAGE
    everything = lists.visible(request.actor)
    is_staff = request.actor.holds_any(*lists.STAFF)
    context = {
        "page": page,
        "rows": lists.rows_of(lists.page_of(found[first : first + PAGE]), on=on),
        "shown": asked["shown"],
        "filters": [(each, each is asked["shown"]) for each in Shown],
        "q": asked["text"],
        "query": urlencode({k: v for k, v in request.GET.items() if k != "page"}),
        "rates": lists.class_rates(everything, on=on),
        "ages": lists.ages(everything, on=on) if is_staff else [],
        "is_staff": is_staff,
        "may_export": request.actor.holds_any(*EXPORTING),
        "is_side": request.actor.holds_any(*lists.SIDE),
        "base": "base_staff.html" if is_staff else "base.html",
    }
    return render(request, "rectification/ledger.html", context)


def asked_of(request: Request) -> dict[str, Any]:
    shown = request.GET.get("shown", "")
    return {
        "shown": next((each for each in Shown if each.value == shown), Shown.ALL),
        "unit": request.GET.get("unit", "")[:64],
        "text": request.GET.get("q", "")[:60].strip(),
    }


@public
def finding(request: Request, number: str) -> HttpResponse:
    """Show a finding verbatim, what was done, what proves it, what was recognised, its history."""
    return _page(request, finding_for(request, number))


def finding_for(request: Request, number: str) -> Finding:
    found = lists.visible(request.actor).filter(number=number).first()
    if found is None:
        raise NotFound("finding.not_found", "没有这个问题，或者不是给您看的。")
    return found


def _page(
    request: Request,
    found: Finding,
    *,
    failed: str = "",
    form: FindingForm | None = None,
    doubt: DoubtForm | None = None,
) -> HttpResponse:
    on = clock.day_of(clock.now())
    is_inside = lists.is_inside(found, request.actor)
    offered = offers(found, request.actor) if is_inside else []
    is_judged = is_inside and found.standing in (State.REVIEW, State.RECOGNISED)
    measures = found.measures.select_related("unit").prefetch_related("milestones__moves")
    evidence = found.evidence.select_related("measure").prefetch_related("revisions__file")
    earlier, later = lists.related(found, request.actor)
    context: dict[str, Any] = {
        "finding": found,
        "earlier": earlier,
        "later": later,
        "repeat_months": pack.rulebook(on).repeat_months,
        "base": "base_staff.html" if request.actor.holds_any(*lists.STAFF) else "base.html",
        "is_inside": is_inside,
        "days_late": found.days_late(on),
        "measures": measures.order_by("sequence"),
        "evidence": evidence.order_by("sequence"),
        "gaps": found.gaps.filter(filled_at=None).order_by("kind", "place"),
        "amounts": found.amounts.order_by("kind"),
        "rechecks": found.rechecks.order_by("due_on"),
        "letters": found.upward.order_by("sent_on"),
        "co_units": [row.unit for row in found.co_units.select_related("unit")],
        "possible": judging.possible(found, on=on) if is_judged else [],
        "history": telling.history(found, public=not is_inside),
        "offers": [
            (offer, _offered(offer.name, offer.form, found, failed, form), offer.name == failed)
            for offer in offered
        ],
        "doubt": doubt or DoubtForm(),
        "may_doubt": not is_inside and found.is_public,
    }
    if is_inside:
        context |= {
            "supervisions": found.supervisions.order_by("taken_on"),
            "signals": found.signals.order_by("at"),
            "doubts": found.doubts.order_by("-at")[:20],
            "hints": judging.hints_of(found, on=on),
            "papers": notices.letters(found),
        }
    is_wrong = form is not None or doubt is not None
    return render(request, "rectification/finding.html", context, status=FORM if is_wrong else 200)


def _offered(
    name: str, kind: type[FindingForm], found: Finding, failed: str, form: FindingForm | None
) -> FindingForm:
    if form is not None and name == failed:
        return form
    return kind(finding=found, auto_id=f"id_{name}_%s")


@require_POST
@for_roles(*lists.STAFF)
def act(request: Request, number: str, action: str) -> HttpResponse:
    """Do one thing about a finding: what it is, its form and its service are in one table."""
    found = finding_for(request, number)
    kind, service = doing(action)
    form = kind(request.POST, request.FILES, finding=found, auto_id=f"id_{action}_%s")
    if not form.is_valid():
        return _page(request, found, failed=action, form=form)
    service(found, **form.cleaned_data, by=request.actor, at=clock.now())
    messages.success(request, gettext("已记下。"))
    return redirect("rectification:finding", number)


@for_roles(*lists.STAFF)
def evidence_file(request: Request, number: str, order: int, version: int) -> FileResponse:
    """Serve the safe copy of one version of a piece of evidence."""
    found = finding_for(request, number)
    if not lists.is_inside(found, request.actor):
        raise NotFound("finding.no_evidence", "没有这份佐证。")
    evidence = found.evidence.filter(sequence=order).first()
    rows = evidence and evidence.revisions.select_related("file", "evidence__finding")
    kept = rows and rows.filter(number=version).first()
    if not kept:
        raise NotFound("finding.no_evidence", "没有这份佐证。")
    file = rectification.read_evidence(kept, by=request.actor, at=clock.now())
    return download(file, name=kept.name)


@require_POST
@public
def doubt(request: Request, number: str) -> HttpResponse:
    """Take what somebody of the public says about a fix that was claimed."""
    found, now = finding_for(request, number), clock.now()
    form = DoubtForm(request.POST)
    if not form.is_valid():
        return _page(request, found, doubt=form)
    count_attempt(f"doubt:{origin_of(request)}", limit=DOUBTS, window=HOUR, at=now)
    rectification.doubt(found, text=form.cleaned_data["text"], by=SYSTEM, at=now)
    messages.success(request, gettext("收到了，谢谢。核查的人会看到，结果在这一页公布。"))
    return redirect("rectification:finding", number)


@for_roles(*lists.STAFF)
def inbox(request: Request) -> HttpResponse:
    """Show what waits for whoever signed in, by what they may do next."""
    on, actor = clock.day_of(clock.now()), request.actor
    queue = [
        (action, lists.rows_of(list(rows[:PAGE]), on=on), rows.count())
        for action, rows in lists.inbox(actor)
    ]
    beside = {
        "deciding": (lists.waiting_for_decision, (Role.AUDITOR, Role.LEAD_OFFICE)),
        "unsigned": (lists.unsigned, (Role.AUDIT_SUPERVISOR, Role.LEAD_OFFICE)),
        "doubtful": (lists.doubtful, (Role.AUDITOR, Role.AUDIT_SUPERVISOR)),
    }
    leads = actor.holds_any(Role.LEAD_OFFICE, Role.HEAD)
    late = lists.unanswered(actor, on=on)[:PAGE] if leads else []
    context: dict[str, Any] = {"queue": [each for each in queue if each[2]]}
    context["unanswered"] = lists.rows_of(list(late), on=on)
    for name, (waiting, roles) in beside.items():
        rows = waiting(actor)[:PAGE] if actor.holds_any(*roles) else []
        context[name] = lists.rows_of(list(rows), on=on)
    return render(request, "rectification/inbox.html", context)
