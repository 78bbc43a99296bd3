"""Cases whose power to decide went over to the bureau with the one seal (一颗印章管审批).

Basis: 许可法25; what was received before the day goes on under the department that received it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import Case
from onedoor.catalogue.models import Item
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.transfers import gone, is_in_force
from onedoor.kernel.clock import day_of


def not_the_department(version: VersionFacts, *, by: Actor) -> None:
    """Refuse a department's own intake of an item whose power has gone over (两头受理)."""
    former = version.former_unit_id
    if former is None or version.transferred_on is None:
        return
    if by.holds(Role.DESK, version.unit_id) or not by.roles_in(former):
        return
    raise gone(
        item=version.name,
        day=version.transferred_on,
        unit=version.unit_name,
        former=version.former_unit_name,
    )


def taken_over(case: Case, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what changes in a case sent before the day and received from it on: the bureau's."""
    item = Item.objects.select_related("transferred_to", "unit").get(pk=case.item_id)
    body = item.transferred_to
    if body is None or case.former_unit_id or not is_in_force(item.transferred_at, at=at):
        return {}
    assert item.transferred_at is not None
    if not by.holds(Role.DESK, body.pk):
        raise gone(
            item=case.item_version.name,
            day=day_of(item.transferred_at),
            unit=body.name,
            former=item.unit.name,
        )
    return {"unit_id": body.pk, "former_unit_id": case.unit_id}


def no_seal_of_the_department(case: Case, unit: Organisation) -> None:
    """Refuse a paper in the name of a department that had lost the power when it was received."""
    item = case.item
    if item.transferred_to_id in (None, unit.pk):
        return
    if item.transferred_at is None or case.received_at is None:
        return
    if is_in_force(item.transferred_at, at=case.received_at):
        assert item.transferred_to is not None
        raise gone(
            item=case.item_version.name,
            day=day_of(item.transferred_at),
            unit=item.transferred_to.name,
            former=unit.name,
        )
