"""Acting for a relative or a company: asked, agreed to, turned to, ended (代办)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.web import Request, origin_of
from onedoor.cases.queries import mine
from onedoor.cases.views.mine import address_of
from onedoor.citizens import mandates, services
from onedoor.citizens.forms import CompanyForm, ConsentForm, FamilyForm, InviteForm
from onedoor.citizens.identity import registers
from onedoor.citizens.identity.claims import Identity
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules.mandates import Ended, Kind, Used
from onedoor.citizens.web import act_for, for_citizens
from onedoor.kernel import clock
from onedoor.kernel.codes import citizen_id
from onedoor.kernel.errors import NotValid, Refusal, TooOften
from onedoor.kernel.forms import Form
from onedoor.kernel.sentences import sentence
from onedoor.ledger import installation
from onedoor.messages import queries as outbox

FORM = 422


@for_citizens
def acting(request: Request, citizen: Citizen) -> HttpResponse:
    """Show for whom somebody acts and who acts for them; ask to act for a relative."""
    form = FamilyForm(request.POST or None)
    if request.method == "POST" and _done(form, lambda: _ask(request, citizen, form)):
        return redirect("cases:acting_consent", form.cleaned_data["asked"])
    today = clock.day_of(clock.now())
    mine_ = mandates.of_agent(citizen)
    over = [(each, mandates.doings(each)) for each in mandates.over(citizen)]
    context = {
        "citizen": citizen,
        "form": form,
        "mandates": [(each, each.holds_on(today)) for each in mine_],
        "over": over,
        "companies": [
            (each, [m for m in mandates.of_party(each.id_number) if m.as_what is Kind.AGENT])
            for each in mine_
            if each.as_what is Kind.LEGAL and each.holds_on(today)
        ],
        "today": today,
    }
    return render(request, "cases/acting.html", context, status=FORM if form.errors else 200)


def _ask(request: Request, citizen: Citizen, form: FamilyForm) -> None:
    now = clock.now()
    number = citizen_id.parse(form.cleaned_data["id_number"], on=clock.day_of(now)).value
    asked = services.ask_family(
        citizen,
        number,
        known=mine.known_person(number),
        scope=form.reach(),
        months=form.cleaned_data["months"],
        origin=origin_of(request),
        at=now,
    )
    form.cleaned_data["asked"] = asked.code


def _done(form: Form, do: Callable[[], Any]) -> bool:
    """Do what a valid form asks; say a refusal at the form, so that nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        do()
    except (NotValid, TooOften) as refusal:
        form.tell(refusal)
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
    return not form.errors


@for_citizens
def consent(request: Request, citizen: Citizen, code: str) -> HttpResponse:
    """Take the code that whoever is acted for was sent."""
    mandate = mandates.concerning(citizen, code)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and mandates.is_agent(mandate, citizen):
        typed = "".join(c for c in request.POST.get("code", "") if c.isdecimal())
        if _done(form, lambda: services.consent_by_code(mandate, typed, at=clock.now())):
            messages.success(request, gettext("好了，您可以替对方办了。"))
            return redirect("cases:acting")
    context = {"form": form, "mandate": mandate, "shown": _in_a_demo(mandate)}
    return render(
        request, "cases/acting_consent.html", context, status=FORM if form.errors else 200
    )


def _in_a_demo(mandate: Mandate) -> str:
    """Return the message a demo did not really send, so that one can go on."""
    if settings.SMS_GATEWAY or not installation.current().is_demo:
        return ""
    told = outbox.last_about(mandate.subject)
    return str(told.text) if told else ""


@require_POST
@for_citizens
def agree(request: Request, citizen: Citizen, code: str) -> HttpResponse:
    """Agree to being acted for, or to acting for a company."""
    services.agree(mandates.concerning(citizen, code), citizen, at=clock.now())
    messages.success(request, gettext("已同意。随时可以收回。"))
    return redirect("cases:acting")


@require_POST
@for_citizens
def end(request: Request, citizen: Citizen, code: str) -> HttpResponse:
    """Take an authority back, or give it up."""
    mandate = mandates.concerning(citizen, code)
    is_agent = mandates.is_agent(mandate, citizen)
    how = Ended.GIVEN_UP if is_agent else Ended.TAKEN_BACK
    services.end(mandate, how, by=APPLICANT.ref, at=clock.now())
    messages.success(request, gettext("这项代办结束了。已经交的申请不受影响。"))
    return redirect("cases:acting")


@require_POST
@for_citizens
def turn(request: Request, citizen: Citizen) -> HttpResponse:
    """Act for somebody from now on, or for oneself again."""
    now = clock.now()
    code = request.POST.get("for", "")
    mandate = mandates.held(citizen, code, on=clock.day_of(now)) if code else None
    if code and mandate is None:
        raise NotValid("mandate.not_held", "您现在不能替这一位办。请让对方在手机或窗口同意。")
    if mandate is not None:
        services.use(mandate, Used.TURNED, on=clock.day_of(now), at=now)
    act_for(request, mandate)
    return redirect("cases:me")


@for_citizens
def company(request: Request, citizen: Citizen) -> HttpResponse:
    """Let a legal representative act for their company, as the register says."""
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and _done(
        form,
        lambda: services.claim_company(
            citizen, form.cleaned_data["credit_code"], origin=origin_of(request), at=clock.now()
        ),
    ):
        messages.success(request, gettext("好了，您可以替这家单位办，也可以请经办人。"))
        return redirect("cases:acting")
    context = {"form": form, "citizen": citizen, "register": registers.register()}
    return render(
        request, "cases/acting_company.html", context, status=FORM if form.errors else 200
    )


@for_citizens
def invite(request: Request, citizen: Citizen, code: str) -> HttpResponse:
    """Let a legal representative ask somebody to act for their company."""
    legal = mandates.concerning(citizen, code)
    form = InviteForm(request.POST or None)
    if (
        request.method == "POST"
        and mandates.is_agent(legal, citizen)
        and _done(form, lambda: _invite(legal, form))
    ):
        messages.success(request, gettext("请好了。对方实名登录，在“代办”里同意以后就能办。"))
        return redirect("cases:acting")
    context = {"form": form, "legal": legal}
    return render(request, "cases/acting_invite.html", context, status=FORM if form.errors else 200)


def _invite(legal: Mandate, form: InviteForm) -> None:
    said = form.cleaned_data
    services.invite(
        legal,
        Identity(said["agent_name"], "", said["id_number"], said["phone"]),
        scope=form.reach(),
        months=said["months"],
        at=clock.now(),
    )


@for_citizens
def all_cases(request: Request, citizen: Citizen) -> HttpResponse:
    """List the cases of everybody somebody acts for, in one place."""
    held = mandates.open_to(citizen, on=clock.day_of(clock.now()))
    rows = [(case, address_of(case, mandate), mandate) for case, mandate in mine.cases_of_all(held)]
    return render(request, "cases/acting_cases.html", {"rows": rows, "held": held})
