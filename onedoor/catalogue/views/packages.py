"""Joint packages (一件事) for everybody to read: the list, and what one of them takes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, public
from onedoor.catalogue import packages as queries
from onedoor.catalogue.queries import ready_on
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel import clock


@public
def packages(request: Request) -> HttpResponse:
    """List the packages by theme."""
    return render(request, "catalogue/packages.html", {"packages": queries.listed()})


@public
def package(request: Request, code: str) -> HttpResponse:
    """Say what a package is made of, what to bring once for all of it, and how long it takes."""
    facts = queries.package_facts(queries.package_row(code), at=clock.now())
    limit = None if facts.longest is None else Limit(facts.longest, LimitUnit.WD)
    context = {
        "facts": facts,
        "package": facts.package,
        "fee_fen": sum(m.version.fee_fen for m in facts.members if m.version),
        "ready_on": limit and ready_on(limit, today=clock.day_of(clock.now())),
        "may_receive": facts.is_open and request.actor.holds_any(Role.DESK.value),
    }
    return render(request, "catalogue/package.html", context)
