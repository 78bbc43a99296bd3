"""Taking a number, coming back after a missed call, giving it up; cases put down to a visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max

from onedoor.accounts.rules import Actor, Role
from onedoor.cases import queries as cases
from onedoor.cases.inputs import document_number, plain
from onedoor.cases.rules.words import IdType
from onedoor.catalogue.models import Item
from onedoor.hall import pack, queries
from onedoor.hall.events import TicketCaseAdded
from onedoor.hall.models import Group, Ticket, TicketCase
from onedoor.hall.rules import queue
from onedoor.hall.rules.lifecycle import Action, Need, State, Step, step_for
from onedoor.hall.rules.policy import virtual_at
from onedoor.hall.rules.words import Channel, Priority
from onedoor.hall.services.moving import guard, in_the_way, move, record
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.codes import phone as phones
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid
from onedoor.kernel.fields import new_id
from onedoor.kernel.rows import altered
from onedoor.kernel.written import insert, update
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import GENESIS


@dataclass(frozen=True)
class Wanted:
    """What somebody comes for; who they are is told by a card, typed, or not at all.

    ``special`` is the code of a rule of the green channel.
    """

    group: Group
    channel: Channel
    item: Item | None = None
    priority: Priority = Priority.ORDINARY
    special: str = ""
    name: str = ""
    id_number: str = ""
    phone: str = ""

    def checked(self, *, at: datetime) -> Wanted:
        """Return it in normal form, or refuse with the field that is wrong."""
        number, special = self.id_number.strip(), self.special
        if special and special not in {each.code for each in pack.policy().specials}:
            raise NotValid("hall.no_special", "没有这一种绿色通道。", field="special")
        return replace(
            self,
            name=plain("name", self.name, "姓名", most=100, required=False),
            id_number=document_number(IdType.CITIZEN_ID, number, on=day_of(at)) if number else "",
            phone=phones.parse(self.phone).value if self.phone.strip() else "",
            priority=Priority.GREEN if special else self.priority,
        )


@dataclass(frozen=True)
class Taken:
    """A ticket, with the code of the address at which its holder follows it."""

    ticket: Ticket
    token: str


def follow_token(ticket_id: UUID, key_version: int) -> str:
    """Return the 128 bits of the address at which somebody follows their ticket."""
    return crypto.token(ticket_id, purpose="ticket.follow", version=key_version)


def reserve(group: Group, *, at: datetime) -> int:
    """Take the next number of a group's day; called before the transaction that uses it.

    One at a time, so that numbers are given in the order in which people come. A number that is
    not used leaves a gap.
    """
    day = day_of(at)
    rows = Ticket.objects.filter(hall=group.hall_id, day=day, letter=group.letter, is_offline=False)
    return numbers.take(
        f"ticket:{group.hall.code}:{group.letter}:{day:%Y%m%d}",
        highest_used=lambda: rows.aggregate(most=Max("serial"))["most"] or 0,
        block=1,
    )


@ledger.recorded
def take(wanted: Wanted, serial: int, *, by: Actor, at: datetime) -> Taken:
    """Give somebody a number, or refuse: no window serves this business, or they wait already."""
    wanted, group = wanted.checked(at=at), wanted.group
    is_served = group.is_open and queries.is_served(group)
    is_sure = wanted.channel is Channel.APPOINTMENT or by.holds_any(Role.GUIDE, Role.DUTY)
    met = {Need.SERVED} if is_served or is_sure else set()
    step = step_for(State.NEW, Action.TAKE, roles=by.roles_in(None), met=met)
    return put_in(wanted, serial, step, by=by, at=at, came=at)


def put_in(
    wanted: Wanted,
    serial: int,
    step: Step,
    *,
    by: Actor,
    at: datetime,
    came: datetime,
    is_offline: bool = False,
) -> Taken:
    """Write a ticket down inside another service's transaction: ``came`` is when it was given."""
    group = wanted.group
    key, version = new_id(), crypto.keyring().active
    token = follow_token(key, version)
    bonus = pack.policy().bonus_of(wanted.priority, group.letter)
    row = Ticket(
        id=key,
        hall=group.hall,
        day=day_of(came),
        group=group,
        letter=group.letter,
        serial=serial,
        number=f"{group.letter}{serial:03d}",
        state=step.target.value,
        priority=wanted.priority.value,
        special=wanted.special,
        channel=wanted.channel.value,
        is_offline=is_offline,
        item=wanted.item,
        name=wanted.name,
        id_number=wanted.id_number,
        phone=wanted.phone,
        id_index=_index(wanted.id_number, "id_number"),
        phone_index=_index(wanted.phone, "phone"),
        note="",
        follow_digest=crypto.token_digest(token),
        code_key=version,
        issued_at=came,
        queued_at=at,
        virtual_at=virtual_at(came, bonus),
    )
    link = record(row, step, by=by, at=at, after=GENESIS)
    row.version, row.head = link.version, link.digest
    try:
        insert([row])
    except IntegrityError as error:
        raise in_the_way(str(error)) from None
    return Taken(row, token)


def _index(value: str, field: str) -> str:
    return crypto.index_of(value, purpose=f"ticket.{field}") if value else ""


@ledger.recorded
def come_back(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Put somebody who missed their call back into the row: some places behind its head, once."""
    met = set() if ticket.returns else {Need.NOT_RETURNED}
    step = guard(ticket, Action.RETURN, met=met, by=by, at=at)
    row = queries.waiting(ticket.hall, day=ticket.day).filter(group=ticket.group_id)
    virtuals = list(row.values_list("virtual_at", flat=True)[: pack.policy().places])
    changes = {
        "returns": ticket.returns + 1,
        "priority": Priority.RETURNED.value,
        "queued_at": at,
        "virtual_at": queue.behind(virtuals, pack.policy().places, at=at),
        "window": None,
        "to_window": None,
        "calls": 0,
    }
    return move(ticket, step, changes, by=by, at=at)


@ledger.recorded
def cancel(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Give a number up: whoever is waiting moves on."""
    step = guard(ticket, Action.CANCEL, met=set(), by=by, at=at)
    return move(ticket, step, {"ended_at": at}, by=by, at=at)


@ledger.recorded
def add_case(ticket: Ticket, number: str, *, by: Actor, at: datetime) -> TicketCase:
    """Put a case received during a visit down to its ticket; the same case twice is one.

    By whoever served the visit, or the duty officer: else anybody could hang a case on it.
    """
    served_by = by.person_id is not None and ticket.clerk_id == by.person_id
    if not served_by and not by.holds_any(Role.DUTY):
        raise NotAllowed("hall.not_your_ticket", "%(number)s 不是您办的号。", number=ticket.number)
    case = cases.find(number)
    if case is None or ticket.standing not in (State.SERVING, State.HELD, State.DONE):
        raise NotFound("hall.no_case", "没有这个办件，或者这个号还没有开始办。")
    row = TicketCase(ticket=ticket, case_number=case.number, added_at=at)
    known = TicketCase.objects.filter(ticket=ticket, case_number=case.number).first()
    if known is not None:
        return known
    event = TicketCaseAdded(subject=ticket.subject, case=case.number)
    link = ledger.record(event, by=by.ref, at=at, after=ticket.link)
    after = altered(ticket, {"version": link.version, "head": link.digest})
    insert([row])
    if not update(ticket, after):
        raise in_the_way("changed")
    return row
