"""Who may work on a finding, and while it is open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.rectification.models import Finding, Measure
from onedoor.rectification.queries import judging
from onedoor.rectification.rules.lifecycle import DONE

WORKING = (Role.OFFICER, Role.HEAD)


def workers_only(finding: Finding, by: Actor, measure: Measure | None = None) -> None:
    """Refuse whoever is not of the responsible unit; a co-unit works on its own measures."""
    if by.roles_in(finding.unit_id).intersection(WORKING) and finding.unit_id:
        return
    if measure is not None and measure.unit_id and by.roles_in(measure.unit_id) & {*WORKING}:
        return
    raise NotAllowed("finding.not_theirs", "这个问题由责任单位的人来办，您不是。")


def side_only(
    finding: Finding, by: Actor, *roles: Role, on: date, units: Collection[UUID] = ()
) -> None:
    """Refuse whoever holds none of the roles for the finding's unit, or belongs to a unit that
    answers for it: nobody sets, urges or judges what they have to put right themselves.

    ``units`` are those that are about to answer for it.
    """
    if not any(by.roles_in(unit) & {*roles} for unit in (*units, finding.unit_id)):
        raise NotAllowed("finding.not_side", "这一步由%(roles)s来做。", roles=roles)
    if judging.is_own(finding, by, on=on, units=units):
        raise NotAllowed(
            "finding.own_side",
            "您是责任单位或配合单位的人，这一步要由别的单位的人来做。",
            basis="审计法52",
        )


def open_only(finding: Finding) -> None:
    if finding.standing in DONE:
        raise Refusal(
            "finding.done", "这个问题现在是“%(state)s”，不能再改。", state=finding.standing
        )
