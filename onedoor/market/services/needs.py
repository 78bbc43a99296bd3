"""What of the conditions of a step of a draw holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from onedoor.accounts.rules import Actor
from onedoor.market.models import Draw
from onedoor.market.rules import draw as rules
from onedoor.market.rules.drawing import LEAST_COMMIT, THROWS, Action, Need, Party

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """What is written at a step; each step reads what it asks for."""

    party: Party | None = None
    commit: str = ""
    sealed: str = ""
    digits: str = ""
    witness: str = ""
    secret: str = ""
    reason: str = ""
    entrants: str = ""
    commit_deadline: datetime | None = None
    open_deadline: datetime | None = None


def met(draw: Draw, action: Action, told: Told, *, by: Actor, at: datetime) -> set[Need]:
    """Return what of the conditions of a step holds now."""
    found = {Need.REASON: 0 < len(told.reason.strip()) <= 300}
    if action is Action.FREEZE:
        listed = draw.entrants.filter(excluded="").count()
        found |= {
            Need.CONTESTED: at >= draw.contest_until,
            Need.ENOUGH: listed >= draw.winners,
            Need.TIMES: told.commit_deadline is not None
            and told.open_deadline is not None
            and at + LEAST_COMMIT <= told.commit_deadline < told.open_deadline,
        }
    elif action is Action.COMMIT:
        found |= {
            Need.FORM: bool(re.fullmatch(rules.DIGEST, told.commit)) and _is_short(told.sealed),
            Need.FIRST: not draw.contributions.filter(Q(party=told.party) | Q(by=by.ref)).exists(),
            Need.IN_TIME: draw.commit_deadline is not None and at <= draw.commit_deadline,
        }
    elif action in (Action.TYPE, Action.THROW):
        found |= {
            Need.FORM: bool(re.fullmatch(f"[0-9]{{{THROWS}}}", told.digits))
            and (action is Action.TYPE or _is_short(told.witness)),
            Need.CLOSED: draw.commit_deadline is not None
            and at >= draw.commit_deadline + SECOND
            and len(committed(draw)) == len(Party),
            Need.FIRST: not draw.typed,
            Need.TYPED: draw.typed == told.digits and draw.typed_by != by.ref,
        }
    elif action in (Action.OPEN, Action.ENVELOPE):
        found |= _met_by_opening(draw, told, at=at)
    elif action is Action.VOID:
        missing = draw.contributions.filter(opened_at__isnull=True).exclude(by=by.ref)
        found[Need.MISSING] = missing.exists()
    elif action is Action.REDRAW:
        found[Need.NOT_REDRAWN] = not Draw.objects.filter(replaces=draw).exists()
    return {need for need, holds in found.items() if holds}


def _met_by_opening(draw: Draw, told: Told, *, at: datetime) -> dict[Need, bool]:
    given = draw.contributions.filter(party=told.party).first()
    is_formed = bool(re.fullmatch("(?:[0-9a-f]{2}){16,64}", told.secret)) and given is not None
    return {
        Need.FORM: is_formed,
        Need.MATCHES: is_formed
        and given is not None
        and rules.commitment(draw.frozen, given.party, told.secret) == given.commit,
        Need.FIRST: given is not None and given.opened_at is None,
        Need.IN_TIME: draw.open_deadline is not None and at <= draw.open_deadline,
    }


def _is_short(text: str) -> bool:
    return 0 < len(text.strip()) <= 100 and text.isprintable()


def committed(draw: Draw) -> set[str]:
    """Return the parties that have handed in a commitment."""
    return set(draw.contributions.values_list("party", flat=True))
