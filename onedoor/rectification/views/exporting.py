"""Findings taken out with their proofs: asked for, how far it is, each part once it is made."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, for_roles
from onedoor.archive.web import sent
from onedoor.kernel import clock
from onedoor.rectification import services as rectification
from onedoor.rectification.forms.exporting import ExportForm
from onedoor.rectification.queries import exports as asked

PAGE, FORM = 20, 422


@for_roles(*asked.EXPORTING)
def exports(request: Request) -> HttpResponse:
    """List what was asked for with how far it is, and take another wish."""
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rectification.ask_export(**form.cleaned_data, by=request.actor, at=clock.now())
        messages.success(request, gettext("后台马上做，过一会儿再看。"))
        return redirect("rectification:exports")
    page = Paginator(asked.exports(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": asked.told(list(page.object_list)), "form": form}
    status = FORM if request.method == "POST" else 200
    return render(request, "rectification/exports.html", context, status=status)


@require_POST
@for_roles(*asked.EXPORTING)
def export_part(request: Request, number: str, place: int) -> HttpResponseBase:
    """Send a part, once it is on record who took it."""
    part = asked.part_for(request.actor, number, place)
    stored = rectification.read_part(part, by=request.actor, at=clock.now())
    return sent(stored, name=part.name)
