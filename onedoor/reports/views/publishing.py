"""Where staff make information public: what is due, a draft, what the check found, each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.models import Post
from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.reports import pack, publications, queries
from onedoor.reports import services as reports
from onedoor.reports.forms import (
    CorrectForm,
    EditionForm,
    EnterForm,
    ReasonForm,
    SeenForm,
    SettleForm,
)
from onedoor.reports.models import Edition
from onedoor.reports.rules.publishing import contents
from onedoor.reports.rules.publishing.lifecycle import OPEN, WRITERS, Action
from onedoor.reports.rules.publishing.words import HitKind, Settling

PAGE, FORM = 50, 422


class Doing(NamedTuple):
    """A step of the page: its form, and what is called with what the form gives."""

    form: type[SeenForm]
    service: Callable[..., Edition]


DOING = {
    Action.EDIT: Doing(EditionForm, reports.edit),
    Action.SUBMIT: Doing(SeenForm, reports.submit),
    Action.DROP: Doing(ReasonForm, reports.drop),
    Action.CLEAR: Doing(SeenForm, reports.clear),
    Action.SEND_BACK: Doing(ReasonForm, reports.send_back),
    Action.PUBLISH: Doing(SeenForm, reports.publish),
    Action.WITHDRAW: Doing(ReasonForm, reports.withdraw),
    Action.CORRECT: Doing(CorrectForm, reports.correct),
}


@for_roles(*publications.OFFICE)
def office(request: Request) -> HttpResponse:
    """Show what is due or overdue, what nobody decided about, and what is over."""
    return _office(request)


def _office(request: Request, form: EnterForm | None = None) -> HttpResponse:
    on = clock.day_of(clock.now())
    actor = request.actor
    waiting, undecided = publications.waiting(actor, on=on), publications.undecided(on=on)
    over = Paginator(publications.over(actor), PAGE)
    initial = {"publisher": _own_unit(request)}
    context = {
        "count": publications.count(waiting, undecided),
        "waiting": waiting,
        "undecided": undecided[:PAGE],
        "over": over.get_page(request.GET.get("page")),
        "may_enter": actor.holds_any(*WRITERS),
        "form": form or EnterForm(initial=initial, auto_id=False, actor=actor),
        "bound": form,
        "rules": pack.rules(),
    }
    return render(request, "reports/office.html", context, status=FORM if form else 200)


def _own_unit(request: Request) -> Any:
    posts = Post.objects.filter(person=request.actor.person_id).order_by("-first_on")
    return posts.values_list("organisation", flat=True).first()


@require_POST
@for_roles(*WRITERS)
def enter(request: Request) -> HttpResponse:
    """Enter a report to be published."""
    form = EnterForm(request.POST, auto_id=False, actor=request.actor)
    if not form.is_valid():
        return _office(request, form)
    report = queries.report_with(form.cleaned_data["report"])
    publisher = form.unit
    made = reports.enter(report, publisher=publisher, by=request.actor, at=clock.now())
    messages.success(request, gettext("已登记。请补齐项目，再送审。"))
    return redirect("reports:publishing", made.publication.number)


@for_roles(*publications.OFFICE)
def desk(request: Request, number: str, order: int = 0) -> HttpResponse:
    """Show an edition, what the check found in it, and what may be done with it.

    Without an order the one that is worked on; every other one is reached from it.
    """
    return _desk(request, publications.edition_with(number, request.actor, order=order))


def _desk(
    request: Request,
    edition: Edition,
    *,
    failed: str = "",
    form: Any = None,
) -> HttpResponse:
    on = clock.day_of(clock.now())
    offered = publications.open_actions(edition, request.actor)
    hits = [
        (hit, form if failed == f"hit-{hit.row.place}" else _settle_form(hit.row))
        for hit in publications.hits(edition)
    ]
    context = {
        "edition": edition,
        "publication": edition.publication,
        "fields": publications.page_fields(edition),
        "due": publications.due_of(edition.formed_on, on=on) if edition.standing in OPEN else None,
        "hits": hits,
        "may_settle": Action.SETTLE in offered,
        "offers": [
            (action, form if failed == action.value else _form(edition, action))
            for action in offered
            if action in DOING
        ],
        "failed": failed,
        "bound": form,
        "editions": publications.beside(edition, request.actor),
        "paragraphs": contents.lines_of(edition.paragraphs),
        "columns": pack.rules().columns,
    }
    return render(request, "reports/publishing.html", context, status=FORM if form else 200)


def _form(edition: Edition, action: Action) -> SeenForm:
    names = ("title", "column", "doc_number", "validity", "topic", "genre", "audience")
    initial = {name: getattr(edition, name) for name in (*names, "keywords", "summary")}
    initial |= {
        "seen": edition.version,
        "formed_on": edition.formed_on.isoformat(),
        "text": contents.text_of(edition.paragraphs),
    }
    return DOING[action].form(initial=initial, auto_id=f"id_{action.value}_%s")


def _settle_form(row: Any, data: Any = None) -> SettleForm:
    may_mask = row.what is not HitKind.SECRECY
    initial = {"seen": row.edition.version}
    return SettleForm(data, auto_id=f"id_hit{row.place}_%s", may_mask=may_mask, initial=initial)


@require_POST
@for_roles(*publications.OFFICE)
def act(request: Request, number: str, order: int, action: str) -> HttpResponse:
    """Take a step with an edition: what it is, its form and its service are in one table."""
    edition = publications.edition_with(number, request.actor, order=order)
    doing = DOING.get(next((a for a in Action if a.value == action), Action.REPLACE))
    if doing is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    form = doing.form(request.POST, auto_id=f"id_{action}_%s")
    if not form.is_valid():
        return _desk(request, edition, failed=action, form=form)
    told = form.cleaned_data
    if isinstance(form, EditionForm):
        told = {"seen": told["seen"], "typed": form.typed}
    doing.service(edition, **told, by=request.actor, at=clock.now())
    messages.success(request, gettext("已记下。"))
    return redirect("reports:publishing", number)


@require_POST
@for_roles(Role.CHECKER)
def settle(request: Request, number: str, order: int, place: int) -> HttpResponse:
    """Settle something the check found: it may stay, or it is masked."""
    edition = publications.edition_with(number, request.actor, order=order)
    row = edition.hits.filter(place=place).first()
    if row is None:
        raise NotFound("information.no_hit", "没有这条提示，请刷新后再看。")
    form = _settle_form(row, request.POST)
    if not form.is_valid():
        return _desk(request, edition, failed=f"hit-{place}", form=form)
    reports.settle(
        edition,
        place,
        settling=Settling(form.cleaned_data["settling"]),
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        by=request.actor,
        at=clock.now(),
    )
    return redirect("reports:publishing", number)
