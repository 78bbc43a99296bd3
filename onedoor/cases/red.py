"""The red lights of today (红灯): open cases past the law, for who answers for them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import queries
from onedoor.cases.models import Case
from onedoor.cases.queries.seeing import LISTED
from onedoor.cases.rules.lights import Point
from onedoor.cases.rules.words import Light, OwnWords

LEADING = (Role.GOVERNMENT, Role.SUPERVISOR, Role.HEAD)
"""Who is told of red lights: the government and supervision of all units, a head of their own."""
MOST = 500


class Red(NamedTuple):
    """An open case with the gravest rule that it breaks."""

    case: Case
    point: Point
    days: int


def lit(actor: Actor, *, on: date) -> list[Red]:
    """Return the open cases that show red today, the longest red first; at most five hundred."""
    found = []
    for case in _may_be_red(actor, on)[:MOST]:
        points = queries.points_of(case, on=on)
        if points and points[0].light is Light.RED:
            found.append(Red(case, points[0], (on - points[0].since).days))
    return sorted(found, key=lambda red: (red.point.since, red.case.number))


def _may_be_red(actor: Actor, on: date) -> QuerySet[Case]:
    """Return the cases that can be red, and some more: the rules themselves decide."""
    late = Q(statutory_due_on__lt=on) | Q(delivery_due_on__lt=on)
    told = Q(is_deemed=True) | Q(notice_count__gt=1) | Q(own_words=OwnWords.UNFOUNDED.value)
    own = [field.name for field in Case._meta.concrete_fields]
    rows = Case.objects.select_related(*queries.WITH).only(*own, *LISTED)
    units = actor.units_of(LEADING)
    rows = rows.filter(late | told, is_open=True)
    rows = rows if units is None else rows.filter(unit__in=units)
    return rows.order_by("urgent_on", "number")
