"""What everybody reads about an item: the guide, its files, what is no longer asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from onedoor.accounts.rules import Role
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request, origin_of, public
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.forms import ReportForm
from onedoor.catalogue.models import Item
from onedoor.catalogue.packages import packages_with
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.content import Step
from onedoor.catalogue.rules.labels import Label
from onedoor.catalogue.rules.life_events import Audience, By
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.words import ItemState, Reduced
from onedoor.files.web import download
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, TooOften

PAGE = 30
HOUR = timedelta(hours=1)
REPORTS = 10
"""So many reports an hour are taken from one address; a family or an office has no more."""


@public
def items(request: Request) -> HttpResponse:
    """List all items, one unit's, or those at a place of a list; a question goes to the search."""
    if request.GET.get("q"):
        return redirect(f"{reverse('catalogue:search')}?{request.GET.urlencode()}")
    unit = request.GET.get("unit", "")[:64]
    by, key = _asked_place(request)
    found = queries.standing(by, key, unit_code=unit) if by else queries.published(unit_code=unit)
    asked = {"by": by.value, "key": key} if by else {}
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "query": urlencode(asked | ({"unit": unit} if unit else {})),
        "by": by,
        "key": key,
        "called": called(by, key) if by else "",
        "unit": queries.unit_named(unit) if unit else None,
        "letters": queries.places(By.LETTER) if by is By.LETTER else (),
    }
    return render(request, "catalogue/items.html", context)


def _asked_place(request: Request) -> tuple[By | None, str]:
    """Return the place of a list that an address names; none where there is no such list."""
    by, key = request.GET.get("by", ""), request.GET.get("key", "")[:40]
    return (By(by), key) if key and by in {each.value for each in By} else (None, "")


def called(by: By, key: str) -> str:
    """Return what a place is called; the key itself where nobody named it."""
    event = queries.event_named(key) if by is By.EVENT else None
    return event.name if event else key


@public
def lists(request: Request, way: str) -> HttpResponse:
    """List the places where one may begin: themes, events of a life, units, letters."""
    context: dict[str, Any] = {"way": way}
    if way == "units":
        context["units"] = queries.units_with_items()
    elif way == "az":
        context["groups"] = [("", By.LETTER, queries.places(By.LETTER))]
    elif way == "themes":
        context["groups"] = [
            (Audience.PERSON.zh, By.PERSON, queries.places(By.PERSON)),
            (Audience.COMPANY.zh, By.COMPANY, queries.places(By.COMPANY)),
        ]
    else:
        context["groups"] = [
            (each.zh, By.EVENT, places) for each, places in queries.events_with_items()
        ]
    return render(request, "catalogue/lists.html", context)


@public
def item(request: Request, code: str) -> HttpResponse:
    """Say what one needs to know about an item: four answers first, then what to bring."""
    return _guide(request, queries.item_named(code))


@public
def short(request: Request, short: str) -> HttpResponse:
    """Lead from the short address on paper to the guide."""
    return redirect("catalogue:item", queries.item_by_short(short).code)


def _guide(request: Request, found: Item) -> HttpResponse:
    now = clock.now()
    facts = facts_of(found, now)
    state = queries.state_of(found, at=now)
    is_in_use = state is ItemState.IN_USE
    parts = queries.parts_of(found)
    address = settings.PUBLIC_URL + reverse("catalogue:short", args=[found.short])
    context = about(facts, today=clock.day_of(now)) | {
        "state": state,
        "is_in_use": is_in_use,
        "begins_here": is_in_use and not parts and facts.is_online and not facts.online_url,
        "notice": None if is_in_use else queries.notice_of(found),
        "parts": parts,
        "packages": packages_with(found),
        "may_receive": request.actor.holds_any(Role.DESK.value),
        "short": found.short,
        "address": address,
        "qr": partial(qr_of, address),
    }
    gone = state is ItemState.CANCELLED
    return render(request, "catalogue/item.html", context, status=410 if gone else 200)


def qr_of(address: str) -> str:
    """Return the code of an address as an image."""
    # Every mask is read; trying all eight for the prettiest took a third of a new page's time.
    return segno.make(address, error="m", mask=0).svg_data_uri(scale=3, border=2)


def facts_of(found: Item, now: datetime) -> VersionFacts:
    """Return an item as the public reads it now, or refuse."""
    facts = queries.facts_of(found, at=now)
    if facts is None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=found.code)
    return facts


def about(facts: VersionFacts, *, today: date) -> dict[str, Any]:
    """Return what the guide shows of a version, dates counted from today."""
    limit = facts.promised or facts.statutory
    ready_on = queries.ready_on(limit, today=today) if limit else None
    done_on = list(_done_on(facts.steps, today))
    return {
        "version": facts,
        "limit": limit,
        "ready_on": ready_on,
        "type_name": gettext(queries.item_types().name_of(facts.item_type)),
        "kind": facts.kind,
        "materials": [(m, m.necessity, m.form, m.source_kind) for m in facts.materials],
        "steps": list(zip(facts.steps, done_on, strict=True)),
        # All that changes in these sections while the version stands: they are kept under it.
        "dates": [ready_on, *done_on],
    }


def _done_on(steps: Sequence[Step], today: date) -> Iterator[date | None]:
    """Return when each step is over that begins today; nothing once days cannot be added up."""
    days: int | None = 0
    for step in steps:
        is_counted = step.days is not None and step.unit is LimitUnit.WD
        days = days + step.days if days is not None and is_counted and step.days else days
        days = days if is_counted else None
        yield queries.ready_on(Limit(days, LimitUnit.WD), today=today) if days else None


@public
def file(request: Request, short: str, digest: str) -> HttpResponse | FileResponse:
    """Give a blank form or a sample that the guide in force names; nothing else of the store."""
    found = queries.item_by_short(short)
    facts = facts_of(found, clock.now())
    name = queries.file_name(facts, f"sha256:{digest}")
    stored = queries.guide_file(f"sha256:{digest}") if name else None
    if stored is None:
        raise NotFound("catalogue.no_such_file", "这份指南里没有这个文件。")
    return download(stored, name=name)


@public
def report(request: Request, short: str) -> HttpResponse:
    """Take what a reader says is wrong in a guide."""
    found = queries.item_by_short(short)
    now = clock.now()
    facts = facts_of(found, now)
    form = ReportForm(request.POST or None)
    context: dict[str, Any] = {"item": found, "version": facts, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        number = request.POST.get("number", "")
        try:
            count_attempt(f"report-from:{origin_of(request)}", limit=REPORTS, window=HOUR, at=now)
            made = catalogue.report_guide(
                found,
                number=int(number)
                if number.isascii() and number.isdecimal() and len(number) < 9
                else 0,
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
                by=request.actor,
                at=now,
            )
        except TooOften as refusal:
            # What was written stays on the page: it can be sent later.
            form.tell(refusal)
            status = refusal.status
        else:
            context["answer_by"] = made.answer_by
    elif form.errors:
        status = 422
    return render(request, "catalogue/report.html", context, status=status)


@public
def reductions(request: Request) -> HttpResponse:
    """Tell everybody what is no longer asked for, how it became needless, and on what basis."""
    found = Paginator(queries.reductions(), PAGE)
    page = found.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, Label(row.list_name), Reduced(row.source)) for row in page],
        "counts": queries.reduction_counts(),
    }
    return render(request, "catalogue/reductions.html", context)
