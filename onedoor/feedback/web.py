"""The page on which somebody rates: the same for a case and for a visit, whoever serves it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from onedoor.accounts.web import Request
from onedoor.feedback import pack, queries
from onedoor.feedback import services as feedback
from onedoor.feedback.due import due_on
from onedoor.feedback.forms import RateForm
from onedoor.feedback.rules.limits import CHANGE
from onedoor.feedback.rules.words import Channel, Level
from onedoor.feedback.services import Served
from onedoor.kernel import clock
from onedoor.kernel.errors import NotAllowed

FORM = 422


@dataclass(frozen=True)
class Asked:
    """What a page asks about, in words, and where whoever rates goes on."""

    served: Served
    words: str
    back: str

    @property
    def is_visit(self) -> bool:
        return self.served.case is None


def rating_page(request: Request, asked: Asked) -> HttpResponse:
    """Take a rating, show it, and let it be changed once within a day."""
    now, served = clock.now(), asked.served
    rating = queries.rating_with(served.number)
    order = getattr(rating, "order", None)
    form = RateForm(request.POST if request.method == "POST" else None, is_visit=asked.is_visit)
    if request.method == "POST" and form.is_valid():
        if request.actor.ref:
            raise NotAllowed(
                "feedback.not_by_staff",
                "这台设备上登录着工作人员。评价由办事的人用自己的手机，或者在评价器上做。",
                basis="国办发〔2019〕51号",
            )
        feedback.rate_served(served, _told(request, form), at=now)
        messages.success(request, gettext("收到了，谢谢您的评价。"))
        return redirect(request.path)
    may = rating is not None and queries.may_be_changed(rating, at=now)
    context = {
        "asked": asked,
        "rating": rating,
        "order": order,
        "said": [pack.phrase(code) for code in rating.indicators] if rating else [],
        "notes": order.notes.all() if order else [],
        "may_change": may,
        "change_until": rating.rated_at + CHANGE if rating else None,
        "is_form": served.served_at and (rating is None or ("change" in request.GET and may)),
        "form": form,
        "levels": [(level, pack.phrases()[level]) for level in Level],
        "chosen": request.POST.get("level", ""),
        "ticked": request.POST.getlist("indicators"),
        "call_by": due_on(now, pack.rules().call),
        "answer_by": due_on(now, pack.rules().answer),
    }
    return render(request, "feedback/rate.html", context, status=FORM if form.errors else 200)


def _told(request: Request, form: RateForm) -> feedback.Told:
    given = form.cleaned_data
    return feedback.Told(
        Level(given["level"]),
        _channel(request),
        given["indicators"],
        given["text"],
        given["phone"],
    )


def _channel(request: Request) -> Channel:
    if request.GET.get("from") == "qr":
        return Channel.QR
    is_mobile = "Mobile" in request.headers.get("User-Agent", "")
    return Channel.MOBILE if is_mobile else Channel.PC
