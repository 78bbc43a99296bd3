"""Kiosks (取号机): paired by the duty officer; they go on giving numbers while the server is away.

The numbers for that are leased before: a series of their own, each block for one kiosk and one
day, so that nothing that is put in afterwards can meet another number.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max

from onedoor.accounts.rules import SYSTEM, Actor, Role
from onedoor.hall.events import KioskMoved
from onedoor.hall.models import Block, Group, Kiosk, Ticket
from onedoor.hall.rules.lifecycle import Action, Need, State, step_for
from onedoor.hall.rules.words import Channel
from onedoor.hall.services.taking import Wanted, put_in
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger

OFFLINE_FROM = 8000
"""Numbers given without the server come after this: nobody takes them for their neighbour's."""
SIZE, LOW = 20, 10
"""So many numbers in a block; the next one is leased when fewer are left."""
BLOCKS = 50
"""So many blocks of a business for a kiosk in a day: more than it can print in an outage."""
_NUMBER = re.compile("([A-Z])([0-9]{4,7})")
logger = logging.getLogger(__name__)


class Issued(NamedTuple):
    """A number a kiosk gave by itself, and when by the time it had of the server."""

    number: str
    at: datetime


@ledger.recorded
def pair(kiosk: Kiosk, *, by: Actor, at: datetime) -> str:
    """Let a machine be this kiosk, and no other any more; return the key it keeps."""
    _check_duty(by)
    key = secrets.token_urlsafe(24)
    Kiosk.objects.filter(pk=kiosk.pk).update(key_digest=crypto.token_digest(key), seen_at=at)
    _record(kiosk, "paired", by=by, at=at)
    return key


@ledger.recorded
def unpair(kiosk: Kiosk, *, by: Actor, at: datetime) -> None:
    """Let no machine be this kiosk until one is paired again."""
    _check_duty(by)
    if Kiosk.objects.filter(pk=kiosk.pk).exclude(key_digest="").update(key_digest=""):
        _record(kiosk, "unpaired", by=by, at=at)


@ledger.recorded
def set_paper(kiosk: Kiosk, *, has_paper: bool, by: Actor, at: datetime) -> None:
    """Note that a kiosk can print or cannot: without paper it shows the number for longer."""
    _check_staff(by)
    if Kiosk.objects.filter(pk=kiosk.pk, has_paper=not has_paper).update(has_paper=has_paper):
        _record(kiosk, "paper" if has_paper else "no_paper", by=by, at=at)


def call_help(kiosk: Kiosk, *, at: datetime) -> None:
    """Tell the guides that somebody at a kiosk wants help."""
    Kiosk.objects.filter(pk=kiosk.pk, help_at=None).update(help_at=at)


def answer_help(kiosk: Kiosk, *, by: Actor) -> None:
    """Take the call for help down: somebody is on the way."""
    _check_staff(by)
    Kiosk.objects.filter(pk=kiosk.pk).update(help_at=None)


def lease(kiosk: Kiosk, left: Mapping[str, int], *, at: datetime) -> list[Block]:
    """Lease new numbers where a kiosk has few left (by letter); return what is new."""
    groups = kiosk.hall.groups.filter(is_open=True).select_related("hall")
    return [
        block
        for group in groups
        if left.get(group.letter, 0) < LOW and (block := _next_block(kiosk, group, at=at))
    ]


def _next_block(kiosk: Kiosk, group: Group, *, at: datetime) -> Block | None:
    day = day_of(at)
    rows = Block.objects.filter(group=group, day=day)
    if rows.filter(kiosk=kiosk).count() >= BLOCKS:
        logger.warning("Kiosk %s has had all its blocks of %s today.", kiosk.code, group.letter)
        return None

    def highest() -> int:
        last = rows.aggregate(most=Max("last"))["most"] or OFFLINE_FROM
        return int(-(-(last - OFFLINE_FROM) // SIZE))

    series = f"block:{group.hall.code}:{group.letter}:{day:%Y%m%d}"
    return _leased(kiosk, group, numbers.take(series, highest_used=highest, block=1), at=at)


@ledger.recorded
def _leased(kiosk: Kiosk, group: Group, place: int, *, at: datetime) -> Block:
    first = OFFLINE_FROM + (place - 1) * SIZE + 1
    row = Block(kiosk=kiosk, group=group, day=day_of(at), leased_at=at)
    row.first, row.last = first, first + SIZE - 1
    row.save(force_insert=True)
    _record(kiosk, "leased", f"{group.letter}{row.first}-{row.last}", by=SYSTEM, at=at)
    return row


def merge(
    kiosk: Kiosk, issued: Sequence[Issued], *, at: datetime
) -> list[tuple[str, Refusal | None]]:
    """Put in what a kiosk gave while the server was away, each where its holder would stand.

    Sent twice it is put in once. What cannot be put in is told, and does not keep the rest.
    """
    found: list[tuple[str, Refusal | None]] = []
    for each in issued:
        try:
            _merge(kiosk, each, at=at)
        except Refusal as refusal:
            logger.warning("Kiosk %s gave %s: %s", kiosk.code, each.number[:8], refusal)
            found.append((each.number, refusal))
        else:
            found.append((each.number, None))
    return found


@ledger.recorded
def _merge(kiosk: Kiosk, issued: Issued, *, at: datetime) -> None:
    match = _NUMBER.fullmatch(issued.number)
    letter, serial = (match[1], int(match[2])) if match else ("", 0)
    blocks = Block.objects.select_related("group__hall").filter(
        kiosk=kiosk, group__letter=letter, day=day_of(issued.at)
    )
    block = blocks.filter(first__lte=serial, last__gte=serial).first()
    if block is None:
        raise Refusal("kiosk.not_leased", "这个号不是这台机器那天能发的，请到导办台重新取号。")
    if Ticket.objects.filter(hall=kiosk.hall, day=block.day, number=issued.number).exists():
        return
    # The number is in somebody's hand: it is put in whatever windows are open now.
    step = step_for(State.NEW, Action.TAKE, roles=SYSTEM.roles_in(None), met={Need.SERVED})
    came = min(max(issued.at, block.leased_at), at)
    wanted = Wanted(block.group, Channel.KIOSK)
    put_in(wanted, serial, step, by=SYSTEM, at=at, came=came, is_offline=True)


def _check_staff(by: Actor) -> None:
    if not by.holds_any(Role.DUTY, Role.GUIDE):
        raise NotAllowed("kiosk.staff_only", "取号机由导办和值班长来管。")


def _check_duty(by: Actor) -> None:
    if not by.holds(Role.DUTY):
        raise NotAllowed("kiosk.duty_only", "取号机由值班长启用和停用。")


def _record(kiosk: Kiosk, action: str, numbers: str = "", *, by: Actor, at: datetime) -> None:
    event = KioskMoved(subject=kiosk.subject, action=action, numbers=numbers)
    ledger.record(event, by=by.ref, at=at)
