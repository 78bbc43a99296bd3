"""What may be asked: a rating by its case, the orders somebody may handle, the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import Case
from onedoor.feedback.models import Order, OrderNote, Rating
from onedoor.feedback.rules import lifecycle
from onedoor.feedback.rules.lifecycle import OVER, Action, State
from onedoor.feedback.rules.words import Level
from onedoor.kernel.clock import at_local, day_of, end_of
from onedoor.kernel.errors import NotFound
from onedoor.ledger import queries as ledger

OFFICE = (Role.SUPERVISOR, Role.HEAD)


def subject_of(rating: Rating) -> str:
    return f"rating:{rating.case.number}"


def rating_of(case: Case) -> Rating | None:
    """Return what was said of a case, with its order if it was a bad one."""
    return Rating.objects.select_related("case", "order").filter(case=case).first()


def rated_people(case: Case) -> frozenset[str]:
    """Return the refs of everybody whose work on the case was rated."""
    hands = {entry.actor for entry in ledger.history(case.subject)} | {case.received_by}
    return frozenset(hand for hand in hands if hand.startswith("person:"))


# --- Orders ---------------------------------------------------------------------------------------


def visible_to(actor: Actor, *, at: datetime) -> QuerySet[Order]:
    """Return the orders one may see, what is due first.

    Supervision sees all at once; a unit sees its own from the day after, so that nobody is asked
    on the spot why they were not content (国办发〔2019〕51号: the one who rates is protected).
    """
    found = Order.objects.select_related("rating__case__item_version", "rating__unit")
    if not actor.holds(Role.SUPERVISOR):
        midnight = at_local(day_of(at), 0)
        units = actor.units_of(OFFICE)
        found = found.filter(opened_at__lt=midnight)
        found = found if units is None else found.filter(rating__unit__in=units)
    return found.order_by("answer_by", "opened_at")


def order_for(actor: Actor, number: str, *, at: datetime) -> Order:
    """Return the order about a case, or refuse as if there were none."""
    found = visible_to(actor, at=at).filter(rating__case__number=number).first()
    if found is None:
        raise NotFound("feedback.not_found", "没有这个差评工单，或者不归您办。")
    return found


def actions_of(order: Order, actor: Actor) -> list[Action]:
    """Return what this person may try now; nothing for whoever was rated, but to appeal."""
    roles = actor.roles_in(order.rating.unit_id)
    found = lifecycle.open_actions(order.standing, roles=roles)
    if actor.ref in rated_people(order.rating.case):
        return [action for action in found if action is Action.APPEAL]
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


@dataclass(frozen=True)
class Period:
    """Days, both included, in which cases ended."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return at_local(self.first, 0), end_of(self.last)


def figures(period: Period, *, units: frozenset[UUID] | None = None) -> list[Row]:
    """Return the figures of every unit that finished a case in the period; three statements."""
    begin, end = period.moments
    ended = Case.objects.filter(ended_at__gte=begin, ended_at__lt=end)
    if units is not None:
        ended = ended.filter(unit__in=units)
    finished = dict(ended.values_list("unit").annotate(n=Count("pk")).order_by())
    rated = Rating.objects.filter(case__ended_at__gte=begin, case__ended_at__lt=end)
    rated = rated.filter(unit__in=list(finished))
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


def open_orders(actor: Actor, *, at: datetime) -> QuerySet[Order]:
    """Return the orders that are not over yet."""
    return visible_to(actor, at=at).exclude(state__in=[each.value for each in OVER])
