"""Progress for whoever holds the receipt: no account, masked, in plain words with dates."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from onedoor.accounts.services import count_attempt, forget_attempts, forgive_attempt
from onedoor.accounts.web import Request, origin_of, private, public
from onedoor.cases import codes, commitments, joint, queries, register
from onedoor.cases import services as cases
from onedoor.cases.forms import TrackForm
from onedoor.cases.models import Case
from onedoor.cases.queries.days import days_ahead
from onedoor.cases.rules import numbers
from onedoor.cases.rules.days import Ahead
from onedoor.cases.rules.lifecycle import Action, Status
from onedoor.cases.services import answering
from onedoor.kernel import calendar_files, clock, packs
from onedoor.messages import queries as messages
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind

TRIES, WINDOW = 5, timedelta(minutes=15)
FORM = 422


@public
def track(request: Request) -> HttpResponse:
    """Find a case by its number or short number and the query code; one answer for both wrong."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        reference = numbers.normal(form.cleaned_data["number"])
        case = queries.find(reference) or joint.find(reference)
        # Its number and its short number are counted together.
        asked = f"track:{case.pk if case else reference}"
        count_tries(request, asked, at=now)
        given = "".join(c for c in form.cleaned_data["code"] if c.isdigit())
        expected = codes.query_code(case.pk, case.code_key) if case else "x"
        if case is not None and hmac.compare_digest(given.encode(), expected.encode()):
            forget_tries(request, asked)
            page = "cases:progress" if isinstance(case, Case) else "cases:joint_progress"
            return redirect(page, codes.track_token(case.pk, case.code_key))
        form.add_error(
            None, gettext("编号和查询码对不上。请对照收件凭证再看一遍，连错 5 次要等 15 分钟。")
        )
    status = FORM if form.errors else 200
    return render(request, "cases/track.html", {"form": form}, status=status)


def count_tries(request: Request, asked: str, *, at: datetime) -> None:
    """Count a try by what was asked for, and by where from: neither can be tried through."""
    # Where from first: whoever is refused there has not used up a try of somebody's case.
    count_attempt(f"track-from:{origin_of(request)}", limit=TRIES * 6, window=WINDOW, at=at)
    count_attempt(asked, limit=TRIES, window=WINDOW, at=at)


def forget_tries(request: Request, asked: str) -> None:
    """Start counting anew after the right code."""
    forget_attempts(asked)
    forgive_attempt(f"track-from:{origin_of(request)}")


@public
@private  # the address itself opens the case
def progress(request: Request, token: str) -> HttpResponse:
    """Show where a case is, what happens next with dates, and how each date was counted."""
    return progress_page(request, queries.tracked(token), token=token)


def progress_page(request: Request, case: Case, *, token: str) -> HttpResponse:
    """Return the page of a case; without its token nothing on it can be answered or opened."""
    now = clock.now()
    case = cases.settle(case, at=now)
    on, gaps, timeline = clock.day_of(now), queries.open_gaps(case), queries.timeline(case)
    waits = queries.awaited(case) if case.is_tolerant and queries.is_gathering(case) else []
    context = {
        "case": case,
        "number": numbers.grouped(case.number),
        "timeline": list(reversed(timeline)),
        "clocks": queries.explanations(case, on=on),
        "left": queries.left_in_days(case, on=on),
        "gaps": gaps,
        "precheck_gaps": queries.precheck_gaps(case),
        "waits": waits,
        "checks": commitments.checks_of(case),
        "may_supplement": answering.may_supplement_online(case, waits),
        "may_answer": answering.may_supply_online(case, gaps),
        "lapsed": case.state is Status.WITHDRAWN and timeline[-1].action is Action.LAPSE,
        "forwarding": queries.forwarding_of(case),
        "posting": queries.posting_of(case),
        "depositing": queries.depositing_of(case),
        "entrusting": queries.entrusting_of(case),
        "served_online": any(step.action is Action.SERVE_ONLINE for step in timeline),
        "delivery": register.delivery_of(case.licence) if hasattr(case, "licence") else None,
        "decision": register.decision_on(case.licence) if hasattr(case, "licence") else None,
        "days": days_ahead(case, on=on),
        "told": messages.sent_about(case.subject) if token else [],
        "token": token,
        "papers": papers.of(case.number).exclude(kind=Kind.FLOW_SLIP.value),
        "today": on,
        "now": now,
    }
    return render(request, "cases/progress.html", context)


@public
@private
def days(request: Request, token: str) -> HttpResponse:
    """Give the days ahead of a case as a calendar file; nobody's name stands in it."""
    now = clock.now()
    case = cases.settle(queries.tracked(token), at=now)
    address = settings.PUBLIC_URL + reverse("cases:progress", args=[token])
    known = packs.county().get("centre", {})
    told = [
        calendar_files.Day(
            key=f"{case.number}-{day.what.value}",
            on=day.on,
            title=gettext("%(what)s：%(item)s")
            % {"what": gettext(day.what.zh), "item": case.item_version.name},
            text=gettext("短号 %(alias)s。咨询电话 %(phone)s。")
            % {"alias": case.alias, "phone": case.item_version.phone or known.get("phone", "")},
            place=known.get("address", "") if day.what in (Ahead.BRING, Ahead.COLLECT) else "",
            address=address,
        )
        for day in days_ahead(case, on=clock.day_of(now))
    ]
    domain = urlsplit(settings.PUBLIC_URL).hostname or "onedoor"
    content = calendar_files.calendar_file(told, domain=domain, at=now)
    return calendar_files.as_response(content, name=f"onedoor-{case.alias}")
