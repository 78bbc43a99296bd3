"""The transfer list (划转事项清单): for everybody to read, for two people to write and publish."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, public
from onedoor.catalogue import queries
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.forms.transfers import TransferFileForm
from onedoor.catalogue.models import TransferBatch
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.kernel.sentences import sentence

SHOWN = 20
MOST = 10 * 1024 * 1024


@public
def transfers(request: Request) -> HttpResponse:
    """Tell everybody which licences one body decides with one seal, from when, on what basis."""
    context = {
        "batches": [_shown(batch) for batch in queries.batches(with_drafts=False)],
        "today": clock.day_of(clock.now()),
    }
    return render(request, "catalogue/transfers.html", context)


@for_roles(Role.EDITOR, Role.PUBLISHER)
def listed(request: Request) -> HttpResponse:
    """List the batches, drafts among them; take a new list from a file."""
    form = TransferFileForm(request.POST or None, request.FILES or None)
    refused: list[str] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                if upload.size > MOST:
                    raise Refusal("file.too_large", "文件太大：最多 %(limit)s MB。", limit=10)
                report = catalogue.import_transfers(
                    upload.read(), filename=upload.name, by=request.actor, at=clock.now()
                )
            except Refusal as refusal:
                form.add_error("file", sentence(refusal))
            else:
                if not report.refused_count:
                    told = gettext("已写成草稿，共 %(n)s 项。请另一位同事公布。")
                    messages.success(request, told % {"n": report.read})
                    return redirect("catalogue:transfer_drafts")
                refused = [str(row) for row in report.refused[:SHOWN]]
                form.add_error("file", gettext("有不能导入的行，所以整个文件都没有导入。"))
    context = {
        "batches": [_shown(batch) for batch in queries.batches(with_drafts=True)],
        "form": form,
        "refused": refused,
        "may_edit": request.actor.holds(Role.EDITOR),
        "may_publish": request.actor.holds(Role.PUBLISHER),
        "me": request.actor.ref,
    }
    return render(request, "catalogue/transfer_drafts.html", context, status=status)


@require_POST
@for_roles(Role.EDITOR, Role.PUBLISHER)
def settle(request: Request, number: int, action: str) -> HttpResponse:
    """Publish a batch, or throw its draft away."""
    now = clock.now()
    if action == "publish":
        catalogue.publish_transfer(number, by=request.actor, at=now)
        messages.success(request, gettext("已公布第 %(n)s 批。") % {"n": number})
    elif action == "drop":
        catalogue.drop_transfer(number, by=request.actor, at=now)
        messages.success(request, gettext("已删去第 %(n)s 批的草稿。") % {"n": number})
    else:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return redirect("catalogue:transfer_drafts")


def _shown(batch: TransferBatch) -> dict[str, object]:
    return {
        "batch": batch,
        "units": queries.from_units(batch),
        "rows": queries.transferred(batch),
    }
