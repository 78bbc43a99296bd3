"""The register of licences (证照台账): who sees which."""

from __future__ import annotations

from django.db.models import QuerySet

from onedoor.accounts.rules import Actor
from onedoor.cases import queries
from onedoor.cases.models import Licence
from onedoor.cases.rules import numbers
from onedoor.kernel.errors import NotFound
from onedoor.papers import queries as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules.kinds import Kind


def visible_to(actor: Actor) -> QuerySet[Licence]:
    """Return the licences of the units the actor works for, the latest first."""
    units = actor.units_of(queries.WORKING)
    found = Licence.objects.select_related("item", "unit", "applicant", "case__item_version")
    found = found if units is None else found.filter(unit__in=units)
    return found.order_by("-valid_from", "-number")


def licence_for(actor: Actor, number: str) -> Licence:
    """Return a licence by its number, or refuse as if there were none."""
    licence = visible_to(actor).filter(number=number).first()
    if licence is None:
        raise NotFound("licence.not_found", "本单位没有编号为 %(number)s 的证照。", number=number)
    return licence


def grant_of(licence: Licence) -> Paper:
    """Return the paper with which the licence was granted."""
    granting = [Kind.GRANT.value, Kind.AT_ONCE.value]
    return papers.of(licence.case.number).get(kind__in=granting)


def decision_on(licence: Licence) -> Paper | None:
    """Return the decision that revoked or cancelled the licence, if there is one."""
    return papers.of(licence.subject).first()


def found_by(actor: Actor, text: str) -> QuerySet[Licence]:
    """Return the licences whose number, or whose case's short number, was typed; else all."""
    wanted = numbers.normal(text)
    if not wanted:
        return visible_to(actor)
    field = "case__alias" if numbers.is_alias(wanted) else "number"
    return visible_to(actor).filter(**{field: wanted})
