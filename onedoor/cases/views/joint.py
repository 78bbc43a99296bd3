"""One matter, several cases (一件事): received, followed and supplied as one."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, answer_form_once, for_roles, private, public
from onedoor.cases import joint, joint_gaps, queries
from onedoor.cases import services as cases
from onedoor.cases.forms import ApplicantForm, ExtendJointForm, LateForm, Listed, MaterialsForm
from onedoor.cases.models import Application
from onedoor.cases.rules import numbers
from onedoor.cases.services import JointSlot
from onedoor.cases.services.joint import RECEIVED
from onedoor.cases.services.joint_extending import refusal_of_extension
from onedoor.cases.views.desk import keep_scan, remark_on
from onedoor.cases.views.papers import against_code
from onedoor.catalogue.packages import PackageFacts, listed, open_package
from onedoor.catalogue.rules.packages import JOINT_EXTENSION
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid
from onedoor.papers import queries as papers
from onedoor.papers import web
from onedoor.papers.models import Paper

FORM, CHANGED = 422, 409
LISTED = 50


@for_roles(Role.DESK)
def packages(request: Request) -> HttpResponse:
    """Choose what is applied for together."""
    today = clock.day_of(clock.now())
    mine = joint.received_by(request.actor, since=clock.at_local(today))[:50]
    return render(
        request, "cases/joint_desk.html", {"packages": listed(), "mine": mine, "today": today}
    )


@for_roles(Role.DESK)
def receive(request: Request, code: str) -> HttpResponse:
    """Take an application for a whole package: who once, each material once, one receipt."""
    now = clock.now()
    facts = open_package(code, at=now)
    data = request.POST if request.method == "POST" else None
    changed = data is not None and data.get("edition", "") not in ("", facts.edition)
    applicant = ApplicantForm(data, on=clock.day_of(now))
    late = LateForm(data, at=now)
    # Another edition has another list: what was judged is not carried over, what was typed is.
    materials = MaterialsForm(None if changed else data, listed=_asked(facts))
    right = applicant.is_valid() & materials.is_valid() & late.is_valid()
    if data is None or changed or not right:
        context = {
            "changed": changed,
            "facts": facts,
            "applicant": applicant,
            "materials": materials,
            "late": late,
            "key": request.POST.get("key") or uuid.uuid4().hex,
        }
        status = CHANGED if changed else FORM if data else 200
        return render(request, "cases/joint_receive.html", context, status=status)

    def answer(slot: JointSlot) -> str:
        receipt = cases.receive_joint(
            slot,
            applicant=applicant.data_given(),
            materials=materials.handed(),
            identity_checked=applicant.cleaned_data["identity_checked"],
            late=late.entry(),
            by=request.actor,
            at=now,
        )
        return receipt.application.number

    prepare = partial(cases.reserve_joint, code, at=now, seen=facts.edition)
    number = answer_form_once(request, answer, prepare=prepare, door="joint", at=now)
    remark_on(request, applicant, on=clock.day_of(now))
    return redirect("cases:joint_receipt", number)


def _asked(facts: PackageFacts) -> list[Listed]:
    return [
        Listed(m.order, m.name, m.is_required, m.originals, m.copies, m.standard)
        for m in facts.materials
    ]


@for_roles(Role.GOVERNMENT)
def handled(request: Request) -> HttpResponse:
    """List what is handled jointly and not all decided: until when, and whether it was extended."""
    now = clock.now()
    found = joint.handled_jointly(request.actor)[:LISTED]
    context = {"wholes": [joint.whole(each, at=now) for each in found], "today": clock.day_of(now)}
    return render(request, "cases/joint_handled.html", context)


@for_roles(*joint.SEEING)
def application(request: Request, number: str) -> HttpResponse:
    """Show a joint application: its cases with their lights, what is open, what was handed in."""
    found = _settled(request, number)
    return render(request, "cases/joint.html", _page(request, found, ExtendJointForm()))


@require_POST
@for_roles(Role.GOVERNMENT)
def extend(request: Request, number: str) -> HttpResponse:
    """Add days to the limit that all cases share."""
    found = _settled(request, number)
    form = ExtendJointForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/joint.html", _page(request, found, form), status=FORM)
    cases.extend_joint(found, **form.cleaned_data, by=request.actor, at=clock.now())
    messages.success(request, gettext("已延期，告知书可以打印。"))
    return redirect("cases:joint", number)


def _page(request: Request, found: Application, form: ExtendJointForm) -> dict[str, Any]:
    now = clock.now()
    held = request.actor.roles_in(found.unit_id)
    whole = joint.whole(found, at=now)
    return {
        "application": found,
        "whole": whole,
        "form": form,
        "may_extend": Role.GOVERNMENT in held and found.is_joint,
        "refusal": refusal_of_extension(whole, request.actor, at=now),
        "most": JOINT_EXTENSION.count,
        "papers": papers.of(found.number).filter(step__gt=RECEIVED),
        "gaps": joint_gaps.open_gaps(found),
        "materials": found.materials.prefetch_related("files__file").order_by("order"),
        "may_supply": request.actor.holds_any(Role.DESK.value, Role.ACCEPTOR.value),
        "may_attach": bool(held & {Role.DESK, Role.ACCEPTOR}) and joint_gaps.is_gathering(found),
        "visible": set(queries.visible_to(request.actor).filter(membership__application=found)),
    }


@for_roles(*joint.SEEING)
def paper(request: Request, number: str, step: int) -> HttpResponse:
    """Print a paper of a joint application: its one receipt, or the notice of extension."""
    found = joint.application_for(request.actor, number)
    context = web.page(_issued(found, step), by=request.actor.ref, at=clock.now())
    return render(request, "cases/joint_paper.html", context | {"application": found})


@for_roles(*joint.SEEING)
def pdf(request: Request, number: str, step: int) -> HttpResponseBase:
    """Download a paper of a joint application."""
    found = joint.application_for(request.actor, number)
    return web.pdf(_issued(found, step), by=request.actor.ref, at=clock.now())


@public
def own(request: Request, token: str, step: int) -> HttpResponseBase:
    """Give the applicant a paper of their joint application, against its query code."""
    found = joint.tracked(token)
    back = reverse("cases:joint_progress", args=[token])
    return against_code(request, found, _issued(found, step), back=back)


def _issued(found: Application, step: int) -> Paper:
    paper = papers.of(found.number).filter(step=step).first()
    if paper is None:
        raise NotFound("paper.not_found", "没有这份文书，或者不是给您看的。")
    return paper


def _settled(request: Request, number: str) -> Application:
    """Return the application with its cases as the law sees them now."""
    found = joint.application_for(request.actor, number)
    cases.settle_joint(found, at=clock.now())
    return found


@for_roles(Role.DESK, Role.ACCEPTOR)
def supply(request: Request, number: str) -> HttpResponse:
    """Take what the applicant supplies, once for all cases that asked (T4)."""
    found = _settled(request, number)
    gaps = joint_gaps.open_gaps(found)
    data = request.POST if request.method == "POST" else None
    rows = [
        Listed(g.order, g.name, True, g.originals, g.copies, "", demand="；".join(g.demands))
        for g in gaps
    ]
    form = MaterialsForm(data, listed=rows)
    if data is None or not form.is_valid():
        context = {
            "application": found,
            "materials": form,
            "gaps": {gap.order: gap for gap in gaps},
            "versions": [(case.number, case.version) for case in joint_gaps.by_case(gaps)],
        }
        return render(request, "cases/joint_supply.html", context, status=FORM if data else 200)
    moved = cases.supply_joint(
        found,
        materials=form.handed(),
        identity_checked="identity_checked" in request.POST,
        seen=_seen(request),
        by=request.actor,
        at=clock.now(),
    )
    text = gettext("收下了，%(count)s 项的材料补齐，继续办理。")
    messages.success(request, text % {"count": len(moved)})
    return redirect("cases:joint", number)


def _seen(request: Request) -> dict[str, int]:
    """Return the versions of the cases the page showed."""
    pairs = [text.rpartition(":") for text in request.POST.getlist("seen")[:100]]
    if not all(v.isascii() and v.isdigit() and len(v) < 10 for _, _, v in pairs):
        raise NotValid("request.not_valid", "请求的内容不对，请看 errors 里的字段。", field="seen")
    return {number: int(version) for number, _, version in pairs}


@require_POST
@for_roles(Role.DESK, Role.ACCEPTOR)
def attach(request: Request, number: str, order: int) -> HttpResponse:
    """Keep a scan of a shared material."""
    found = joint.application_for(request.actor, number)
    keep_scan(request, partial(cases.attach_joint, found, order=order))
    return redirect("cases:joint", number)


@public
@private  # the address itself opens it
def progress(request: Request, token: str) -> HttpResponse:
    """Show under one code where every case stands, what to bring, and by when all is decided."""
    now = clock.now()
    found = joint.tracked(token)
    cases.settle_joint(found, at=now)
    context = {
        "application": found,
        "token": token,
        "number": numbers.grouped(found.number),
        "whole": joint.whole(found, at=now),
        "gaps": joint_gaps.open_gaps(found),
        "papers": papers.of(found.number).filter(step__gt=RECEIVED),
        "now": now,
    }
    return render(request, "cases/joint_progress.html", context)
