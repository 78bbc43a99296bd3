"""Opening what an applicant handed in: why is asked once for a case, each file goes on record."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from onedoor.accounts.web import Request, for_roles
from onedoor.cases import queries
from onedoor.cases import services as cases
from onedoor.cases.rules.words import Purpose
from onedoor.files import web as files
from onedoor.kernel import clock

CASES = 50
"""For how many cases a session remembers why they were looked into."""


@for_roles(*queries.WORKING)
def file(request: Request, number: str, digest: str) -> HttpResponse | FileResponse:
    """Serve the safe copy of a file of the case, once the purpose is on record."""
    found = queries.case_for(request.actor, number)
    kept = queries.file_of(found, f"sha256:{digest}")
    purpose = request.POST.get("purpose") or purpose_for(request, number)
    if request.method != "POST" and not purpose:
        context = {"case": found, "name": kept.name, "purposes": list(Purpose)}
        return render(request, "cases/purpose.html", context)
    cases.show_file(found, kept, purpose=purpose, by=request.actor, at=clock.now())
    remember(request, number, purpose)
    return files.download(kept.file, name=kept.name)


def purpose_for(request: Request, number: str) -> str:
    """Return what this session said it looks into the case for; empty if it did not say."""
    return str(request.session.get("purposes", {}).get(number, ""))


def remember(request: Request, number: str, purpose: str) -> None:
    """Remember the purpose, which is on record by now: nobody is asked again for every file."""
    said = {**request.session.get("purposes", {}), number: purpose}
    request.session["purposes"] = dict(list(said.items())[-CASES:])
