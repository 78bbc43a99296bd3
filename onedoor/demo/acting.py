"""Who acts for whom in the demo: a daughter for her mother, an agent for small companies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from onedoor.accounts.rules import Actor, Role
from onedoor.citizens import services as citizens
from onedoor.citizens.identity.claims import Identity, named
from onedoor.citizens.identity.standin import people
from onedoor.citizens.models import Mandate
from onedoor.citizens.rules.mandates import Kind, Scope
from onedoor.kernel.clock import day_of


def act(actors: Iterable[Actor], *, at: datetime) -> None:
    """Note at a window, as the clerk would: the first of the invented people are mother and child.

    The mother has an account, so that others of the family can ask her by text message.
    """
    clerk = next((each for each in actors if each.holds(Role.DESK)), None)
    known = people(on=day_of(at))
    if clerk is None or len(known) < 3 or Mandate.objects.exists():
        return
    mother, daughter, agent = known[:3]
    then = at - timedelta(days=9)
    citizens.enter_by_identity(mother, service="standin", signed_in=None, at=then)
    citizens.give_at_window(
        daughter, mother, kind=Kind.FAMILY, scope=Scope.APPLY, months=12, by=clerk, at=then
    )
    for one in named().get("companies", ())[:2]:
        party = Identity(str(one["name"]), "", str(one["credit_code"]))
        citizens.give_at_window(
            daughter, party, kind=Kind.LEGAL, scope=Scope.APPLY, months=12, by=clerk, at=then
        )
        citizens.give_at_window(
            agent, party, kind=Kind.AGENT, scope=Scope.APPLY, months=12, by=clerk, at=then
        )
