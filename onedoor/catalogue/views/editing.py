"""Where an editor writes a version: one page for all of it, rows without a script."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.catalogue import judging, probes, queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.forms import ItemForm, NewItemForm
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.situations import faults, paths
from onedoor.catalogue.rules.words import VersionStatus
from onedoor.catalogue.services import Written
from onedoor.files.web import download
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid, Refusal

PAGE = 30


@for_roles(Role.EDITOR)
def mine(request: Request) -> HttpResponse:
    """List the items this editor may edit, found by name or code, drafts first."""
    text = request.GET.get("q", "")[:50].strip()
    units = request.actor.units_of((Role.EDITOR,))
    found = queries.editable(text, units)
    today = clock.day_of(clock.now())
    stale, faulty = queries.unchecked(found, on=today), queries.faulty(found)
    only_stale, only_faulty = (bool(request.GET.get(name)) for name in ("unchecked", "faulty"))
    shown = faulty if only_faulty else stale if only_stale else found
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "q": text,
        "page": page,
        "faults": _faults(page.object_list, today) if only_faulty else {},
        "faulty": faulty.count(),
        "only_faulty": only_faulty,
        "query": urlencode(
            {
                name: value
                for name, value in (
                    ("q", text),
                    ("unchecked", only_stale and "1"),
                    ("faulty", only_faulty and "1"),
                )
                if value
            }
        ),
        "unchecked": stale.count(),
        "only_stale": only_stale,
        "failing": len(probes.failing(units)),
    }
    return render(request, "catalogue/mine.html", context)


def _faults(items: Iterable[Item], on: date) -> dict[UUID, list[NotValid]]:
    """Return what stands against the guides in force of these items now."""
    known = ItemVersion.objects.filter(item__in=list(items), status="published")
    versions = list(known.select_related("item__unit", "unit"))
    found = judging.findings(versions, on=on)
    return {
        version.item_id: [one.refusal for one in found[version.pk] if one.is_reject]
        for version in versions
    }


@for_roles(Role.EDITOR)
def new(request: Request) -> HttpResponse:
    """Open an item nobody has yet."""
    units = request.actor.units_of((Role.EDITOR,))
    known = Organisation.objects.order_by("sequence", "name")
    if units is not None:
        known = known.filter(pk__in=list(units))
    form = NewItemForm(request.POST or None, units=[(str(unit.pk), unit.name) for unit in known])
    if request.method == "POST" and form.is_valid():
        unit = next(u for u in known if str(u.pk) == form.cleaned_data["unit"])
        try:
            item = catalogue.new_item(
                form.cleaned_data["code"], unit=unit, by=request.actor, at=clock.now()
            )
        except NotValid as refusal:
            form.tell(refusal)
        else:
            return redirect("catalogue:edit", item.code)
    status = 422 if form.errors else 200
    return render(request, "catalogue/new.html", {"form": form}, status=status)


@for_roles(Role.EDITOR)
def edit(request: Request, code: str) -> HttpResponse:
    """Edit a version, save it as a draft, hand it in: all that is wrong is said at once."""
    item = queries.any_item(code)
    catalogue.require_editor(request.actor, item.unit)
    base = queries.latest(item)
    now = clock.now()
    context: dict[str, Any] = {"item": item, "base": base, "seen": queries.seen_token(base)}
    if request.method == "POST":
        context["seen"] = request.POST.get("seen", "")
        form = _sent(request)
        if request.POST.get("more"):
            form.forget_errors()
        form.keep_files(
            lambda upload: catalogue.upload_guide_file(item, upload, by=request.actor, at=now)
        )
        is_asking = request.POST.get("more") or request.POST.get("check")
        if not is_asking and (written := form.written()):
            return _save(request, item, form, written, context)
        return _page(request, form, context, status=422 if form.errors else 200)
    content = queries.contents_of([base])[base.pk] if base else None
    initial: dict[str, Any] = {}
    if base is not None:
        initial = {
            "plan_on": base.plan_on.isoformat() if base.plan_on else "",
            "reduction_source": base.reduction_source,
            "reduction_basis": base.reduction_basis,
        }
    form = ItemForm(content=content, on=clock.day_of(now), initial=initial)
    return _page(request, form, context)


@require_POST
@for_roles(Role.EDITOR)
def check(request: Request, code: str) -> HttpResponse:
    """Say of a guide being written what must still be changed; nothing is kept of it."""
    item = queries.any_item(code)
    catalogue.require_editor(request.actor, item.unit)
    form = _sent(request)
    form.keep_files(lambda upload: judging.NOT_YET)
    return render(request, "catalogue/gates.html", {"other": form, **_against(form, item)})


@for_roles(Role.EDITOR, Role.PUBLISHER)
def guide_file(request: Request, digest: str) -> HttpResponse | FileResponse:
    """Give an editor or publisher a blank form or a sample, whichever version names it."""
    stored = queries.guide_file(f"sha256:{digest}")
    if stored is None:
        raise NotFound("catalogue.no_such_file", "这份指南里没有这个文件。")
    return download(stored, name=request.GET.get("name", "")[:200])


def _sent(request: Request) -> ItemForm:
    form = ItemForm(request.POST, files=request.FILES, on=clock.day_of(clock.now()))
    form.is_valid()
    return form


def _save(
    request: Request, item: Item, form: ItemForm, written: Written, context: dict[str, Any]
) -> HttpResponse:
    now = clock.now()
    try:
        version = catalogue.save_draft(
            item.code, written, seen=request.POST.get("seen", ""), by=request.actor, at=now
        )
        if request.POST.get("submit"):
            seen = queries.seen_token(version)
            catalogue.submit(item.code, seen=seen, by=request.actor, at=now)
            text = gettext("已交给发布的同事：“%(name)s”第 %(number)s 版。")
            messages.success(request, text % {"name": version.name, "number": version.number})
            return redirect("catalogue:mine")
    except Refusal as refusal:
        is_graph = refusal.code.startswith("catalogue.situation_")
        is_gates = refusal.code == "catalogue.gates_closed"
        if not (is_graph or is_gates or refusal.code == "catalogue.draft_changed"):
            raise
        # What was typed stays on the page, beside what stands against it.
        base = queries.latest(item)
        is_mine = is_graph or is_gates
        context |= {
            "base": base,
            "seen": queries.seen_token(base),
            "is_changed": not is_mine,
            "is_refused": is_mine,
        }
        return _page(request, form, context, status=refusal.status)
    messages.success(request, gettext("已保存草稿。"))
    return redirect("catalogue:edit", item.code)


def _page(
    request: Request, form: ItemForm, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    base = context["base"]
    return render(
        request,
        "catalogue/edit.html",
        context
        | _against(form, context["item"])
        | {
            "form": form,
            "is_returned": base is not None and base.status == VersionStatus.REJECTED.value,
        },
        status=status,
    )


def _against(form: ItemForm, item: Item) -> dict[str, Any]:
    """Return what the gates say of what is on the page, where no field says so already."""
    if form.content is None:
        return {}
    found = judging.findings_of(form.content, item, on=form.on)
    said = form.wrong_fields()
    found = tuple(one for one in found if one.refusal.field not in said)
    return {
        "rejects": [one for one in found if one.is_reject],
        "reminders": [one for one in found if not one.is_reject],
        "walks": _walks(form.content),
    }


def _walks(content: Content) -> list[tuple[list[str], list[str]]]:
    """Return every way through the questions: what is answered, and what is then to be brought."""
    names = [one.name for one in content.materials]
    if next(faults(content.situations, names), None):
        return []
    return [
        ([one.text for _, one in walk.passed], [name for name in names if name not in walk.free])
        for walk in paths(content.situations)
    ]
