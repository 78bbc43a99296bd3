"""The seal desk: what waits with who approved it, one paper before it is sealed, a batch of a kind.

Basis: 行政审批专用章 is used only on what was decided here, by its keeper, with a register.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases import queries
from onedoor.cases.differences import (
    SETTLING,
    open_differences,
    settle_difference,
    settled_differences,
)
from onedoor.cases.forms import PeriodForm
from onedoor.cases.models import Case
from onedoor.cases.reconciling import ALWAYS, Period, reconcile
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.papers import sealing, web
from onedoor.papers.sealing import AT_ONCE
from onedoor.seals import queries as seals_queries
from onedoor.seals import services as seals
from onedoor.seals.models import SealRequest
from onedoor.seals.rules.words import RequestState, SealKind

PAGE, PIN = 50, 200


@for_roles(Role.KEEPER)
def desk(request: Request) -> HttpResponse:
    """What waits for a seal of one kind, the oldest first, and what was set aside."""
    counts = seals_queries.waiting_counts()
    kind = _kind(request.GET.get("kind", SealKind.APPROVAL.value))
    rows = list(seals_queries.waiting(kind)[:PAGE])
    works = sealing.works(rows)
    aside = list(seals_queries.set_aside()[:PAGE])
    names = names_of([r.approver for r in (*rows, *aside)])
    done, total = number_in(request, "done"), number_in(request, "of")
    context = {
        "kind": kind,
        "seal": seals_queries.in_use(kind),
        "kinds": [(k, counts.get(k.value, 0)) for k in SealKind],
        "rows": [
            (
                work.lead,
                names.get(work.lead.approver, ""),
                [(sealing.title_of(r), r.paper) for r in (work.lead, *work.beside)],
            )
            for work in works
        ],
        "aside": [(r, names.get(r.approver, ""), sealing.title_of(r)) for r in aside],
        "left": counts.get(kind.value, 0),
        "at_once": AT_ONCE,
        "done": done if total else 0,
        "lockable": seals_queries.lockable(request.actor),
        "of": total,
    }
    return render(request, "cases/seals.html", context)


@for_roles(Role.KEEPER)
def one(request: Request, number: str) -> HttpResponse:
    """One paper before it is sealed: who approved it, whether it is as approved, how it reads."""
    asked = seals_queries.request_for(number)
    is_waiting = asked.standing is RequestState.WAITING
    work = sealing.works([asked])[0] if is_waiting else sealing.Work(asked, [])
    beside = [each for each in (work.lead, *work.beside) if each.paper != asked.paper]
    use = seals_queries.use_of(number)
    context = _read(request, asked)
    case = Case.objects.select_related("item_version").filter(number=asked.subject).first()
    context |= {
        "beside": [_read(request, each) for each in beside],
        "approver": names_of([asked.approver]).get(asked.approver, ""),
        "case": case,
        "chain": queries.timeline_until(case, asked.step) if case else [],
        "use": use,
        "following": seals_queries.waiting(asked.what).first() if use else None,
        "own": asked.approver == request.actor.ref,
        "seal": seals_queries.in_use(asked.what),
        "lockable": seals_queries.lockable(request.actor),
    }
    return render(request, "cases/seal_paper.html", context)


def _read(request: Request, asked: SealRequest) -> dict[str, Any]:
    """Return how the paper of a request reads, and what stands against sealing it."""
    context: dict[str, Any] = {"problem": None}
    try:
        paper = sealing.paper_of(asked)
        context |= web.page(paper, by=request.actor.ref, at=clock.now())
        sealing.check(asked, paper)
    except Refusal as refusal:
        context["problem"] = refusal
    return context | {"asked": asked, "title": sealing.title_of(asked)}


@require_POST
@for_roles(Role.KEEPER)
@sensitive_post_parameters("pin")
def seal(request: Request) -> HttpResponse:
    """Seal the papers ticked, or the next that wait of a kind; back to the page it was done on."""
    now = clock.now()
    kind = _kind(request.POST.get("kind", ""))
    waiting = seals_queries.waiting(kind)
    if "all" not in request.POST:
        waiting = waiting.filter(paper__in=request.POST.getlist("paper")[:PAGE])
    most = PAGE if "all" not in request.POST else AT_ONCE
    rows = sealing.together(waiting[:most], most=most)
    if not rows:
        messages.warning(request, gettext("没有选文书，或者它们刚用过印。"))
        return redirect("cases:seals")
    pin = request.POST.get("pin", "")[:PIN]
    outcome = sealing.seal_all(rows, by=request.actor, at=now, pin=pin)
    said = {"sealed": len(outcome.sealed), "aside": len(outcome.set_aside)}
    messages.success(request, gettext("已用印 %(sealed)s 份。") % said)
    if outcome.set_aside:
        messages.warning(request, gettext("%(aside)s 份对不上，已搁置，原因写在下面。") % said)
    if "one" in request.POST:
        return redirect("cases:seal_paper", rows[0].paper)
    done = number_in(request, "done") + len(rows)
    left = seals_queries.waiting(kind).count()
    target = redirect("cases:seals")
    target["Location"] += f"?kind={kind.value}&done={done}&of={done + left}"
    return target


@require_POST
@for_roles(Role.KEEPER)
def back(request: Request, number: str) -> HttpResponse:
    """Let a paper that was set aside wait again."""
    seals.take_back(seals_queries.request_for(number), by=request.actor, at=clock.now())
    messages.success(request, gettext("已放回，等用印。"))
    return redirect("cases:seal_paper", number)


@for_roles(Role.KEEPER, Role.ADMIN, Role.SUPERVISOR, Role.AUDIT_ADMIN)
def reconciliation(request: Request) -> HttpResponse:
    """Compare decisions, papers and uses of the seal now, and list every difference."""
    form = PeriodForm(request.GET) if request.GET else PeriodForm()
    period = ALWAYS
    if form.is_bound and form.is_valid():
        period = Period(form.cleaned_data["first"], form.cleaned_data["last"])
    items = list(open_differences()[:PAGE])
    done = list(settled_differences()[:PAGE])
    context = {
        "found": reconcile(at=clock.now(), period=period),
        "form": form,
        "items": items,
        "done": done,
        "names": names_of([row.settled_by for row in done]),
        "lockable": seals_queries.lockable(request.actor),
        "may_settle": request.actor.holds_any(*SETTLING),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/seal_reconciliation.html", context, status=status)


@require_POST
@for_roles(*SETTLING)
def settle(request: Request, item: str) -> HttpResponse:
    """Say why a difference may stand, or how it was put right."""
    settle_difference(
        item, reason=request.POST.get("reason", "")[:2000], by=request.actor, at=clock.now()
    )
    messages.success(request, gettext("已处理。"))
    return redirect("cases:seal_reconciliation")


def _kind(text: str) -> SealKind:
    try:
        return SealKind(text)
    except ValueError:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。") from None


def number_in(request: Request, name: str) -> int:
    """Return a count the page carries along, 0 where it is none."""
    text = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
