"""What is applied for, for everybody to read; and what waits for publication, for staff."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, public
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.packages import packages_with
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.words import Form, ItemState, Kind, Necessity
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound

PAGE = 30


@public
def items(request: Request) -> HttpResponse:
    """List all items, or one unit's; who asks for something is led to the search."""
    if request.GET.get("q"):
        return redirect(f"{reverse('catalogue:search')}?{request.GET.urlencode()}")
    unit = request.GET.get("unit", "")[:64]
    found = Paginator(queries.published(unit_code=unit), PAGE)
    context = {
        "page": found.get_page(request.GET.get("page")),
        "query": urlencode({"unit": unit} if unit else {}),
    }
    return render(request, "catalogue/items.html", context)


@public
def item(request: Request, code: str) -> HttpResponse:
    """Say what one needs to know about an item: four answers first, then what to bring."""
    found = queries.item_named(code)
    now = clock.now()
    facts = queries.facts_of(found, at=now)
    if facts is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=code)
    context = _about(facts, today=clock.day_of(clock.now())) | {
        "state": queries.state_of(found, at=now),
        "is_in_use": queries.state_of(found, at=now) is ItemState.IN_USE,
        "packages": packages_with(found),
        "may_receive": request.actor.holds_any(Role.DESK.value),
    }
    return render(request, "catalogue/item.html", context)


def _about(facts: VersionFacts, *, today: date) -> dict[str, Any]:
    limit = facts.promised or facts.statutory
    return {
        "version": facts,
        "limit": limit,
        "ready_on": queries.ready_on(limit, today=today) if limit else None,
        "type_name": queries.item_types().name_of(facts.item_type),
        "kind": Kind(facts.kind),
        "materials": [(m, Necessity(m.necessity), Form(m.form)) for m in facts.materials],
    }


@for_roles(Role.EDITOR, Role.PUBLISHER)
def publishing(request: Request) -> HttpResponse:
    """Show what waits for publication, the oldest first."""
    found = Paginator(queries.awaiting_publication(), PAGE)
    page = found.get_page(request.GET.get("page"))
    obstacles = queries.obstacles(list(page), by=request.actor.ref, on=clock.day_of(clock.now()))
    context = {
        "page": page,
        "versions": [(v, obstacles.get(v.pk)) for v in page],
        "count": found.count,
        "may_publish": request.actor.holds_any(Role.PUBLISHER.value),
    }
    return render(request, "catalogue/publishing.html", context)


@for_roles(Role.EDITOR, Role.PUBLISHER)
def waiting(request: Request, code: str) -> HttpResponse:
    """Show the version that waits, as it would be published, beside what it would replace."""
    version = queries.awaiting_publication().filter(item__code=code).first()
    if version is None:
        raise queries.not_waiting(code)
    facts = queries.version_facts(version.item, version)
    context = _about(facts, today=clock.day_of(clock.now())) | {
        "current": queries.facts_of(version.item, at=clock.now()),
        "edited_at": version.edited_at,
        "obstacle": queries.obstacles(
            [version], by=request.actor.ref, on=clock.day_of(clock.now())
        ).get(version.pk),
        "may_publish": request.actor.holds(Role.PUBLISHER, version.unit_id),
    }
    return render(request, "catalogue/waiting.html", context)


@require_POST
@for_roles(Role.PUBLISHER)
def publish(request: Request, code: str) -> HttpResponse:
    """Publish the version that was looked at."""
    number = request.POST.get("number", "")
    version = catalogue.publish(
        code,
        by=request.actor,
        at=clock.now(),
        number=int(number) if number.isascii() and number.isdigit() else None,
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
