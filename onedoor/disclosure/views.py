"""Pages of disclosure: the public list with its files, and the office's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, public
from onedoor.disclosure import pack, queries
from onedoor.disclosure import services as disclosure
from onedoor.disclosure.forms import WithholdForm
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.columns import DICTIONARY, Column
from onedoor.disclosure.rules.words import Ground, PublicState
from onedoor.kernel import clock
from onedoor.kernel.web import csv_file

PAGE, MOST, FORM = 50, 20_000, 422


@public
def decisions(request: Request) -> HttpResponse:
    """List the licences that were granted, the latest first, with search and dictionary."""
    text = _text(request)
    page = Paginator(queries.public(text), PAGE).get_page(request.GET.get("page"))
    today = clock.day_of(clock.now())
    context = {
        "q": text,
        "page": page,
        "rows": queries.rows_of(list(page.object_list), on=today),
        "columns": DICTIONARY,
        "limit": pack.rules().within,
    }
    return render(request, "disclosure/decisions.html", context)


@public
def as_csv(request: Request) -> HttpResponse:
    """Send the list as CSV."""
    lines = ([row[each.value] for each in Column] for row in _rows(request))
    return csv_file("decisions.csv", ([each.zh for each in Column], *lines))


@public
def as_json(request: Request) -> HttpResponse:
    """Send the list as JSON together with what its columns mean."""
    body = {"columns": DICTIONARY, "decisions": _rows(request)}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _text(request: Request) -> str:
    return request.GET.get("q", "")[:100].strip()


def _rows(request: Request) -> list[dict[str, str]]:
    found = list(queries.public(_text(request))[:MOST])
    return queries.rows_of(found, on=clock.day_of(clock.now()))


@for_roles(*queries.OFFICE)
def office(request: Request) -> HttpResponse:
    """Show how many decisions are public, withheld, waiting, late or forgotten, and which."""
    return _office(request)


def _office(request: Request, bound: WithholdForm | None = None, tried: str = "") -> HttpResponse:
    today = clock.day_of(clock.now())
    mine = queries.visible_to(request.actor)
    text = _text(request)
    shown = mine.filter(licence__number=text) if text else mine.filter(state=_box(request))
    rows = list(shown[: PAGE + 1])
    context: dict[str, Any] = {
        "count": queries.count(request.actor, on=today),
        "rows": [
            (
                each,
                bound if bound and each.licence.number == tried else _form(each),
                _may_answer(request, each),
            )
            for each in rows[:PAGE]
        ],
        "more": len(rows) > PAGE,
        "box": _box(request),
        "boxes": list(PublicState),
        "q": text,
        "today": today,
        "bound": bound,
    }
    return render(request, "disclosure/office.html", context, status=FORM if bound else 200)


def _box(request: Request) -> str:
    box = request.GET.get("box", "")
    return box if box in set(PublicState) else PublicState.WAITING.value


def _form(publication: Publication) -> WithholdForm:
    return WithholdForm(auto_id=f"w{publication.licence.number}_%s")


def _may_answer(request: Request, publication: Publication) -> bool:
    return (
        publication.is_proposed
        and publication.proposed_by != request.actor.ref
        and Role.HEAD in request.actor.roles_in(publication.licence.unit_id)
    )


@require_POST
@for_roles(Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD)
def propose(request: Request, number: str) -> HttpResponse:
    """Ask that a decision be kept off the list."""
    found = queries.publication_for(request.actor, number)
    form = WithholdForm(request.POST, auto_id=f"w{number}_%s")
    if not form.is_valid():
        return _office(request, form, number)
    given = form.cleaned_data
    disclosure.propose_withholding(
        found,
        ground=Ground(given["ground"]),
        reason=given["reason"],
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, gettext("已提出不予公开，等本单位负责人批准。批准以前不公示。"))
    return redirect("disclosure:office")


@require_POST
@for_roles(Role.HEAD)
def answer(request: Request, number: str) -> HttpResponse:
    """Agree to keep a decision off the list, or not."""
    found = queries.publication_for(request.actor, number)
    is_withheld = "agree" in request.POST
    disclosure.answer_withholding(found, is_withheld=is_withheld, by=request.actor, at=clock.now())
    said = gettext("已批准，不公示。") if is_withheld else gettext("没有同意，照常公示。")
    messages.success(request, said)
    return redirect("disclosure:office")
