"""The outbox: what waits, what went, what did not, and sending it again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.kernel import clock
from onedoor.messages import pack, queries, services
from onedoor.messages.rules import State

OFFICE = (Role.SUPERVISOR, Role.ADMIN)
PAGE = 50


@for_roles(*OFFICE)
def outbox(request: Request) -> HttpResponse:
    """List the messages with where they stand; their words are not shown here."""
    asked = request.GET.get("state", "")
    state = State(asked) if asked in {each.value for each in State} else None
    page = Paginator(queries.outbox(state), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "counts": queries.counts().items(),
        "state": state,
        "has_gateway": bool(settings.SMS_GATEWAY),
        "has_mail": bool(settings.EMAIL_HOST),
        "quiet": pack.quiet(),
    }
    return render(request, "outbox/outbox.html", context)


@require_POST
@for_roles(*OFFICE)
def again(request: Request) -> HttpResponse:
    """Send a message that was given up again."""
    message = queries.message_with(request.POST.get("key", ""))
    services.send_again(message, at=clock.now())
    messages.success(request, gettext("放回待发送了。"))
    return redirect("outbox:outbox")
