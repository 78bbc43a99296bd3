"""What may be asked of the market: the rules of a day, who signed, the draws and their steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import QuerySet

from onedoor.accounts import steps
from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotFound
from onedoor.market.models import Draw, RulePack
from onedoor.market.rules import reading, rulebook
from onedoor.market.rules.changes import Change, diff
from onedoor.market.rules.drawing import LIFECYCLE, PARTY_ROLES, Action, Party
from onedoor.market.rules.packs import State
from onedoor.market.rules.routing import Decision, Purchase, route
from onedoor.market.rules.rulebook import Rulebook, Unit

OFFICE = (Role.MARKET, Role.SUPERVISOR, Role.HEAD)


@lru_cache(maxsize=16)
def _read(text: str) -> Rulebook:
    return reading.read_pack(text)


def book_of(pack: RulePack) -> Rulebook:
    """Return the rules of a pack."""
    return _read(pack.text)


def pack_on(on: date) -> RulePack | None:
    """Return the rules that hold on a day, or none."""
    confirmed = RulePack.objects.filter(state=State.IN_FORCE.value)
    return confirmed.filter(first_on__lte=on, last_on__gte=on).first()


def decided(purchase: Purchase) -> Decision:
    """Return through which channel a purchase must go, by the rules of its day."""
    pack = pack_on(purchase.on)
    return route(purchase, book_of(pack) if pack else None, pack.number if pack else "")


def visible_packs(actor: Actor) -> QuerySet[RulePack]:
    """Return what somebody of the office may see: units see what is confirmed."""
    if actor.holds_any(Role.MARKET, Role.SUPERVISOR):
        return RulePack.objects.all()
    return RulePack.objects.exclude(state=State.DRAFT.value)


def pack_for(actor: Actor, number: str) -> RulePack:
    """Return a pack by its number, or refuse."""
    found = visible_packs(actor).filter(number=number).first()
    if found is None:
        raise NotFound("market.no_pack", "没有这份规则。")
    return found


def changes(pack: RulePack) -> list[Change]:
    """Return what a pack says otherwise than the rules before it; all of it where there are none.

    Before a pack that waits stand the rules it would replace, or those of the period before."""
    earlier = RulePack.objects.exclude(state=State.DRAFT.value).exclude(pk=pack.pk)
    same = earlier.filter(first_on=pack.first_on, state=State.IN_FORCE.value).first()
    before = same or earlier.filter(first_on__lt=pack.first_on, state=State.IN_FORCE.value).first()
    return diff(book_of(before) if before else None, book_of(pack))


class Bound(NamedTuple):
    """A unit of the list, and when it signed."""

    unit: Unit
    signed_at: datetime | None


def bound_units(pack: RulePack) -> list[Bound]:
    """Return the units of the list in its order, each with its signature."""
    signed = dict(pack.receipts.values_list("unit__code", "at"))
    return [Bound(unit, signed.get(unit.code)) for unit in book_of(pack).units]


def unlisted(pack: RulePack, *, on: date) -> list[tuple[str, str]]:
    """Return units of the register that the list leaves out: itself something to look into."""
    return rulebook.unlisted(book_of(pack), _register(), on=on)


def _register() -> Mapping[str, str]:
    return dict(Organisation.objects.filter(is_active=True).values_list("code", "name"))


def units_to_sign(pack: RulePack, actor: Actor, *, on: date) -> list[Organisation]:
    """Return the units somebody heads that are on the list and have not signed for it."""
    if pack.standing is not State.IN_FORCE:
        return []
    codes = [unit.code for unit in book_of(pack).units if unit.is_bound(max(on, pack.first_on))]
    mine = Organisation.objects.filter(code__in=codes)
    units = actor.units_of([Role.HEAD])
    if units is not None:
        mine = mine.filter(pk__in=units)
    return list(mine.exclude(pk__in=pack.receipts.values("unit")).order_by("sequence"))


# --- Draws ----------------------------------------------------------------------------------------

HOLDERS = (Role.MARKET, Role.SUPERVISOR, Role.HEAD)


def draws() -> QuerySet[Draw]:
    """Return every draw, the latest first; all of them are public."""
    return Draw.objects.select_related("purchaser")


def draw_named(number: str) -> Draw:
    """Return a draw by its number, or refuse."""
    found = draws().filter(number=number).first()
    if found is None:
        raise NotFound("draw.not_found", "没有这次抽签。")
    return found


def draw_version(number: str) -> int:
    """Return the version alone: what a page that is looked at asks again and again."""
    found = Draw.objects.filter(number=number).values_list("version", flat=True).first()
    if found is None:
        raise NotFound("draw.not_found", "没有这次抽签。")
    return found


def drawers(actor: Actor) -> QuerySet[Draw]:
    """Return the draws somebody takes part in: heads see those of their units."""
    if actor.holds_any(Role.MARKET, Role.SUPERVISOR):
        return draws()
    units = actor.units_of([Role.HEAD])
    return draws() if units is None else draws().filter(purchaser__in=units)


def draw_for(actor: Actor, number: str) -> Draw:
    """Return a draw somebody takes part in, or refuse."""
    found = drawers(actor).filter(number=number).first()
    if found is None:
        raise NotFound("draw.not_found", "没有这次抽签。")
    return found


def actions_of(draw: Draw, actor: Actor) -> list[Action]:
    """Return what somebody may try now, in the order of the table."""
    return steps.open_actions(LIFECYCLE, draw.standing, roles=actor.roles_in(draw.purchaser_id))


def parties_of(draw: Draw, actor: Actor) -> list[Party]:
    """Return for which parties somebody stands."""
    roles = actor.roles_in(draw.purchaser_id)
    return [party for party in Party if PARTY_ROLES[party] in roles]


def lines_of(draw: Draw) -> str:
    """Return the list as it is typed, to be corrected or used again."""
    lines = []
    for row in draw.entrants.all():
        more = f" {row.excluded} {row.reason}" if row.excluded else ""
        lots = f" {row.weight}" if draw.method == "credit" and not row.excluded else ""
        lines.append(f"{row.uscc} {row.name}{lots}{more}")
    return "\n".join(lines)


def state_of(draw: Draw) -> dict[str, object]:
    """Return what is public of a draw at this moment, for whoever watches it."""
    given = list(draw.contributions.all())
    result = json.loads(draw.result) if draw.result else {}
    told = {
        "number": draw.number,
        "version": draw.version,
        "state": draw.state,
        "title": draw.title,
        "notice": draw.notice,
        "purchaser": draw.purchaser.name,
        "listed_at": draw.listed_at,
        "contest_until": draw.contest_until,
        "draw_id": draw.draw_id,
        "freeze_hash": draw.freeze_hash,
        "frozen_at": draw.frozen_at,
        "commit_deadline": draw.commit_deadline,
        "open_deadline": draw.open_deadline,
        "commitments": [{"party": g.party, "commit": g.commit, "at": g.at} for g in given],
        "event": draw.value,
        "event_at": draw.event_at,
        "opened": [{"party": g.party, "at": g.opened_at} for g in given if g.opened_at],
        "winners": result.get("winners", []),
        "alternates": result.get("alternates", []),
        "ended_at": draw.ended_at,
        "void_reason": draw.void_reason,
    }
    return told
