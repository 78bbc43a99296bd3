"""The market of the demo county: the rules of the year, signed by most; those of the next wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.demo.ceremonies import DAYS, SEASON, Ceremony, End
from onedoor.kernel import clock
from onedoor.market import pack, queries
from onedoor.market import services as market
from onedoor.market.models import RulePack

UNSIGNED = 4
"""So many units have not signed for the list yet."""
LIMIT, NEXT_LIMIT = 'limit = "300000"', 'limit = "400000"'


def play(actors: Iterable[Actor], *, today: date, began: datetime, at: datetime) -> None:
    """Put the rules of the year in force and let the units sign; once."""
    text = pack.text()
    if not text or RulePack.objects.exists():
        return
    people = list(actors)
    operator = next(each for each in people if each.holds_any(Role.MARKET))
    watcher = next(each for each in people if each.holds_any(Role.SUPERVISOR))
    this, later = (text.replace("2026", str(year)) for year in (today.year, today.year + 1))
    made = market.propose(this, by=operator, at=began)
    made = market.confirm(made, seen=made.digest, by=watcher, at=began)
    _sign(made, people, at=began)
    market.propose(later.replace(LIMIT, NEXT_LIMIT), by=operator, at=at)
    _season(people, operator, watcher, today=today)


def _season(people: list[Actor], operator: Actor, watcher: Actor, *, today: date) -> None:
    """Hold a season of draws: some completed, one by its envelope, one void and held again, one
    that waits for the parties and one whose list may still be contested."""
    buyers = [
        (unit, head)
        for unit in Organisation.objects.order_by("-sequence")
        for head in people
        if head.holds(Role.HEAD, unit.pk) and not head.holds_any(Role.MARKET, Role.SUPERVISOR)
    ]
    for number, (title, end) in enumerate(SEASON):
        unit, head = buyers[number * 3 % len(buyers)]
        if end is End.WAITING:  # the centre's own head signs in, so that this one can be tried
            unit = Organisation.objects.order_by("sequence")[0]
        day = clock.at_local(today - timedelta(days=DAYS * (len(SEASON) - number)), 9)
        Ceremony(operator, watcher, head, unit).hold(number, title, end, begins=day)


def _sign(made: RulePack, people: list[Actor], *, at: datetime) -> None:
    listed = [bound.unit.code for bound in queries.bound_units(made)]
    units = list(Organisation.objects.filter(code__in=listed).order_by("sequence"))
    for unit in units[:-UNSIGNED]:
        head = next((each for each in people if each.holds(Role.HEAD, unit.pk)), None)
        if head is not None:
            market.sign(made, unit, by=head, at=at)
