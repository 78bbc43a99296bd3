"""What somebody who signed in finds of their own (我的)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from onedoor.accounts.web import Request
from onedoor.cases import codes, services
from onedoor.cases.models import Case
from onedoor.cases.queries import mine
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.services import drafting
from onedoor.cases.views.tracking import progress_page
from onedoor.citizens.mandates import Owner
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules.mandates import Scope
from onedoor.citizens.web import acting_for, choices_of, for_citizens, owner_of, sign_out
from onedoor.files import web as files_web
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed, NotFound

PAGE, FIRST = 20, 5
THEIR_TURN = (Status.PRE_RETURNED.value, Status.CORRECTING.value, Status.READY.value)
"""States in which a case waits for its applicant."""


def _trusted(request: Request, citizen: Citizen) -> Owner:
    """Return whose papers are shown; who may only follow reads nobody's papers."""
    acting = acting_for(request)
    if acting is not None and acting.reach is not Scope.APPLY:
        raise NotAllowed("mandate.only_follow", "对方只同意您看进度，没有同意您看证照和材料。")
    return owner_of(request, citizen)


def address_of(case: Case, owner: Owner) -> str:
    """Return where a case is followed: at its receipt's address, which lets whoever has it answer
    for the applicant; by who may only follow, at one that shows no more than how far it is."""
    if isinstance(owner, Mandate) and owner.reach is not Scope.APPLY:
        return reverse("cases:followed", args=[case.number])
    return reverse("cases:progress", args=[codes.track_token(case.pk, case.code_key)])


def _row(case: Case, owner: Owner) -> tuple[Case, str]:
    return case, address_of(case, owner)


@for_citizens
def followed(request: Request, citizen: Citizen, number: str) -> HttpResponse:
    """Show how far a case of somebody is for whom one may follow, and nothing that is answered."""
    for mandate in choices_of(citizen):
        found = mine.cases_of(mandate).filter(number=number).first()
        if found is not None:
            return progress_page(request, found, token="")
    raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")


@for_citizens
def home(request: Request, citizen: Citizen) -> HttpResponse:
    """Show what waits for somebody, what goes on, and what they began."""
    owner = owner_of(request, citizen)
    own = mine.cases_of(owner)
    context = {
        "citizen": citizen,
        "waiting": [_row(case, owner) for case in own.filter(status__in=THEIR_TURN)[:PAGE]],
        "going": [
            _row(case, owner)
            for case in own.filter(is_open=True).exclude(status__in=THEIR_TURN)[:PAGE]
        ],
        "ended": [_row(case, owner) for case in own.filter(is_open=False)[:FIRST]],
        "drafts": mine.names_of_drafts(drafting.drafts_of(citizen)),
        "unread": mine.unread_count(citizen, own),
    }
    return render(request, "cases/me.html", context)


@for_citizens
def cases(request: Request, citizen: Citizen) -> HttpResponse:
    """List every case of theirs, the last moved first."""
    owner = owner_of(request, citizen)
    page = Paginator(mine.cases_of(owner), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(case, owner) for case in page]}
    return render(request, "cases/my_cases.html", context)


@for_citizens
def licences(request: Request, citizen: Citizen) -> HttpResponse:
    """List what was granted to them, and how it stands today."""
    today = clock.day_of(clock.now())
    rows = [
        (each, each.shown_on(today), codes.track_token(each.case_id, each.case.code_key))
        for each in mine.licences_of(_trusted(request, citizen))
    ]
    return render(request, "cases/my_licences.html", {"rows": rows, "citizen": citizen})


@for_citizens
def files(request: Request, citizen: Citizen) -> HttpResponse:
    """List what they handed in."""
    page = Paginator(mine.files_of(_trusted(request, citizen)), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "cases/my_files.html", {"page": page})


@for_citizens
def file(request: Request, citizen: Citizen, kept: Any) -> FileResponse:
    """Give back a file they handed in."""
    found = (
        mine.files_of(_trusted(request, citizen))
        .filter(pk=kept, file__erased_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    return files_web.download(found.file, name=str(found.name))


@for_citizens
def looks(request: Request, citizen: Citizen) -> HttpResponse:
    """Tell which unit looked at their data, when and what for."""
    page = Paginator(mine.looks_at(citizen), PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/my_looks.html", {"page": page})


@for_citizens
def account(request: Request, citizen: Citizen) -> HttpResponse:
    """Show what the account knows of them; close it when they say so."""
    is_asked = request.method == "POST"
    if is_asked and "sure" in request.POST:
        services.close_account(citizen, at=clock.now())
        sign_out(request)
        messages.success(request, gettext("账户已注销，您的资料和没交的草稿都删掉了。"))
        return redirect("portal:home")
    context = {"citizen": citizen, "unsure": is_asked}
    return render(request, "cases/my_account.html", context, status=422 if is_asked else 200)


@for_citizens
def export(request: Request, citizen: Citizen) -> HttpResponse:
    """Give them everything the site knows of them, to read and to take elsewhere."""
    told = {
        "account": {
            "name": str(citizen.name),
            "id_type": citizen.id_type,
            "id_number": str(citizen.id_number),
            "phone": str(citizen.phone),
            "email": str(citizen.email),
            "assurance": citizen.assurance,
            "consent": citizen.consent,
            "opened_at": citizen.opened_at.isoformat(),
        },
        "cases": [
            {
                "number": case.number,
                "item": case.item_version.name,
                "unit": case.unit.name,
                "status": case.status,
                "outcome": case.outcome,
                "moved_at": case.moved_at.isoformat(),
            }
            for case in mine.cases_of(citizen)
        ],
        "licences": [
            {"number": each.number, "from": str(each.valid_from), "to": str(each.valid_to or "")}
            for each in mine.licences_of(citizen)
        ],
        "files": [
            {
                "name": str(each.name),
                "material": each.case_material.material.name,
                "digest": each.file.digest,
                "added_at": each.added_at.isoformat(),
            }
            for each in mine.files_of(citizen)
        ],
        "messages": [
            {"at": each.created_at.isoformat(), "text": str(each.text)}
            for each in mine.messages_about(mine.cases_of(citizen))
        ],
        "drafts": [
            {"item": name, "typed": dict(drafting.content_of(draft).typed)}
            for draft, name in mine.names_of_drafts(drafting.drafts_of(citizen))
        ],
        "looked_at": [
            {
                "case": look.case,
                "at": look.at.isoformat(),
                "unit": look.unit,
                "purpose": look.purpose.zh if look.purpose else "",
            }
            for look in mine.looks_at(citizen)
        ],
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="onedoor-my-data.json"'
    return response
