"""Who may work on a finding, and while it is open."""

from __future__ import annotations

from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.rectification.models import Finding, Measure
from onedoor.rectification.rules.lifecycle import DONE

WORKING = (Role.OFFICER, Role.HEAD)


def workers_only(finding: Finding, by: Actor, measure: Measure | None = None) -> None:
    """Refuse whoever is not of the responsible unit; a co-unit works on its own measures."""
    if by.roles_in(finding.unit_id).intersection(WORKING) and finding.unit_id:
        return
    if measure is not None and measure.unit_id and by.roles_in(measure.unit_id) & {*WORKING}:
        return
    raise NotAllowed("finding.not_theirs", "这个问题由责任单位的人来办，您不是。")


def open_only(finding: Finding) -> None:
    if finding.standing in DONE:
        raise Refusal(
            "finding.done", "这个问题现在是“%(state)s”，不能再改。", state=finding.standing
        )
