"""Signing in: by the identity service, or by a code sent to a telephone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.web import Request, origin_of, private, public
from onedoor.citizens import identity as identities
from onedoor.citizens import services as citizens
from onedoor.citizens.forms import CodeForm, MailCodeForm, MailForm, PhoneForm
from onedoor.citizens.identity.standin import Standin, people
from onedoor.citizens.models import Citizen, MailCode, PhoneCode
from onedoor.citizens.web import citizen_of, for_citizens, safe_next, sign_in, sign_out
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid, TooOften
from onedoor.kernel.sentences import sentence
from onedoor.ledger import installation
from onedoor.messages import queries as outbox

FORM = 422
CODE, NEXT, IDENTITY = "signin-code", "signin-next", "signin-identity"
"""What a session remembers on the way in: no number and no name, for sessions are not encrypted."""


@public
@private
def sign_in_page(request: Request) -> HttpResponse:
    """Offer the ways to sign in; send a code to a telephone."""
    form = PhoneForm(request.POST or None)
    if "next" in request.GET or NEXT not in request.session:
        asked = request.GET.get("next", "")
        request.session[NEXT] = safe_next(request, asked, otherwise=_home())
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            sent = citizens.send_code(phone, origin=origin_of(request), at=clock.now())
        except NotValid as refusal:
            form.tell(refusal)
        except TooOften as refusal:
            form.add_error(None, sentence(refusal))
        else:
            request.session[CODE] = str(sent.pk)
            return redirect("citizens:code")
    context = {"form": form, "service": identities.service(), "who": citizen_of(request)}
    return render(request, "citizens/sign_in.html", context, status=FORM if form.errors else 200)


@public
@private
def code(request: Request) -> HttpResponse:
    """Take the code of a text message; whoever typed it is signed in."""
    sent = citizens.sent_code(request.session.get(CODE, ""))
    if sent is None:
        return redirect("citizens:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        typed = "".join(c for c in form.cleaned_data["code"] if c.isdecimal())
        try:
            account = citizens.enter_by_code(sent, typed, at=now)
        except NotValid as refusal:
            form.tell(refusal)
        else:
            return _welcome(request, account)
    context = {"form": form, "phone": sent.phone, "shown": _in_a_demo(sent)}
    return render(request, "citizens/code.html", context, status=FORM if form.errors else 200)


def _in_a_demo(sent: PhoneCode) -> str:
    """Return the message a demo did not really send, so that one can go on."""
    if settings.SMS_GATEWAY or not installation.current().is_demo:
        return ""
    told = outbox.last_about(sent.about)
    return str(told.text) if told else ""


@public
@private
def identity(request: Request) -> HttpResponse:
    """Send somebody to the identity service."""
    through = identities.service()
    if through is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    address, kept = through.begin(_back())
    request.session[IDENTITY] = dict(kept)
    return redirect(address)


@public
@private
def standin_page(request: Request) -> HttpResponse:
    """In a demo, choose an invented person to be."""
    through, kept = identities.service(), request.session.get(IDENTITY, {})
    if not isinstance(through, Standin):
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    invented = list(enumerate(people(on=clock.day_of(clock.now()))))
    context = {"people": invented, "state": kept.get("state", "")}
    return render(request, "citizens/standin.html", context)


@public
@private
def back(request: Request) -> HttpResponse:
    """Take whom the identity service sends back; the answer is good once."""
    through = identities.service()
    if through is None:
        raise NotFound("page.not_found", "没有这一页，或者不是给您看的。")
    kept = request.session.pop(IDENTITY, {})
    now = clock.now()
    who = through.finish(request.GET.dict(), kept, _back(), on=clock.day_of(now))
    account = citizens.enter_by_identity(
        who, service=through.name, signed_in=citizen_of(request), at=now
    )
    return _welcome(request, account)


def _back() -> str:
    return settings.PUBLIC_URL + reverse("citizens:back")


def _home() -> str:
    return reverse("portal:home")


def _welcome(request: Request, account: Citizen) -> HttpResponse:
    where = request.session.get(NEXT, _home())
    sign_in(request, account)
    return redirect(where)


@require_POST
@public
@private
def sign_out_page(request: Request) -> HttpResponse:
    """End the session, on this device."""
    sign_out(request)
    messages.success(request, gettext("已退出。"))
    return redirect("portal:home")


@for_citizens
def mail(request: Request, citizen: Citizen) -> HttpResponse:
    """Take an address somebody wants to be told at, and send a code there."""
    form = MailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            citizens.send_mail_code(citizen, email, origin=origin_of(request), at=clock.now())
        except NotValid as refusal:
            form.tell(refusal)
        except TooOften as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("citizens:mail_code")
    context = {"form": form, "citizen": citizen}
    return render(request, "citizens/mail.html", context, status=FORM if form.errors else 200)


@for_citizens
def mail_code(request: Request, citizen: Citizen) -> HttpResponse:
    """Take the code of the letter: from then on the address is told."""
    sent = citizens.sent_mail_code(citizen)
    if sent is None:
        return redirect("citizens:mail")
    form = MailCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = "".join(c for c in form.cleaned_data["code"] if c.isdecimal())
        try:
            citizens.confirm_mail(citizen, typed, at=clock.now())
        except NotValid as refusal:
            form.tell(refusal)
        else:
            messages.success(request, gettext("邮箱确认好了，办件的消息也会发到那里。"))
            return redirect("citizens:mail")
    context = {"form": form, "email": sent.email, "shown": _mailed_in_a_demo(sent)}
    return render(request, "citizens/mail_code.html", context, status=FORM if form.errors else 200)


@require_POST
@for_citizens
def mail_drop(request: Request, citizen: Citizen) -> HttpResponse:
    """Send somebody no e-mail any more."""
    citizens.drop_mail(citizen, at=clock.now())
    messages.success(request, gettext("邮箱删掉了，不再发邮件。"))
    return redirect("citizens:mail")


def _mailed_in_a_demo(sent: MailCode) -> str:
    """Return the letter a demo did not really send, so that one can go on."""
    if settings.EMAIL_HOST or not installation.current().is_demo:
        return ""
    told = outbox.last_about(sent.about)
    return str(told.text).partition("\n")[2] if told else ""
