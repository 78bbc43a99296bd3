"""Signing in and out, one's own password, and the one-time code of administrators."""

from __future__ import annotations

from datetime import timedelta

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_otp import login as remember_code

from onedoor.accounts.forms import CodeForm, LoginForm, PasswordForm
from onedoor.accounts.models import Authenticator, Person, new_seed
from onedoor.accounts.rules import ADMINISTRATORS
from onedoor.accounts.services import change_password, count_attempt, forget_attempts
from onedoor.accounts.web import Request, for_roles, private, public
from onedoor.kernel import clock


class SignIn(LoginView):
    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        # Whoever of the public was signed in on this device is not any more, nor for how long.
        self.request.session.flush()
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


sign_in = public(
    SignIn.as_view(
        template_name="registration/login.html",
        authentication_form=LoginForm,
        redirect_authenticated_user=True,
    )
)
sign_out = public(LogoutView.as_view())

TRIES, WINDOW = 5, timedelta(minutes=15)


@private
def password(request: Request) -> HttpResponse:
    """Let whoever signed in choose a password that nobody else knows."""
    person = request.user
    assert isinstance(person, Person)
    if request.method != "POST":
        return _password_page(request, PasswordForm(person=person))
    now, key = clock.now(), f"password:{person.pk}"
    count_attempt(key, limit=TRIES, window=WINDOW, at=now)
    form = PasswordForm(request.POST, person=person)
    if not form.is_valid():
        return _password_page(request, form)
    forget_attempts(key)
    change_password(person, password=form.cleaned_data["new"], at=now)
    update_session_auth_hash(request, person)
    messages.success(request, gettext("密码已换。别处的登录都退出了。"))
    return redirect(settings.LOGIN_REDIRECT_URL)


def _password_page(request: Request, form: PasswordForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "registration/password.html", {"form": form}, status=status)


@for_roles(*ADMINISTRATORS)
def code(request: Request) -> HttpResponse:
    """Ask an administrator for the code of an authenticator; the first time, set one up."""
    person = request.user
    assert isinstance(person, Person)
    device = Authenticator.objects.filter(user=person, confirmed=True).first()
    fresh = None
    if device is None:
        fresh, _ = Authenticator.objects.get_or_create(
            user=person, confirmed=False, defaults={"name": "authenticator", "seed": new_seed()}
        )
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        key = f"code:{person.pk}"
        count_attempt(key, limit=TRIES, window=WINDOW, at=now)
        asked = device or fresh
        if asked is not None and asked.verify_token(form.cleaned_data["code"]):
            forget_attempts(key)
            if fresh is not None:
                fresh.confirmed = True
                fresh.save(update_fields=["confirmed"])
            remember_code(request, asked)
            asked_for = request.GET.get("next", "")
            is_ours = url_has_allowed_host_and_scheme(asked_for, {request.get_host()})
            return HttpResponseRedirect(asked_for if is_ours else reverse("admin:index"))
        form.add_error("code", gettext("验证码不对。请看验证器上现在的数字。"))
    picture = segno.make(fresh.config_url).svg_data_uri(scale=4) if fresh else ""
    status = 422 if form.errors else 200
    context = {"form": form, "picture": picture, "secret": fresh.config_url if fresh else ""}
    return render(request, "registration/otp.html", context, status=status)
