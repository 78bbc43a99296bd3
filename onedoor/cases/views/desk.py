"""The window: receive, tell what is missing, take what is supplied, hand out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, answer_form_once, for_roles
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.forms import ApplicantForm, LateForm, Listed, MaterialsForm, NoticeForm
from onedoor.cases.handover import handed_over
from onedoor.cases.models import Case, CaseMaterial
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.services.intake import Slot
from onedoor.cases.views.rows import rows_of
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.search import find
from onedoor.catalogue.services import note_miss
from onedoor.kernel import clock

FORM, CHANGED = 422, 409
LISTED = 20


@for_roles(Role.DESK)
def desk(request: Request) -> HttpResponse:
    """What I received today, what waits for the applicant, and the search for an item."""
    now = clock.now()
    text = request.GET.get("q", "").strip()
    answer = find(text)
    if text and not answer.count:
        note_miss(answer.question, on=clock.day_of(now))
    context = {
        "q": answer.question.shown(text),
        "answer": answer,
        "hits": answer.hits(0, LISTED) or answer.nearest_hits(),
        "common": () if text else catalogue.takeable()[:8],
        "mine": queries.received_by(request.actor, since=clock.at_local(clock.day_of(now)))[:50],
        "correcting": queries.inbox(request.actor, [Role.DESK]).filter(
            status=Status.CORRECTING.value
        )[:50],
        "today": clock.day_of(now),
    }
    return render(request, "cases/desk.html", context)


@for_roles(Role.DESK)
def receive(request: Request, code: str) -> HttpResponse:
    """Take an application for one item: who, and each material judged."""
    now = clock.now()
    version = catalogue.current_version(code, at=now)
    data = request.POST if request.method == "POST" else None
    judged = data.get("version", "") if data else ""
    changed = bool(judged) and judged != str(version.number)
    known = handed_over(request.session)
    applicant = ApplicantForm(data, on=clock.day_of(now), initial=known)
    late = LateForm(data, at=now)
    # Another version has another list: what was judged is not carried over, what was typed is.
    materials = MaterialsForm(None if changed else data, listed=_asked(version))
    right = applicant.is_valid() & materials.is_valid() & late.is_valid()
    if data is None or changed or not right:
        context = {
            "changed": changed,
            "version": version,
            "applicant": applicant,
            "materials": materials,
            "late": late,
            "key": request.POST.get("key") or uuid.uuid4().hex,
            "answer_by": _answer_by(now),
        }
        status = CHANGED if changed else FORM if data else 200
        return render(request, "cases/receive.html", context, status=status)
    take = cases.receive_and_finish if "finish" in request.POST else cases.receive

    def answer(slot: Slot) -> str:
        receipt = take(
            slot,
            applicant=applicant.data_given(),
            materials=materials.handed(),
            identity_checked=applicant.cleaned_data["identity_checked"],
            late=late.entry(),
            by=request.actor,
            at=now,
        )
        return receipt.case.number

    prepare = partial(cases.reserve, code, at=now, seen=version.number)
    number = answer_form_once(request, answer, prepare=prepare, door="desk", at=now)
    remark_on(request, applicant, on=clock.day_of(now))
    return redirect("cases:receipt", number)


def remark_on(request: Request, applicant: ApplicantForm, *, on: date) -> None:
    """Tell what is doubtful in the document numbers just taken, on the next page."""
    for remark in applicant.data_given().remarks(on=on):
        messages.warning(request, gettext(remark.text))


def _asked(version: VersionFacts) -> list[Listed]:
    return [
        Listed(m.order, m.name, m.necessity != "optional", m.originals, m.copies, m.standard)
        for m in version.materials
    ]


def _answer_by(now: Any) -> date | None:
    return cases.receipt_due(now).on


def _rows(rows: list[CaseMaterial], *, only_open_gaps: bool = False) -> list[Listed]:
    found = []
    for row in rows:
        gaps = [g for g in row.gaps.all() if g.supplied_at is None]
        if only_open_gaps and not gaps:
            continue
        asked = row.material
        found.append(
            Listed(
                row.order,
                asked.name,
                only_open_gaps or asked.necessity != "optional",
                asked.originals,
                asked.copies,
                asked.standard,
                problem=row.state,
                demand=gaps[0].demand if gaps else "",
            )
        )
    return found


@for_roles(Role.ACCEPTOR)
def notice(request: Request, number: str) -> HttpResponse:
    """Build the one-time notice from the list of materials (T3)."""
    now = clock.now()
    case = cases.settle(queries.case_for(request.actor, number), at=now)
    data = request.POST if request.method == "POST" else None
    before = queries.handed_before(case)
    listed = [m._replace(before=before.get(m.name)) for m in _rows(queries.listed(case))]
    form = NoticeForm(data, listed=listed)
    if data is None or not form.is_valid():
        context = {"case": case, "form": form, "phrases": queries.phrases("missing", "defect")}
        return render(request, "cases/notice.html", context, status=FORM if data else 200)
    moved = cases.ask_correction(
        case,
        demands=form.demands(),
        reason=form.cleaned_data["reason"],
        seen=seen(request, case),
        by=request.actor,
        at=now,
    )
    return redirect("cases:paper", number, moved.version)


@for_roles(Role.DESK, Role.ACCEPTOR)
def supply(request: Request, number: str) -> HttpResponse:
    """Take what the applicant supplies after the notice (T4)."""
    now = clock.now()
    case = cases.settle(queries.case_for(request.actor, number), at=now)
    data = request.POST if request.method == "POST" else None
    if data is None and case.state is not Status.CORRECTING:
        return redirect("cases:case", number)  # answered already, or returned by now
    form = MaterialsForm(data, listed=_rows(queries.listed(case), only_open_gaps=True))
    if data is None or not form.is_valid():
        context = {"case": case, "materials": form, "doing": Action.TAKE_CORRECTION}
        return render(request, "cases/supply.html", context, status=FORM if data else 200)
    moved = cases.take_correction(
        case,
        materials=form.handed(),
        identity_checked="identity_checked" in request.POST,
        seen=seen(request, case),
        by=request.actor,
        at=now,
    )
    return redirect("cases:paper", number, moved.version)


@for_roles(Role.DESK, Role.ACCEPTOR)
def supplement(request: Request, number: str) -> HttpResponse:
    """Take what was promised at acceptance (T5c), all of it or what is there by now."""
    now = clock.now()
    case = cases.settle(queries.case_for(request.actor, number), at=now)
    data = request.POST if request.method == "POST" else None
    awaits = {row.pk for row in queries.awaited(case)}
    rows = [row for row in queries.listed(case) if row.pk in awaits]
    listed = [m._replace(is_required=True) for m in _rows(rows)]
    form = MaterialsForm(data, listed=listed)
    if data is None or not form.is_valid():
        context = {"case": case, "materials": form, "doing": Action.SUPPLEMENT}
        return render(request, "cases/supply.html", context, status=FORM if data else 200)
    moved = cases.supplement(
        case,
        materials=form.handed(),
        identity_checked="identity_checked" in request.POST,
        seen=seen(request, case),
        by=request.actor,
        at=now,
    )
    return redirect("cases:paper", number, moved.version)


def seen(request: HttpRequest, case: Case) -> int:
    """Return the version the page showed; a page without one saw what is there now."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else case.version


@for_roles(Role.ISSUER, Role.MAKER)
def out(request: Request) -> HttpResponse:
    """What can be handed out, and the search by number or short number."""
    text = request.GET.get("q", "")[:40].strip()
    if text:
        found = queries.find(text)
        if found is not None and queries.visible_to(request.actor).filter(pk=found.pk).exists():
            return redirect("cases:case", found.number)
        messages.warning(
            request, gettext("没有找到“%(text)s”。请对照凭证上的编号或短号。") % {"text": text}
        )
    on = clock.day_of(clock.now())
    ready = queries.inbox(request.actor, [Role.ISSUER]).filter(status=Status.READY.value)
    making = queries.inbox(request.actor, [Role.MAKER]).filter(
        status__in=[Status.DECIDED_YES.value, Status.DECIDED_NO.value, Status.MAKING.value]
    )
    context = {
        "ready": rows_of(ready[:50], on=on),
        "unclaimed": rows_of(queries.unclaimed(request.actor, on=on)[:50], on=on),
        "making": rows_of(making[:50], on=on),
        "q": text,
        "today": on,
    }
    return render(request, "cases/out.html", context)


@require_POST
@for_roles(Role.DESK, Role.ACCEPTOR)
def attach(request: Request, number: str, order: int) -> HttpResponse:
    """Keep a scan of a material."""
    case = queries.case_for(request.actor, number)
    keep_scan(request, partial(cases.attach, case, order=order))
    return redirect("cases:case", number)


def keep_scan(request: Request, keep: Callable[..., object]) -> None:
    """Keep the file the form brought, or ask for one; the next page says which."""
    upload = request.FILES.get("file")
    if upload is None or upload.file is None:
        messages.warning(request, gettext("请先选择文件。"))
        return
    keep(name=upload.name or "", content=upload.file, by=request.actor, at=clock.now())
    messages.success(request, gettext("文件已保存。"))


@require_POST
@for_roles(*queries.WORKING)
def note_retyping(request: Request, number: str) -> HttpResponse:
    """Keep how many minutes the same facts were typed again into upper systems."""
    case = queries.case_for(request.actor, number)
    text = request.POST.get("minutes", "").strip()
    # What is no number of this size is refused by the service, with its sentence.
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
    cases.note_retyping(case, minutes=minutes, by=request.actor, at=clock.now())
    messages.success(request, gettext("已记下。"))
    return redirect("cases:case", number)
