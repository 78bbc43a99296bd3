"""Visits for programs: a pad at a window sends what somebody pressed after they were served."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from onedoor.accounts.rules import Scope
from onedoor.cases.api.answers import actor_of, respond
from onedoor.feedback import services as feedback
from onedoor.feedback.api import RatingIn, RatingOut, rating_body
from onedoor.hall import queries as tickets
from onedoor.kernel import clock
from onedoor.portal import visits

router = Router(tags=["ratings"])


@router.post("", response={201: RatingOut}, operation_id="rate_visit", summary="评价到厅办事")
def rate(request: HttpRequest, data: RatingIn) -> HttpResponse:
    """Keep what somebody pressed: the token of their number shows that it is theirs to say."""
    actor_of(request, Scope.SUBMIT)
    served = visits.served(tickets.followed(data.token))
    told = feedback.Told(data.level, data.channel, tuple(data.indicators), data.text, data.phone)
    return respond(rating_body(feedback.rate_served(served, told, at=clock.now())), status=201)
