"""What invented people said of the demo's finished cases, and how the bad ratings went on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import Case
from onedoor.feedback import queries
from onedoor.feedback import services as feedback
from onedoor.feedback.models import Order, Rating
from onedoor.feedback.rules.lifecycle import Action
from onedoor.feedback.rules.words import Channel, Level, Way
from onedoor.feedback.services import Said, Told
from onedoor.hall import queries as halls
from onedoor.hall.models import Ticket
from onedoor.hall.rules.lifecycle import State
from onedoor.portal import visits

EACH = 3
"""Every third finished case is rated; the others stay silent."""

LATELY = timedelta(days=120)
"""How far back: before that nobody asked."""

LEVELS = (Level.EXCELLENT, Level.GOOD, Level.EXCELLENT, Level.FAIR, Level.GOOD, Level.POOR)
PHRASES = {
    Level.EXCELLENT: ("510",),
    Level.GOOD: ("411",),
    Level.FAIR: ("309",),
    Level.POOR: ("213",),
}
WORDS = {Level.POOR: "窗口让我去了两个地方才说清楚（演示）。"}
CHANNELS = (Channel.QR, Channel.MOBILE, Channel.PAD)


def rate(actors: Iterable[Actor], *, at: datetime) -> None:
    """Rate some finished cases two hours after their end, and follow all bad ones but the last."""
    if Rating.objects.exists():
        return
    recent = (at - LATELY, at - timedelta(hours=2))
    ended = Case.objects.filter(ended_at__range=recent)
    for number, case in enumerate(ended.order_by("ended_at", "number")[::EACH]):
        assert case.ended_at is not None
        level = LEVELS[number % len(LEVELS)]
        channel = CHANNELS[number % len(CHANNELS)]
        told = Told(level, channel, PHRASES[level], WORDS.get(level, ""))
        feedback.rate(case, told, at=case.ended_at + timedelta(hours=2))
    people = list(actors)
    waiting = Order.objects.select_related("rating__case", "rating__unit").order_by("-opened_at")
    for number, order in enumerate(waiting[1:]):
        if who := _other(order, people):
            road = _to_the_end if number else _called
            road(_Step(order, who, at))


def rate_visits(*, at: datetime) -> None:
    """Rate every third visit of the hall some minutes after its end; the others stay silent."""
    served = Ticket.objects.select_related(*halls.WITH).filter(
        state=State.DONE.value, started_at__isnull=False, ended_at__lt=at
    )
    for number, ticket in enumerate(served.order_by("ended_at", "number")[::EACH]):
        assert ticket.ended_at is not None
        level = LEVELS[number % len(LEVELS)]
        told = Told(level, Channel.QR, PHRASES[level], WORDS.get(level, ""))
        after = min(ticket.ended_at + timedelta(minutes=4 + number % 5), at)
        feedback.rate_served(visits.served(ticket), told, at=after)


class _Step:
    """Takes the steps of one order, an hour apart, ending before now."""

    def __init__(self, order: Order, by: tuple[Actor, Actor], at: datetime) -> None:
        self.order, (self.first, self.second) = order, by
        self.at = min(order.opened_at + timedelta(hours=20), at - timedelta(hours=6))

    def take(self, action: Action, text: str = "", *, by: Actor | None = None, **said: Any) -> None:
        self.at += timedelta(hours=1)
        words = Said(text, **said)
        self.order = feedback.follow(
            self.order, action, words, seen=self.order.version, by=by or self.first, at=self.at
        )


def _called(step: _Step) -> None:
    step.take(Action.CALL, "电话里说，去了两个窗口（演示）。", way=Way.PHONE)


def _to_the_end(step: _Step) -> None:
    _called(step)
    step.take(Action.MEND, "窗口的提示牌写得不清楚（演示）。")
    step.take(Action.FINISH, "换了提示牌，导办台有了分工表（演示）。")
    step.take(Action.ANSWER, "告诉了改的地方（演示）。", way=Way.PHONE, level=Level.GOOD)
    step.take(Action.ARCHIVE, by=step.second)


def _other(order: Order, people: list[Actor]) -> tuple[Actor, Actor] | None:
    """Return who calls and who looks again: supervision, and nobody who had the case in hand."""
    hands = queries.rated_people([order.rating])[order.rating]
    watch = [each for each in people if each.holds(Role.SUPERVISOR) and each.ref not in hands]
    heads = [
        each
        for each in people
        if Role.HEAD in each.roles_in(order.rating.unit_id) and each.ref not in hands
    ]
    return (heads[0], watch[0]) if heads and watch and heads[0].ref != watch[0].ref else None
