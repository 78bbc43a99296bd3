"""Pages of the archive: find a file, take its package out, hold it, dispose of it by two."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, private
from onedoor.archive import queries
from onedoor.archive import services as archive
from onedoor.archive.forms import DisposalForm, HoldForm, ReadForm
from onedoor.archive.models import ArchiveFile
from onedoor.archive.rules.words import FileState
from onedoor.archive.web import sent
from onedoor.kernel import clock

PAGE, FORM = 50, 422
KEEPERS = (Role.ARCHIVIST, Role.HEAD)


@for_roles(*queries.READING)
def files(request: Request) -> HttpResponse:
    """List files, the latest first, or those a number or an item finds."""
    text, state = request.GET.get("q", "")[:100].strip(), request.GET.get("state", "")
    return _files(request, text=text, state=state)


@require_POST
@private
@for_roles(*queries.READING)
def of_person(request: Request) -> HttpResponse:
    """List the files of a person or organisation; what is typed stays out of address and log."""
    return _files(request, person=request.POST.get("person", "")[:200])


def _files(request: Request, *, text: str = "", person: str = "", state: str = "") -> HttpResponse:
    found = queries.found_by(request.actor, text=text, person=person, state=state)
    rows = list(found[: PAGE + 1])
    context = {
        "q": text,
        "state": state,
        "person": person,
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "states": list(FileState),
        "may_dispose": request.actor.holds(Role.ARCHIVIST) or request.actor.holds(Role.HEAD),
    }
    return render(request, "archive/files.html", context)


@for_roles(*queries.READING)
def file(request: Request, number: str) -> HttpResponse:
    """Show one file: what it is, how long it is kept, and how its package is taken out."""
    return _file(request, queries.file_for(request.actor, number))


def _file(request: Request, found: ArchiveFile, **bound: Any) -> HttpResponse:
    context = {
        "file": found,
        "held": queries.hold_on(found),
        "reading": ReadForm(),
        "holding": HoldForm(),
        "is_keeper": request.actor.holds(Role.ARCHIVIST),
    } | bound
    return render(request, "archive/file.html", context, status=FORM if bound else 200)


@require_POST
@for_roles(*queries.READING)
def download(request: Request, number: str) -> HttpResponseBase:
    """Send the package of a file, once the purpose is on record."""
    found = queries.file_for(request.actor, number)
    form = ReadForm(request.POST)
    if not form.is_valid():
        return _file(request, found, reading=form)
    purpose = form.cleaned_data["purpose"]
    stored = archive.read(found, purpose=purpose, by=request.actor, at=clock.now())
    return sent(stored, name=found.number)


@require_POST
@for_roles(Role.ARCHIVIST)
def pack(request: Request, number: str) -> HttpResponse:
    """Let the worker pack a file now instead of this evening."""
    found = queries.file_for(request.actor, number)
    archive.pack_now(found, by=request.actor, at=clock.now())
    messages.success(request, gettext("后台马上归档这一件，过一会儿再看。"))
    return redirect("archive:file", number)


@require_POST
@for_roles(Role.ARCHIVIST)
def hold(request: Request, number: str) -> HttpResponse:
    """Keep a file from being disposed of."""
    found = queries.file_for(request.actor, number)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _file(request, found, holding=form)
    archive.place_hold(found, reason=form.cleaned_data["reason"], by=request.actor, at=clock.now())
    messages.success(request, gettext("已暂缓销毁。"))
    return redirect("archive:file", number)


@require_POST
@for_roles(Role.ARCHIVIST)
def release(request: Request, number: str) -> HttpResponse:
    """Let the ordinary time of a file count again."""
    archive.lift_hold(queries.file_for(request.actor, number), by=request.actor, at=clock.now())
    messages.success(request, gettext("已解除暂缓销毁。"))
    return redirect("archive:file", number)


@for_roles(*KEEPERS)
def disposal(request: Request) -> HttpResponse:
    """Show what may be disposed of, and the lists there are."""
    return _disposal(request)


def _disposal(request: Request, bound: DisposalForm | None = None) -> HttpResponse:
    due = queries.disposable(request.actor, on=clock.day_of(clock.now()))
    ref = request.actor.ref
    context = {
        "due": list(due[:PAGE]),
        "form": bound or DisposalForm(),
        "bound": bound,
        "lists": [(each, each.proposed_by != ref) for each in queries.lists(request.actor)[:PAGE]],
        "is_keeper": request.actor.holds(Role.ARCHIVIST),
    }
    return render(request, "archive/disposal.html", context, status=FORM if bound else 200)


@require_POST
@for_roles(Role.ARCHIVIST)
def propose(request: Request) -> HttpResponse:
    """List files to be disposed of once somebody else agrees."""
    form = DisposalForm(request.POST)
    if not form.is_valid():
        return _disposal(request, form)
    made = archive.propose_disposal(
        request.POST.getlist("file"),
        opinion=form.cleaned_data["opinion"],
        by=request.actor,
        at=clock.now(),
    )
    said = gettext("销毁清册 %(number)s 已提出，等另一个人批准。")
    messages.success(request, said % {"number": made.number})
    return redirect("archive:disposal")


@require_POST
@for_roles(*KEEPERS)
def answer(request: Request, number: str) -> HttpResponse:
    """Dispose of what is on a list, or let it be kept."""
    found = queries.list_for(request.actor, number)
    end = archive.approve_disposal if "agree" in request.POST else archive.turn_down_disposal
    end(found, by=request.actor, at=clock.now())
    messages.success(request, gettext("已办。"))
    return redirect("archive:disposal")
