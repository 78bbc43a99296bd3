"""Recommendations of the auditors: who may see which, and every answer with who gave it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from onedoor.accounts.queries import names_of
from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotFound
from onedoor.rectification.models import AdoptionAnswer, Recommendation
from onedoor.rectification.queries.lists import SIDE, UNITS
from onedoor.rectification.rules.words import Adoption

ADVISING = (Role.AUDITOR, Role.LEAD_OFFICE)
ANSWERING = (Role.HEAD, Role.LEAD_OFFICE)


def visible(actor: Actor) -> QuerySet[Recommendation]:
    """Return what somebody may see: the side of the audit all of it, a unit what it was given."""
    rows = Recommendation.objects.select_related("project", "unit").order_by("number")
    if actor.holds_any(*SIDE):
        return rows
    units = actor.units_of(UNITS)
    if units is None:
        return rows
    return rows.filter(unit__in=units)


def listed(
    actor: Actor, *, adoption: Adoption | None = None, unit: str = "", after: str = ""
) -> QuerySet[Recommendation]:
    """Return the list by number, with what came of each by its last answer."""
    rows = visible(actor)
    if adoption is not None:
        rows = rows.filter(adoption=adoption.value)
    if unit:
        rows = rows.filter(unit__code=unit)
    if after:
        rows = rows.filter(number__gt=after)
    return with_answer(rows)


def with_answer(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Return recommendations with the words of their last answer."""
    last = AdoptionAnswer.objects.filter(recommendation=OuterRef("pk")).order_by("-version")
    names = ("reason", "made", "made_number", "made_on", "at")
    return rows.annotate(**{f"last_{name}": Subquery(last.values(name)[:1]) for name in names})


def recommendation_for(actor: Actor, number: str) -> Recommendation:
    """Return a recommendation somebody may see, or refuse."""
    found = visible(actor).filter(number=number).first()
    if found is None:
        raise NotFound("recommendation.not_found", "没有这条建议，或者不是给您看的。")
    return found


def may_answer(row: Recommendation, actor: Actor) -> bool:
    return not actor.roles_in(row.unit_id).isdisjoint(ANSWERING)


@dataclass(frozen=True)
class Given:
    """One answer, and who gave it."""

    answer: AdoptionAnswer
    who: str


def answers(row: Recommendation) -> list[Given]:
    """Return every answer, the latest first."""
    rows = list(row.answers.select_related("file").order_by("-version"))
    names = names_of(each.by for each in rows)
    return [Given(each, names.get(each.by, "")) for each in rows]


def found_by(rows: QuerySet[Recommendation], text: str) -> QuerySet[Recommendation]:
    return rows.filter(Q(number=text) | Q(text__contains=text)) if text else rows
