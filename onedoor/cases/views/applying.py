"""Applying online without an account: who, the materials, a look over it, sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.services import count_attempt
from onedoor.accounts.web import Request, origin_of, private, public
from onedoor.cases import codes, county, queries
from onedoor.cases import services as cases
from onedoor.cases.applying import AboutYouForm, MaterialRow, SendForm
from onedoor.cases.models import Attachment, Case, Draft
from onedoor.cases.queries import mine
from onedoor.cases.rules import numbers
from onedoor.cases.rules.online import is_taken_here
from onedoor.cases.rules.words import Channel
from onedoor.cases.services import drafting, submitting
from onedoor.catalogue import queries as catalogue
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.commitments import Commitment
from onedoor.catalogue.rules.words import Form, Necessity
from onedoor.citizens.mandates import Owner
from onedoor.citizens.models import Citizen, Mandate
from onedoor.citizens.rules.mandates import Scope
from onedoor.citizens.web import acting_for, citizen_of, owner_of
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed
from onedoor.kernel.sentences import sentence

COOKIE, SENT_HERE = "draft", "sent"
SIGNED = "applied-signed-in"
"""Says that this device applied from an account: no more than that."""
_HERE = "/apply/"
FORM = 422
HOUR = timedelta(hours=1)
DRAFTS, UPLOADS, SENT = 60, 200, 30
"""What one address may do in an hour.

A hall, a village office and a school share an address: the numbers stop machines, not people.
"""


def _version(code: str) -> VersionFacts:
    version = catalogue.current_version(code, at=clock.now())
    submitting.refuse_elsewhere(is_taken_here(version))
    return version


def _draft(request: HttpRequest, version: VersionFacts) -> Draft | None:
    """Return the draft this account or device has of this item, under the version in force now."""
    draft, who, acting = None, citizen_of(request), acting_for(request)
    if who is not None:
        draft = drafting.find_own(who, drafting.about_of(version.code, acting))
    if draft is None and acting is None and (secret := request.COOKIES.get(COOKIE, "")):
        draft = drafting.find_draft(drafting.key_of(secret, version.code))
        if who is not None and draft is not None and draft.case is None:
            own = drafting.key_of(drafting.account_secret(who), version.code)
            draft = drafting.adopt(draft, own, who)
    if draft is not None and draft.case is None and draft.item_version != version.number:
        drafting.carry_over(draft, now=version)
    return draft


def _signed_out(request: HttpRequest) -> HttpResponse | None:
    """Ask whoever applied from an account to sign in again, once, and bring them back here."""
    if citizen_of(request) is not None or not request.COOKIES.get(SIGNED):
        return None
    messages.warning(request, gettext("您已经退出登录。填的内容都在，登录后接着填。"))
    there = f"{reverse('citizens:sign_in')}?{urlencode({'next': request.path})}"
    response = redirect(there)
    response.delete_cookie(SIGNED, path=_HERE, samesite="Lax")
    return response


@public
@private
def apply(request: Request, code: str) -> HttpResponse:
    """Ask who applies; what is typed is kept, right or wrong."""
    if (asked := _signed_out(request)) is not None:
        return asked
    now = clock.now()
    version, on = _version(code), clock.day_of(now)
    draft = _draft(request, version)
    sent = draft.case if draft else None
    who = citizen_of(request)
    acting = acting_for(request)
    if acting is not None:
        _refuse_to_follow(acting)
    myself = acting or (who if _is_own(request, who, draft) else None)
    phone = str(who.phone) if who is not None and acting is not None else ""
    if request.method != "POST":
        typed = drafting.content_of(draft).typed
        form = AboutYouForm(initial=typed or None, on=on, who=myself, phone=phone)
        form.fill_in(who)
        context = _page(version, form=form, sent=sent, who=who)
        return render(request, "cases/apply_you.html", context)
    form = AboutYouForm(request.POST, on=on, who=myself)
    secret = request.COOKIES.get(COOKIE, "")
    if who is not None:
        secret = drafting.account_secret(who)
    if draft is None and who is None:
        count_attempt(f"draft-from:{origin_of(request)}", limit=DRAFTS, window=HOUR, at=now)
        secret = secret if 32 <= len(secret) <= 64 else secrets.token_urlsafe(24)
    content = replace(drafting.content_of(draft), typed=form.typed())
    key = drafting.key_of(secret, drafting.about_of(code, acting))
    if draft is not None and draft.citizen_id is not None:
        key = draft.key  # it may have come with an account that became a part of this one
    drafting.keep(key, version=version, content=content, at=now, citizen=who, mandate=acting)
    if form.is_valid():
        response: HttpResponse = redirect("cases:apply_materials", code)
    else:
        context = _page(version, form=form, sent=None, who=who)
        response = render(request, "cases/apply_you.html", context, status=FORM)
    name, value = (COOKIE, secret) if who is None else (SIGNED, "1")
    response.set_cookie(
        name,
        value,
        max_age=county.online_rules().draft_days * 24 * 3600,
        path=_HERE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _refuse_to_follow(acting: Mandate) -> None:
    """Refuse at the first page what would be refused when it is sent."""
    if acting.reach is not Scope.APPLY:
        raise NotAllowed("mandate.follow_only", "对方只同意您看进度，没有同意您替他申请。")


def _owner(request: HttpRequest) -> Owner | None:
    """Return for whom whoever signed in applies: of whom one acts for, or oneself."""
    who = citizen_of(request)
    return owner_of(request, who) if who is not None else None


def _about(draft: Draft, who: Owner | None, *, on: date) -> AboutYouForm:
    """Return what a draft says of its applicant, with what the account knows where it is theirs."""
    typed = dict(drafting.content_of(draft).typed)
    # The whole form was shown to whoever applies for somebody else.
    return AboutYouForm(typed, on=on, who=who if "kind" not in typed else None)


def _is_own(request: HttpRequest, who: Citizen | None, draft: Draft | None) -> bool:
    """Say whether somebody whom we know applies for themselves: as they say now, or said before."""
    if who is None or not who.is_verified:
        return False
    if (said := request.GET.get("other")) is not None:
        return said == "0"
    typed = drafting.content_of(draft).typed
    return "kind" not in typed or typed.get("id_number") == who.id_number


def _page(version: VersionFacts, **more: Any) -> dict[str, Any]:
    most_mb = settings.UPLOAD_LIMIT // (1024 * 1024)
    return {"version": version, "rules": county.online_rules(), "most_mb": most_mb} | more


@public
@private
def materials(request: Request, code: str) -> HttpResponse:
    """Take the files, a few at a time or all at once; note which originals will be brought."""
    if (asked := _signed_out(request)) is not None:
        return asked
    version = _version(code)
    draft = _draft(request, version)
    if draft is None or draft.case is not None:
        return redirect("cases:apply", code)
    errors: dict[int, list[str]] = {}
    if request.method == "POST":
        errors = take_materials(request, draft, [m.order for m in version.materials])
        if "reuse" in request.POST:
            _reuse(request, draft, version)
        if not errors and not {"remove", "stay", "reuse"}.isdisjoint(request.POST):
            return redirect("cases:apply_materials", code)
        errors = errors or lacking(_rows(version, draft))
        if not errors:
            return redirect("cases:apply_check", code)
    rows = _with_held(request, version, draft, _rows(version, draft, errors))
    context = _page(version, rows=rows, wrong=[row for row in rows if row.errors])
    return render(request, "cases/apply_materials.html", context, status=FORM if errors else 200)


def _with_held(
    request: HttpRequest, version: VersionFacts, draft: Draft, rows: list[MaterialRow]
) -> list[MaterialRow]:
    """Offer what somebody who signed in handed in before, where nothing is there yet."""
    names = [row.name for row in rows if not row.files]
    held = _held(request, version, draft, names)
    return [row if row.files else row._replace(held=held.get(row.name)) for row in rows]


def _held(
    request: HttpRequest, version: VersionFacts, draft: Draft, names: Sequence[str]
) -> dict[str, Attachment]:
    """Return what whoever signed in handed in before for the person this draft is for."""
    who, now = _owner(request), clock.now()
    if who is None:
        return {}
    about = _about(draft, who, on=clock.day_of(now))
    if not about.is_valid():
        return {}
    person = about.data_given()
    return mine.held_for(who, names, whose=mine.Whose(person.id_type, person.id_number), at=now)


def _reuse(request: HttpRequest, draft: Draft, version: VersionFacts) -> None:
    """Hand in again what was handed in before, for the same person and the same material."""
    chosen = {str(m.order): m for m in version.materials}.get(request.POST["reuse"])
    if chosen is None:
        return
    held = _held(request, version, draft, [chosen.name]).get(chosen.name)
    if held is not None:
        drafting.add_held(draft, order=chosen.order, held=held, at=clock.now())


def take_materials(
    request: HttpRequest, draft: Draft, orders: Iterable[int]
) -> dict[int, list[str]]:
    """Keep what a page of materials sent; return what was refused, material by material."""
    now, orders = clock.now(), list(orders)
    if "remove" in request.POST:
        drafting.remove_file(draft, request.POST["remove"])
    drafting.note_brought(
        draft,
        (o for o in orders if f"bring_{o}" in request.POST),
        committed=(o for o in orders if f"commit_{o}" in request.POST),
        at=now,
    )
    sent = [
        drafting.Sent(order, upload.name or "", upload.file)
        for order in orders
        for upload in request.FILES.getlist(f"files_{order}")
        if upload.file is not None
    ]
    for _ in sent:
        origin = f"upload-from:{origin_of(request)}"
        count_attempt(origin, limit=UPLOADS, window=HOUR, at=now)
    errors: dict[int, list[str]] = {}
    for each, refusal in drafting.add_files(draft, sent, at=now):
        errors.setdefault(each.order, []).append(f"{each.name}：{sentence(refusal)}")
    return errors


def material_rows(
    asked: Sequence[Any],
    draft: Draft | None,
    errors: Mapping[int, list[str]] | None = None,
    demands: Mapping[int, str] | None = None,
    vouched: Mapping[str, Commitment] | None = None,
) -> list[MaterialRow]:
    """Return the materials as the applicant's page shows them."""
    given, content = drafting.given_files(draft), drafting.content_of(draft)
    brought, vouched = content.brought, vouched or {}
    committed = frozenset(m.order for m in asked if m.name.strip() in vouched) & content.committed
    came = drafting.channels(asked, given, brought, committed)
    return [
        MaterialRow(
            order=m.order,
            name=m.name,
            standard=m.standard,
            is_required=m.necessity is Necessity.REQUIRED,
            may_bring=m.form is not Form.ELECTRONIC,
            must_bring=m.form is Form.PAPER and m.necessity is Necessity.REQUIRED,
            is_brought=m.order in brought,
            files=given.get(m.order, []),
            channel=came[m.order],
            errors=(errors or {}).get(m.order, []),
            demand=(demands or {}).get(m.order, ""),
            commitment=vouched.get(m.name.strip()),
            is_committed=m.order in committed and not given.get(m.order),
        )
        for m in asked
    ]


def _rows(
    version: VersionFacts, draft: Draft | None, errors: Mapping[int, list[str]] | None = None
) -> list[MaterialRow]:
    return material_rows(version.materials, draft, errors, vouched=version.vouched)


def lacking(rows: Iterable[MaterialRow]) -> dict[int, list[str]]:
    """Return what to say at the materials without which the application may not be sent."""
    return {
        row.order: [
            gettext("请上传“%(name)s”，或者勾选到窗口交原件。") % {"name": row.name}
            if row.may_bring
            else gettext("请上传“%(name)s”。") % {"name": row.name}
        ]
        for row in rows
        if row.is_required and row.channel is Channel.NONE and not row.is_committed
    }


@public
@private
def check(request: Request, code: str) -> HttpResponse:
    """Show everything once more; send it when its owner answers for it (T1)."""
    if (asked := _signed_out(request)) is not None:
        return asked
    now = clock.now()
    version = _version(code)
    draft = _draft(request, version)
    if draft is None:
        return redirect("cases:apply", code)
    if draft.case is not None:  # sent before: a double click, or the page sent again
        return _sent(draft.case)
    about = _about(draft, _owner(request), on=clock.day_of(now))
    if not about.is_valid():
        return redirect("cases:apply", code)
    rows = _rows(version, draft)
    if lacking(rows):
        return redirect("cases:apply_materials", code)
    told = {
        row.commitment.matter: row.commitment for row in rows if row.is_committed and row.commitment
    }
    form = SendForm(request.POST if request.method == "POST" else None, told=told.values())
    if not form.is_valid():
        applicant = about.data_given()
        context = _page(version, form=form, applicant=applicant, rows=rows)
        context["look_by"] = cases.precheck_due(now).on
        status = FORM if form.is_bound else 200
        return render(request, "cases/apply_check.html", context, status=status)
    submitting.count_for_one(about.data_given(), at=now)
    count_attempt(f"sent-from:{origin_of(request)}", limit=SENT, window=HOUR, at=now)
    receipt = cases.submit_draft(
        draft,
        cases.reserve(code, at=now, seen=draft.item_version),
        applicant=about.data_given(),
        by=APPLICANT,
        at=now,
    )
    return _sent(receipt.case)


def _sent(case: Case) -> HttpResponse:
    """Lead to the receipt, and let this device see its query code there."""
    token = codes.track_token(case.pk, case.code_key)
    response = redirect("cases:submitted", token)
    response.set_signed_cookie(
        SENT_HERE,
        str(case.pk),
        max_age=county.online_rules().draft_days * 24 * 3600,
        path=reverse("cases:submitted", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _is_senders(request: HttpRequest, case: Case) -> bool:
    """Say whether the receipt is shown to whoever sent the application: by device or account.

    Whoever has its address alone follows the case, as on the progress page: the query code opens
    its papers.
    """
    if request.get_signed_cookie(SENT_HERE, "") == str(case.pk):
        return True
    who = citizen_of(request)
    return who is not None and mine.cases_of(who).filter(pk=case.pk).exists()


@require_POST
@public
@private
def discard(request: Request, code: str) -> HttpResponse:
    """Delete what was typed and uploaded, at its owner's wish."""
    draft = _draft(request, _version(code))
    if draft is not None:
        drafting.discard(draft)
    messages.success(request, gettext("已删掉您填的内容和上传的文件。"))
    return redirect("cases:apply", code)


@public
@private
def submitted(request: Request, token: str) -> HttpResponse:
    """Show the receipt of an application sent online (申请回执), as often as one likes; its query
    code to whoever sent it."""
    case = queries.tracked(token)
    if case.submitted_at is None:
        return redirect("cases:progress", token)
    address = settings.PUBLIC_URL + reverse("cases:progress", args=[token])
    context = {
        "case": case,
        "token": token,
        "number": numbers.grouped(case.number),
        "query_code": codes.query_code(case.pk, case.code_key)
        if _is_senders(request, case)
        else "",
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=3, border=2),
        "materials": queries.listed(case),
        "rules": county.online_rules(),
    }
    return render(request, "cases/submitted.html", context)
