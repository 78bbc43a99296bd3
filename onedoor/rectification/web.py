"""Which row of a finding is meant, for pages and programs alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.kernel.errors import NotFound
from onedoor.rectification import services as rectification
from onedoor.rectification.models import Finding, Milestone
from onedoor.rectification.rules.words import Decision

Doing = Callable[..., Finding]


def one(rows: Any, **key: Any) -> Any:
    """Return the row that was picked, or refuse."""
    found = rows.filter(**key).first()
    if found is None:
        raise NotFound("finding.row_not_found", "没有选中的这一条，请刷新后再选。")
    return found


def unit_coded(code: str) -> Organisation:
    """Return the unit a program means, or refuse."""
    found = Organisation.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise NotFound("accounts.no_such_unit", "没有编码为 %(unit)s 的部门。", unit=code)
    return found


def on_row(rows: str, key: str, field: str, service: Doing) -> Doing:
    """Return the service of one of the finding's rows, picked by what was sent as ``field``."""

    def run(finding: Finding, **given: Any) -> Finding:
        row = one(getattr(finding, rows), **{key: given.pop(field)})
        row.finding = finding
        return service(row, **given)

    return run


def decide(finding: Finding, **given: Any) -> Finding:
    """Answer the extension that waits."""
    row = one(finding.extensions, decision=Decision.WAITING.value)
    row.finding = finding
    return rectification.decide_extension(row, **given)


def on_goal(service: Doing) -> Doing:
    """Return the service of a goal of one of the finding's measures that is not reached yet."""

    def run(finding: Finding, *, milestone: Any, **given: Any) -> Finding:
        goals = Milestone.objects.select_related("measure").filter(measure__finding=finding)
        row = one(goals.filter(done_on=None), pk=milestone)
        row.measure.finding = finding
        return service(row, **given)

    return run
