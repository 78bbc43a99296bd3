"""How many windows each half hour needs: a picture and its table, from days that were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from onedoor.accounts.rules import Role
from onedoor.accounts.web import Request, for_roles
from onedoor.hall import pack, planning, queries
from onedoor.hall.models import Hall
from onedoor.hall.planning import GroupPlan
from onedoor.hall.rules.planner import Half
from onedoor.kernel import clock
from onedoor.kernel.clock import day_of
from onedoor.kernel.forms import Form

FORM = 422
BACK = 7
WIDTH, HEIGHT = 40, 120
"""A half hour in the picture: so wide; the tallest bar is so high."""


class PlannerForm(Form):
    """Which days are played again, and how long nine in ten may wait."""

    hall = forms.ChoiceField(label=_("哪个大厅"), required=False)
    first = forms.DateField(
        label=_("从哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("到哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    target = forms.IntegerField(label=_("十个人里九个等多少分钟以内"), min_value=1, max_value=240)
    weekend = forms.BooleanField(label=_("看周末"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halls = list(Hall.objects.order_by("code").values_list("code", "name"))
        self.choose("hall", halls)
        if len(halls) < 2:
            del self.fields["hall"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and not 0 <= (last - first).days < planning.MOST_DAYS:
            self.add_error("last", _("一次最多看 31 天，从前往后。"))
        return given


@dataclass(frozen=True)
class Bar:
    """A half hour in the picture and in the table: as it was, as it should be."""

    half: Half
    at: str
    x: int
    had: float
    had_y: float
    had_height: float
    need_y: float
    need_height: float
    p90_was: float


@for_roles(Role.DUTY)
def planner(request: Request) -> HttpResponse:
    """Plan windows from past days; without a question the week before today is taken."""
    today = day_of(clock.now())
    usual = {
        "first": today - timedelta(days=BACK),
        "last": today,
        "target": pack.costs().target,
        "weekend": False,
    }
    form = PlannerForm(request.GET if "first" in request.GET else None, initial=usual)
    given = form.cleaned_data if form.is_bound and form.is_valid() else usual
    found = None if form.errors else _planned(given)
    context = {
        "form": form,
        "found": found,
        "pictures": [(each, _bars(each)) for each in found.groups] if found else [],
        "height": HEIGHT,
        "costs": pack.costs(),
    }
    return render(request, "hall/planner.html", context, status=FORM if form.errors else 200)


def _planned(given: dict[str, Any]) -> planning.Planned:
    first: date = given["first"]
    return planning.planned(
        queries.hall(given.get("hall", "")),
        first=first,
        last=given["last"],
        target=given["target"],
        is_weekend=given["weekend"],
    )


def _bars(told: GroupPlan) -> list[Bar]:
    scale = HEIGHT / told.most
    found = []
    for place, half in enumerate(told.halves):
        was = told.was[half.start]
        had, need = was.windows * scale, half.windows * scale
        found.append(
            Bar(
                half,
                f"{half.start // 60:02d}:{half.start % 60:02d}",
                place * WIDTH,
                was.windows,
                round(HEIGHT - had, 1),
                round(had, 1),
                round(HEIGHT - need, 1),
                round(need, 1),
                was.p90,
            )
        )
    return found
