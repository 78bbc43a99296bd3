"""Where a second person decides: versions that wait, changes of state, reports of readers."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.catalogue import judging, probes, queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.forms import AnswerForm, TurnForm
from onedoor.catalogue.models import ItemVersion
from onedoor.catalogue.rules.turns import Turn
from onedoor.catalogue.rules.words import ReportStatus
from onedoor.catalogue.views.items import about
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid

PAGE = 30
ANSWERABLE = (Role.EDITOR, Role.PUBLISHER, Role.SUPERVISOR, Role.HEAD)


@for_roles(Role.EDITOR, Role.PUBLISHER)
def publishing(request: Request) -> HttpResponse:
    """Show what waits for a decision: versions, the oldest first, and changes of state."""
    found = Paginator(queries.awaiting_publication(), PAGE)
    page = found.get_page(request.GET.get("page"))
    waiting = list(page)
    obstacles = judging.obstacles(waiting, by=request.actor.ref, on=clock.day_of(clock.now()))
    differences = queries.differences(waiting)
    context = {
        "page": page,
        "versions": [
            {
                "row": version,
                "obstacle": obstacles.get(version.pk),
                "difference": differences.get(version.pk),
                "may_publish": request.actor.holds(Role.PUBLISHER, version.unit_id),
            }
            for version in waiting
        ],
        "count": found.count,
        "turns": [(order, Turn(order.turn)) for order in queries.asked_turns()],
        "reports": queries.open_reports(request.actor).count(),
        "may_publish": request.actor.holds_any(Role.PUBLISHER.value),
        "may_edit": request.actor.holds_any(Role.EDITOR.value),
        "me": request.actor.ref,
    }
    return render(request, "catalogue/publishing.html", context)


@for_roles(Role.EDITOR, Role.PUBLISHER)
def waiting(request: Request, code: str) -> HttpResponse:
    """Show the version that waits: what changes, what stands against it, how it will look."""
    version = queries.awaiting_publication().filter(item__code=code).first()
    if version is None:
        raise queries.not_waiting(code)
    now = clock.now()
    today = clock.day_of(now)
    facts = queries.version_facts(version.item, version)
    findings = judging.findings([version], on=today)[version.pk]
    found = judging.obstacles([version], by=request.actor.ref, on=today).get(version.pk)
    context = about(facts, today=today) | {
        "difference": queries.differences([version]).get(version.pk),
        "row": version,
        "reminders": [f for f in findings if not f.is_reject],
        "edited_at": version.edited_at,
        "obstacle": found,
        "may_publish": request.actor.holds(Role.PUBLISHER, version.unit_id),
    }
    return render(request, "catalogue/waiting.html", context)


@for_roles(*ANSWERABLE)
def links(request: Request) -> HttpResponse:
    """List the items promised online that could not be reached there last night."""
    units = request.actor.units_of(ANSWERABLE)
    context = {
        "night": probes.last_night(),
        "failing": probes.failing(units),
        "doubtful": probes.doubtful(units),
        "may_edit": request.actor.holds_any(Role.EDITOR.value),
    }
    return render(request, "catalogue/links.html", context)


@for_roles(Role.EDITOR, Role.PUBLISHER)
def history(request: Request, code: str) -> HttpResponse:
    """List an item's versions and what each changed."""
    item = queries.any_item(code)
    versions = list(ItemVersion.objects.filter(item=item).order_by("-number")[:100])
    number = request.GET.get("version", "")
    shown = next((v for v in versions if str(v.number) == number), None)
    context = {
        "item": item,
        "versions": versions,
        "shown": shown,
        "difference": queries.differences([shown]).get(shown.pk) if shown else None,
        "turns": [(o, Turn(o.turn)) for o in item.turns.order_by("-asked_at")[:50]],
    }
    return render(request, "catalogue/history.html", context)


@require_POST
@for_roles(Role.PUBLISHER)
def publish(request: Request, code: str) -> HttpResponse:
    """Publish the version that was looked at, or send it back with a reason."""
    number = request.POST.get("number", "")
    looked_at = int(number) if number.isascii() and number.isdigit() else None
    if request.POST.get("return"):
        version = catalogue.send_back(
            code,
            reason=request.POST.get("reason", "")[:2000],
            by=request.actor,
            at=clock.now(),
            number=looked_at,
        )
        text = gettext("已退回“%(name)s”第 %(number)s 版。")
    else:
        version = catalogue.publish(
            code,
            by=request.actor,
            at=clock.now(),
            number=looked_at,
            effective_on=_day(request.POST.get("effective_on", "")),
        )
        text = gettext("已发布“%(name)s”第 %(number)s 版。")
    messages.success(request, text % {"name": version.name, "number": version.number})
    return redirect("catalogue:publishing")


@require_POST
@for_roles(Role.PUBLISHER)
def publish_all(request: Request) -> HttpResponse:
    """Publish all that may be; say what was not and why."""
    report = catalogue.publish_all(by=request.actor, at=clock.now())
    text = gettext("已发布 %(count)s 项。")
    messages.success(request, text % {"count": report.published})
    if report.refused:
        text = gettext("还有 %(count)s 项没有发布，原因写在每一项下面。")
        messages.warning(request, text % {"count": len(report.refused)})
    return redirect("catalogue:publishing")


@for_roles(Role.EDITOR)
def turn(request: Request, code: str) -> HttpResponse:
    """Ask that an item be suspended, resumed or cancelled."""
    item = queries.any_item(code)
    form = TurnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            catalogue.ask_turn(
                code,
                Turn(given["turn"]),
                reason=given["reason"],
                basis=given["basis"],
                notice=given["notice"],
                effective_on=given["effective_on"],
                successor=given["successor"],
                by=request.actor,
                at=clock.now(),
            )
        except NotValid as refusal:
            form.tell(refusal)
        else:
            messages.success(request, gettext("已提出，等另一位同事确认。"))
            return redirect("catalogue:publishing")
    context = {"item": item, "form": form, "state": queries.state_of(item, at=clock.now())}
    return render(request, "catalogue/turn.html", context, status=422 if form.errors else 200)


@require_POST
@for_roles(Role.PUBLISHER)
def settle_turn(request: Request, order: str) -> HttpResponse:
    """Confirm or decline a change of state."""
    key = queries.turn_key(order)
    if request.POST.get("decline"):
        catalogue.decline_turn(key, by=request.actor, at=clock.now())
        messages.success(request, gettext("已记下：未同意。"))
    else:
        catalogue.confirm_turn(key, by=request.actor, at=clock.now())
        messages.success(request, gettext("已确认。"))
    return redirect("catalogue:publishing")


@for_roles(Role.EDITOR)
def reports(request: Request) -> HttpResponse:
    """List what readers say is wrong in this editor's guides, the most urgent first."""
    found = Paginator(queries.open_reports(request.actor), PAGE)
    return render(
        request,
        "catalogue/reports.html",
        {"page": found.get_page(request.GET.get("page")), "form": AnswerForm()},
    )


@require_POST
@for_roles(Role.EDITOR)
def answer(request: Request, report: str) -> HttpResponse:
    """Answer a report: mended, or checked and found right."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise NotValid("catalogue.report_without_answer", "请选结果，并写明答复。", field="answer")
    catalogue.answer_report(
        queries.turn_key(report),
        outcome=ReportStatus(form.cleaned_data["outcome"]),
        answer=form.cleaned_data["answer"],
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, gettext("已记下答复。"))
    return redirect("catalogue:reports")


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotValid(
            "catalogue.plan_day", "生效日期应是日期，如 2026-03-05。", field="effective_on"
        ) from None
