"""What may be asked of the hall: who waits, who is next, where a ticket stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.models import Item
from onedoor.hall import pack
from onedoor.hall.models import Group, GroupUnit, Hall, Skill, Ticket, Window
from onedoor.hall.models.tickets import subject_of
from onedoor.hall.rules import queue
from onedoor.hall.rules.lifecycle import AT_WINDOW, LIFECYCLE, Action, State
from onedoor.hall.rules.queue import Skills, Waiter
from onedoor.hall.rules.words import WindowState
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotFound
from onedoor.ledger.rules.chain import Link

WORKERS = (Role.DESK, Role.ACCEPTOR, Role.ISSUER, Role.DUTY)
WITH = ("hall", "group__zone", "window", "item__current_version")


def hall(code: str = "") -> Hall:
    """Return a hall by its code, or the first one."""
    halls = Hall.objects.order_by("code")
    found = (halls.filter(code=code) if code else halls).first()
    if found is None:
        raise NotFound("hall.none", "没有这个大厅。")
    return found


def group(hall: Hall, letter: str) -> Group:
    """Return a group of a hall by its letter."""
    found = hall.groups.select_related("zone", "hall").filter(letter=letter.upper()).first()
    if found is None:
        raise NotFound("hall.no_group", "没有 %(letter)s 这一类号。", letter=letter[:4])
    return found


def group_for(hall: Hall, item: Item) -> Group:
    """Return where an item is received: its unit's group, else the general one."""
    of_unit = GroupUnit.objects.filter(hall=hall, unit=item.unit_id).first()
    chosen = Q(pk=of_unit.group_id) if of_unit else Q(is_general=True)
    found = hall.groups.select_related("zone", "hall").filter(chosen).first()
    if found is None:
        raise NotFound("hall.no_group_for", "大厅里没有窗口收这件事，请问导办台。")
    return found


def window(hall: Hall, number: int) -> Window:
    """Return a window of a hall by its number."""
    found = hall.windows.select_related("hall", "zone", "clerk").filter(number=number).first()
    if found is None:
        raise NotFound("hall.no_window", "没有 %(number)s 号窗口。", number=number)
    return found


def window_of(actor: Actor) -> Window | None:
    """Return where somebody sits now."""
    if actor.person_id is None:
        return None
    rows = Window.objects.select_related("hall", "zone", "clerk")
    return rows.filter(clerk=actor.person_id).first()


def skills_of(window: Window) -> Skills:
    """Return from which groups a window calls."""
    rows = Skill.objects.filter(window=window).values_list("group__letter", "is_main")
    main = frozenset(letter for letter, is_main in rows if is_main)
    return Skills(window.number, main, frozenset(letter for letter, _ in rows) - main)


def all_skills(hall: Hall) -> dict[int, Skills]:
    """Return from which groups each window of a hall calls; one statement."""
    found: dict[int, tuple[set[str], set[str]]] = {
        number: (set(), set()) for number in hall.windows.values_list("number", flat=True)
    }
    rows = Skill.objects.filter(window__hall=hall)
    for number, letter, is_main in rows.values_list("window__number", "group__letter", "is_main"):
        found[number][0 if is_main else 1].add(letter)
    return {n: Skills(n, frozenset(own), frozenset(other)) for n, (own, other) in found.items()}


def is_served(group: Group) -> bool:
    """Say whether a window that is open calls from a group."""
    return Skill.objects.filter(group=group, window__state=WindowState.OPEN.value).exists()


# --- Who is next ----------------------------------------------------------------------------------


def waiting(hall: Hall, *, day: date) -> QuerySet[Ticket]:
    """Return who waits on a day, in the order in which they count as having come."""
    rows = Ticket.objects.filter(hall=hall, day=day, state=State.WAITING.value)
    return rows.select_related(*WITH).order_by("virtual_at", "issued_at", "number")


def callable_by(window: Window, skills: Skills, *, at: datetime) -> QuerySet[Ticket]:
    """Return whom a window may call, in its order: the same as ``rules.queue.key``, as SQL."""
    early = at - timedelta(minutes=pack.policy().patience)
    is_impatient = Q(queued_at__lte=early)
    rank = Case(
        When(Q(letter__in=sorted(skills.main)) | is_impatient, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = Ticket.objects.filter(
        Q(to_window=None) | Q(to_window=window.pk) | is_impatient,
        hall=window.hall_id,
        day=day_of(at),
        state=State.WAITING.value,
        letter__in=sorted(skills.groups),
    )
    return rows.annotate(rank=rank).order_by("rank", "virtual_at", "issued_at", "number")


def as_waiters(rows: QuerySet[Ticket]) -> list[Waiter]:
    """Return tickets as the pure rules see them."""
    columns = ("number", "letter", "virtual_at", "issued_at", "queued_at", "to_window__number")
    return [Waiter(*each) for each in rows.values_list(*columns)]


def ahead_of(ticket: Ticket) -> int:
    """Return how many people of the same group are called before somebody."""
    if ticket.standing is not State.WAITING:
        return 0
    row = Ticket.objects.filter(group=ticket.group_id, day=ticket.day, state=State.WAITING.value)
    earlier = Q(virtual_at__lt=ticket.virtual_at) | Q(
        virtual_at=ticket.virtual_at, issued_at__lt=ticket.issued_at
    )
    return row.filter(earlier).count()


def open_windows(group: Group) -> int:
    """Return how many windows call from a group now, as their own."""
    rows = Skill.objects.filter(group=group, is_main=True, window__state=WindowState.OPEN.value)
    return rows.count()


def expected_wait(group: Group, ahead: int) -> queue.Range | None:
    """Return between how many and how many minutes it takes until somebody is called."""
    return queue.waiting_range(ahead, open_windows(group), group.minutes)


# --- One ticket -----------------------------------------------------------------------------------


def ticket(hall: Hall, number: str, *, day: date) -> Ticket:
    """Return a ticket of a day by its number."""
    rows = Ticket.objects.select_related(*WITH, "clerk", "to_window")
    found = rows.filter(hall=hall, day=day, number=number.strip().upper()[:8]).first()
    if found is None:
        raise _none()
    return found


def followed(token: str) -> Ticket:
    """Return the ticket that the address on it opens."""
    rows = Ticket.objects.select_related(*WITH, "to_window")
    found = rows.filter(follow_digest=crypto.token_digest(token)).first()
    if found is None:
        raise _none()
    return found


def _none() -> NotFound:
    return NotFound("hall.no_ticket", "没有这个号。号只在取号的当天有效。")


def at_window(window: Window) -> Ticket | None:
    """Return whom a window has before it."""
    rows = Ticket.objects.select_related(*WITH)
    return rows.filter(window=window, state__in=[each.value for each in AT_WINDOW]).first()


def held_at(window: Window, *, day: date) -> list[Ticket]:
    """Return whom a window has asked to come back to it."""
    rows = Ticket.objects.select_related(*WITH).filter(window=window, day=day)
    return list(rows.filter(state=State.HELD.value).order_by("called_at", "number"))


def open_actions(ticket: Ticket, actor: Actor) -> list[Action]:
    """Return what somebody may try with a ticket now, in the order of the table."""
    roles = actor.roles_in(None)
    return [s.action for s in LIFECYCLE if s.source is ticket.standing and roles & set(s.by)]


class Row(NamedTuple):
    """How long a group's row is now."""

    group: Group
    waiting: int
    windows: int
    longest: int
    """For how many minutes the one who came first has been waiting."""

    @property
    def expected(self) -> queue.Range | None:
        """Between how many and how many minutes somebody waits who comes now."""
        return queue.waiting_range(self.waiting, self.windows, self.group.minutes)


def rows_of(hall: Hall, *, at: datetime) -> list[Row]:
    """Return how long each row of a hall is, in the order of the groups."""
    came: dict[str, list[datetime]] = {}
    for letter, issued_at in waiting(hall, day=day_of(at)).values_list("letter", "issued_at"):
        came.setdefault(letter, []).append(issued_at)
    windows: dict[str, int] = {}
    serving = Skill.objects.filter(is_main=True, window__state=WindowState.OPEN.value)
    for letter in serving.filter(window__hall=hall).values_list("group__letter", flat=True):
        windows[letter] = windows.get(letter, 0) + 1
    return [
        Row(
            each,
            len(came.get(each.letter, ())),
            windows.get(each.letter, 0),
            max(int((at - min(came.get(each.letter, [at]))).total_seconds() // 60), 0),
        )
        for each in hall.groups.select_related("zone")
    ]


def links() -> Iterable[tuple[str, Link]]:
    """Yield where each ticket's own row says its chain stands."""
    columns = ("hall__code", "day", "number", "version", "head")
    for code, day, number, version, head in (
        Ticket.objects.order_by("day", "number").values_list(*columns).iterator()
    ):
        yield subject_of(code, day, number), Link(version, head)
