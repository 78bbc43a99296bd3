"""Papers from before the seal, given out again with it (补盖电子印章), a batch at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.cases.views.sealing import PIN, number_in
from onedoor.kernel import clock
from onedoor.papers import reissuing
from onedoor.papers.rules.sealing import SEALS
from onedoor.seals import queries as seals


@for_roles(Role.KEEPER)
def page(request: Request) -> HttpResponse:
    """How many papers wait to be given out again, and which are the next."""
    rows = list(reissuing.unsealed()[: reissuing.BATCH])
    kinds = {SEALS[paper.what] for paper in rows} | reissuing.kinds_cut_off(request.actor)
    in_use = [seal for seal in map(seals.in_use, kinds) if seal]
    left = reissuing.left_for(request.actor)
    done, total = number_in(request, "done"), number_in(request, "of")
    context = {
        "rows": rows,
        "left": left,
        "batch": reissuing.BATCH,
        "done": done if total else 0,
        "of": total,
        # One PIN opens whatever is sealed here; seals with two do it one kind after another.
        "seal": next((seal for seal in in_use if seal.needs_pin), None),
        "lockable": seals.lockable(request.actor),
    }
    return render(request, "cases/seal_reissue.html", context)


@require_POST
@for_roles(Role.KEEPER)
@sensitive_post_parameters("pin")
def reissue(request: Request) -> HttpResponse:
    """Give the next papers out again, sealed; twice at once gives each out once."""
    pin = request.POST.get("pin", "")[:PIN]
    outcome = reissuing.reissue_some(by=request.actor, at=clock.now(), pin=pin)
    made = len(outcome.sealed) + len(outcome.set_aside)
    messages.success(request, gettext("已用印 %(sealed)s 份。") % {"sealed": len(outcome.sealed)})
    if outcome.set_aside:
        said = {"aside": len(outcome.set_aside)}
        messages.warning(request, gettext("%(aside)s 份对不上，已搁置，原因在用印页。") % said)
    done = number_in(request, "done") + made
    target = redirect("cases:seal_reissue")
    target["Location"] += f"?done={done}&of={done + reissuing.left_for(request.actor)}"
    return target
