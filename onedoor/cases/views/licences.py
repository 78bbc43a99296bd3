"""One licence: how it stands, its paper and code, and its end on a ground of the law."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles, public
from onedoor.cases import queries, register
from onedoor.cases import services as cases
from onedoor.cases.forms import (
    AnnounceForm,
    EndLicenceForm,
    EntrustEndForm,
    FetchEndForm,
    HandOutForm,
    LeaveForm,
    PostEndForm,
    SeenForm,
)
from onedoor.cases.models import Licence
from onedoor.cases.rules.delivery import Way
from onedoor.cases.rules.licences import CancellationGround, LicenceState, RevocationGround
from onedoor.cases.services.serving import SERVING
from onedoor.cases.views.inbox import stored
from onedoor.cases.views.papers import against_code
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.kernel.terms import Term
from onedoor.papers import services as papers
from onedoor.papers import web
from onedoor.papers.models import Paper

FORM = 422


class Serving(NamedTuple):
    """A way to serve the decision that ended a licence: what is asked, and the service."""

    form: type[SeenForm]
    do: Callable[..., Licence]


WAYS: Mapping[Way, Serving] = {
    Way.WINDOW: Serving(HandOutForm, cases.serve),
    Way.POST: Serving(PostEndForm, cases.post_end),
    Way.ONLINE: Serving(SeenForm, cases.serve_end_online),
    Way.CABINET: Serving(FetchEndForm, cases.fetch_end),
    Way.ENTRUSTED: Serving(EntrustEndForm, cases.entrust_end),
    Way.LEFT: Serving(LeaveForm, cases.leave_end),
    Way.NOTICE: Serving(AnnounceForm, cases.announce_end),
}


def _form(way: Way, request: Request | None = None) -> SeenForm:
    """Return the form of a way; a licence has no version, so none is asked for."""
    data, files = (request.POST, request.FILES) if request else (None, None)
    form = WAYS[way].form(data, files, auto_id=f"{way.value}_%s")
    del form.fields["seen"]
    return form


@for_roles(*queries.WORKING)
def licence(request: Request, number: str) -> HttpResponse:
    """Show one licence with its history, and to the head how it may end."""
    return _page(request, register.licence_for(request.actor, number))


@require_POST
@for_roles(Role.HEAD)
def revoke(request: Request, number: str) -> HttpResponse:
    """Revoke a licence (许可法69)."""
    return _ended(request, number, RevocationGround, cases.revoke)


@require_POST
@for_roles(Role.HEAD)
def cancel(request: Request, number: str) -> HttpResponse:
    """Take a licence out of the register (许可法70)."""
    return _ended(request, number, CancellationGround, cases.cancel)


@require_POST
@for_roles(*SERVING)
def serve(request: Request, number: str, way: str) -> HttpResponse:
    """Serve the decision that ended a licence on its holder by one of the ways (许可法44)."""
    found = register.licence_for(request.actor, number)
    if way not in {each.value for each in WAYS}:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    form, now = _form(Way(way), request), clock.now()
    if not form.is_valid():
        return _page(request, found, serving=(Way(way), form))
    WAYS[Way(way)].do(found, **stored(form.given(), at=now), by=request.actor, at=now)
    if Way(way) is Way.NOTICE:
        return redirect("cases:licence", number)
    return redirect("cases:licence_delivery", number)


@for_roles(*queries.WORKING)
def grant(request: Request, number: str) -> HttpResponseBase:
    """Download the paper that granted a licence: the sealed one as soon as there is one."""
    granted = register.grant_of(register.licence_for(request.actor, number))
    return web.pdf(granted, by=request.actor.ref, at=clock.now())


@for_roles(*queries.WORKING)
def certificate(request: Request, number: str) -> HttpResponseBase:
    """Download the certificate: the sealed one as soon as there is one."""
    made = _made(register.certificate_of(register.licence_for(request.actor, number)))
    return web.pdf(made, by=request.actor.ref, at=clock.now())


@for_roles(*queries.WORKING)
def paper(request: Request, number: str) -> HttpResponse:
    """Print the decision that ended a licence."""
    found = register.licence_for(request.actor, number)
    address = reverse("cases:licence_paper_pdf", args=[number])
    return _printed(request, found, _decision(found), address)


@for_roles(*queries.WORKING)
def delivery(request: Request, number: str) -> HttpResponse:
    """Print the proof that the decision was handed over, for its taker to sign."""
    found = register.licence_for(request.actor, number)
    address = reverse("cases:licence_delivery_pdf", args=[number])
    return _printed(request, found, _delivery(found), address)


@for_roles(*queries.WORKING)
def delivery_pdf(request: Request, number: str) -> HttpResponseBase:
    """Download the proof of delivery."""
    proof = _delivery(register.licence_for(request.actor, number))
    return web.pdf(proof, by=request.actor.ref, at=clock.now())


def _printed(request: Request, found: Licence, paper: Paper, pdf_address: str) -> HttpResponse:
    context = web.page(paper, by=request.actor.ref, at=clock.now())
    more = {"licence": found, "pdf_address": pdf_address}
    return render(request, "cases/licence_paper.html", context | more)


@for_roles(*queries.WORKING)
def pdf(request: Request, number: str) -> HttpResponseBase:
    """Download the decision that ended a licence."""
    decision = _decision(register.licence_for(request.actor, number))
    return web.pdf(decision, by=request.actor.ref, at=clock.now())


@public
def own(request: Request, token: str) -> HttpResponseBase:
    """Give the holder the decision that ended their licence, against the query code."""
    return _own(request, token, register.decision_on)


@public
def own_certificate(request: Request, token: str) -> HttpResponseBase:
    """Give the holder their certificate, against the query code."""
    return _own(request, token, register.certificate_of)


def _own(
    request: Request, token: str, which: Callable[[Licence], Paper | None]
) -> HttpResponseBase:
    case = queries.tracked(token)
    found = getattr(case, "licence", None)
    paper = _made(which(found) if found else None)
    back = reverse("cases:progress", args=[token])
    return against_code(request, case, paper, back=back)


def _decision(found: Licence) -> Paper:
    return _made(register.decision_on(found))


def _delivery(found: Licence) -> Paper:
    return _made(register.delivery_of(found))


def _made(paper: Paper | None) -> Paper:
    if paper is None:
        raise NotFound("paper.not_found", "没有这份文书，或者不是给您看的。")
    return paper


def _ended(
    request: Request, number: str, grounds: type[Term], end: Callable[..., Licence]
) -> HttpResponse:
    found = register.licence_for(request.actor, number)
    form = EndLicenceForm(request.POST, grounds=grounds)
    if not form.is_valid():
        return _page(request, found, form)
    given = form.cleaned_data
    ended = end(
        found,
        ground=grounds(given["ground"]),
        reason=given["reason"],
        by=request.actor,
        at=clock.now(),
    )
    said = {"state": gettext(ended.standing.zh), "number": number}
    messages.success(
        request,
        gettext("证照 %(number)s %(state)s。请打印决定书，送达持有人。") % said,
    )
    return redirect("cases:licence_paper", number)


def _page(
    request: Request,
    found: Licence,
    bound: EndLicenceForm | None = None,
    *,
    serving: tuple[Way, SeenForm] | None = None,
) -> HttpResponse:
    roles = request.actor.roles_in(found.unit_id)
    may_end = found.standing is LicenceState.VALID and Role.HEAD in roles
    decision, proof = register.decision_on(found), register.delivery_of(found)
    forms = [
        bound if bound and bound.grounds is grounds else EndLicenceForm(grounds=grounds)
        for grounds in (RevocationGround, CancellationGround)
    ]
    granted, shown = register.grant_of(found), register.certificate_of(found)
    address = papers.address_of(shown or granted)
    context = {
        "licence": found,
        "shown": found.shown_on(clock.day_of(clock.now())),
        "granted": granted,
        "certificate": shown,
        "following": found.followed_by.first(),
        "address": address,
        "qr": web.code(address),
        "bound": bound or (serving[1] if serving else None),
        "note": getattr(found, "note", None),
        "decision": decision,
        "delivery": proof,
        "end_serving": getattr(found, "end_serving", None),
        "may_serve": decision and not proof and not roles.isdisjoint(SERVING),
        "tried": serving[0] if serving else "",
        "ways": _ways(found, roles, serving),
        "may_end": may_end,
        "revoking": forms[0],
        "cancelling": forms[1],
    }
    return render(request, "cases/licence.html", context, status=FORM if bound or serving else 200)


def _ways(
    found: Licence, roles: Set[Role], bound: tuple[Way, SeenForm] | None
) -> list[tuple[Way, SeenForm]]:
    """Return the ways that are open now, each with its form."""
    closed = set() if found.applicant.is_served_online else {Way.ONLINE}
    if Role.HEAD not in roles or hasattr(found, "end_serving"):
        closed.add(Way.NOTICE)
    if roles.isdisjoint(SERVING):
        return []
    return [
        bound if bound and bound[0] is way else (way, _form(way))
        for way in WAYS
        if way not in closed
    ]
