"""How papers are served: the applicant's consent to electronic service, and the pick-up code."""

from __future__ import annotations

import hmac

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import APPLICANT
from onedoor.accounts.web import Request, for_roles, private, public
from onedoor.cases import codes, queries
from onedoor.cases import services as cases
from onedoor.cases.forms import CodeForm
from onedoor.cases.views.tracking import count_tries, forget_tries
from onedoor.kernel import clock

FORM = 422
ONLINE = {"agree": True, "withdraw": False}


@public
@private
def serving(request: Request, token: str) -> HttpResponse:
    """Let the applicant agree to electronic service or take that back, against the query code.

    The same code shows the one-time code of the cabinet their paper lies in.
    """
    now = clock.now()
    case = queries.tracked(token)
    put = queries.depositing_of(case)
    form = CodeForm(request.POST or None)
    shown = ""
    if request.method == "POST" and form.is_valid():
        asked = f"track:{case.pk}"
        count_tries(request, asked, at=now)
        expected = codes.query_code(case.pk, case.code_key)
        if hmac.compare_digest(form.cleaned_data["code"].encode(), expected.encode()):
            forget_tries(request, asked)
            do = request.POST.get("do", "")
            if do in ONLINE:
                chosen = {"online": ONLINE[do], "identity_checked": True}
                cases.choose_serving(case, **chosen, by=APPLICANT, at=now)
                messages.success(request, gettext("已记下。"))
                return redirect("cases:progress", token)
            shown = codes.pickup_code_of(case)
        else:
            form.add_error(
                "code", gettext("查询码不对。请对照收件凭证再看一遍，连错 5 次要等 15 分钟。")
            )
    context = {"case": case, "token": token, "form": form, "depositing": put, "code": shown}
    return render(request, "cases/serving.html", context, status=FORM if form.errors else 200)


@require_POST
@for_roles(*queries.WORKING)
def choose(request: Request, number: str) -> HttpResponse:
    """Note at the window what an applicant who came there chooses."""
    cases.choose_serving(
        queries.case_for(request.actor, number),
        online=bool(request.POST.get("online")),
        identity_checked="identity_checked" in request.POST,
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, gettext("已记下。"))
    return redirect("cases:case", number)
