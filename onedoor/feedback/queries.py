"""What may be asked: a rating by its number, the orders somebody may handle, the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from onedoor.accounts import steps
from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import Case
from onedoor.cases.supervision import check_period
from onedoor.feedback.models import Order, OrderNote, Rating
from onedoor.feedback.rules import praise
from onedoor.feedback.rules.lifecycle import LIFECYCLE, OVER, Action, State
from onedoor.feedback.rules.limits import may_change
from onedoor.feedback.rules.words import Channel, Level
from onedoor.kernel.clock import at_local, day_of, end_of
from onedoor.kernel.errors import NotFound
from onedoor.ledger import queries as ledger

OFFICE = (Role.SUPERVISOR, Role.HEAD)


def rating_of(case: Case) -> Rating | None:
    """Return what was said of a case, with its order if it was a bad one."""
    return rating_with(case.number)


def rating_with(number: str) -> Rating | None:
    """Return what was said of the case or visit with this number."""
    return Rating.objects.select_related("case", "order").filter(number=number).first()


def may_be_changed(rating: Rating, *, at: datetime) -> bool:
    """Say whether a rating may still be changed: once, within a day, before somebody called."""
    order = getattr(rating, "order", None)
    is_taken = order is not None and order.standing is not State.TO_VERIFY
    return not is_taken and may_change(rating.rated_at, rating.changed_at, at=at)


def rated_people(ratings: Iterable[Rating]) -> dict[Rating, frozenset[str]]:
    """Return the refs of everybody whose work each of these is about; one statement."""
    by_subject = {rating.served: rating for rating in ratings}
    acted = ledger.actors(by_subject)
    return {
        rating: frozenset(
            hand
            for hand in acted[subject] | ({rating.case.received_by} if rating.case else set())
            if hand.startswith("person:")
        )
        for subject, rating in by_subject.items()
    }


def handled(actor: Actor, case: Case) -> bool:
    """Say whether this person had a hand in a case."""
    return actor.ref in ledger.actors([case.subject])[case.subject] | {case.received_by}


def had_a_hand(actor: Actor, rating: Rating) -> bool:
    """Say whether this person's work was rated."""
    return actor.ref in rated_people([rating])[rating]


# --- Orders ---------------------------------------------------------------------------------------


def visible_to(actor: Actor, *, at: datetime) -> QuerySet[Order]:
    """Return the orders one may see, what is due first.

    Supervision sees all at once; a unit sees its own from the day after, so that nobody is asked
    on the spot why they were not content (国办发〔2019〕51号: the one who rates is protected).
    """
    found = Order.objects.select_related("rating__case__item_version", "rating__unit")
    if not actor.holds(Role.SUPERVISOR):
        midnight = at_local(day_of(at))
        units = actor.units_of(OFFICE)
        found = found.filter(opened_at__lt=midnight)
        found = found if units is None else found.filter(rating__unit__in=units)
    return found.order_by("answer_by", "opened_at")


def order_for(actor: Actor, number: str, *, at: datetime) -> Order:
    """Return the order about a case or visit, or refuse as if there were none."""
    found = visible_to(actor, at=at).filter(rating__number=number).first()
    if found is None:
        raise NotFound("feedback.not_found", "没有这个差评工单，或者不归您办。")
    return found


def actions_of(orders: Sequence[Order], actor: Actor) -> list[list[Action]]:
    """Return what this person may try now on each order; who was rated may but appeal."""
    hands = rated_people(order.rating for order in orders)
    found = []
    for order in orders:
        roles = actor.roles_in(order.rating.unit_id)
        tried = steps.open_actions(LIFECYCLE, order.standing, roles=roles)
        is_rated = actor.ref in hands[order.rating]
        found.append([a for a in tried if not is_rated or a is Action.APPEAL])
    return found


def last_note(order: Order) -> OrderNote | None:
    return order.notes.order_by("-version").first()


# --- Figures --------------------------------------------------------------------------------------


class Row(NamedTuple):
    """One unit's figures: how many were finished, rated at each level, and not rated."""

    unit: Organisation
    finished: int
    levels: dict[Level, int]
    void: int
    orders: int
    called_in_time: int
    archived: int

    @property
    def rated(self) -> int:
        return sum(self.levels.values())

    @property
    def unrated(self) -> int:
        return self.finished - self.rated - self.void

    @property
    def bad(self) -> int:
        return self.levels[Level.POOR] + self.levels[Level.BAD]

    @property
    def content_rate(self) -> str:
        """The share of content among those who rated, or nothing where nobody did."""
        return f"{(self.rated - self.bad) * 100 / self.rated:.1f}%" if self.rated else ""


def figures(*, first: date, last: date) -> list[Row]:
    """Return the figures of every unit that finished a case in these days; three statements."""
    check_period(first, last)
    begin, end = at_local(first), end_of(last)
    ended = Case.objects.filter(ended_at__gte=begin, ended_at__lt=end)
    finished = dict(ended.values_list("unit").annotate(n=Count("pk")).order_by())
    rated = Rating.objects.filter(case__ended_at__gte=begin, case__ended_at__lt=end)
    return _rows(finished, rated)


def visit_figures(served: Mapping[UUID, int], *, first: date, last: date) -> list[Row]:
    """Return how visits that ended in these days were rated, by unit; ``served`` counts them."""
    check_period(first, last)
    rated = Rating.objects.filter(
        case__isnull=True, served_at__gte=at_local(first), served_at__lt=end_of(last)
    )
    return _rows(served, rated)


def _rows(finished: Mapping[UUID, int], among: QuerySet[Rating]) -> list[Row]:
    rated = among.filter(unit__in=list(finished))
    aggregates = {
        **{level.value: Count("pk", filter=_counted(level)) for level in Level},
        "void": Count("pk", filter=Q(is_counted=False)),
        "orders": Count("order", filter=~Q(order__state=State.RETRACTED.value)),
        "in_time": Count("order", filter=Q(order__called_at__date__lte=F("order__call_by"))),
        "archived": Count("order", filter=Q(order__state=State.ARCHIVED.value)),
    }
    by_unit = {row["unit"]: row for row in rated.values("unit").annotate(**aggregates).order_by()}
    names = Organisation.objects.filter(pk__in=list(finished)).order_by("sequence", "code")
    return [_row(unit, finished[unit.pk], by_unit.get(unit.pk, {})) for unit in names]


def _counted(level: Level) -> Q:
    return Q(level=level.value, is_counted=True)


def _row(unit: Organisation, finished: int, told: Mapping[str, Any]) -> Row:
    return Row(
        unit,
        finished,
        {level: told.get(level.value, 0) for level in Level},
        told.get("void", 0),
        told.get("orders", 0),
        told.get("in_time", 0),
        told.get("archived", 0),
    )


class Burst(NamedTuple):
    """Good ratings of a unit that came together through one channel; see ``rules.praise``."""

    unit: Organisation
    channel: Channel
    praise: list[praise.Praised]


def bursts(*, first: date, last: date) -> list[Burst]:
    """Return the praise of these days that supervision should look at; two statements."""
    check_period(first, last)
    good = Rating.objects.filter(
        rated_at__gte=at_local(first),
        rated_at__lt=end_of(last),
        level__in=[level.value for level in Level if level.is_praise],
    )
    grouped: dict[tuple[UUID, str], list[praise.Praised]] = {}
    columns = ("unit", "channel", "number", "rated_at", "served_at")
    for unit, channel, number, rated_at, served_at in good.values_list(*columns):
        praised = praise.Praised(number, rated_at, served_at)
        grouped.setdefault((unit, channel), []).append(praised)
    found = {key: groups for key, told in grouped.items() if (groups := praise.bursts(told))}
    units = Organisation.objects.in_bulk({unit for unit, _ in found})
    rows = [
        Burst(units[unit], Channel(channel), group)
        for (unit, channel), groups in found.items()
        for group in groups
    ]
    return sorted(rows, key=lambda row: row.praise[0].rated_at, reverse=True)


def open_orders(actor: Actor, *, at: datetime) -> QuerySet[Order]:
    """Return the orders that are not over yet."""
    return visible_to(actor, at=at).exclude(state__in=[each.value for each in OVER])
