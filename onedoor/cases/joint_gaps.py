"""What the cases of a joint application still ask for: each material once, for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from onedoor.cases import queries
from onedoor.cases.joint import GATHERING
from onedoor.cases.models import Application, ApplicationMaterial, Case, Gap
from onedoor.cases.rules.joint import MemberState
from onedoor.cases.rules.lifecycle import Status
from onedoor.cases.rules.words import MaterialState
from onedoor.catalogue.rules.packages import key_of

# --- Materials --------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenGap:
    """A material that one or more cases of an application still ask for: told once, for all."""

    order: int
    key: str
    name: str
    originals: int
    copies: int
    demands: tuple[str, ...]
    rows: tuple[tuple[Case, int], ...]
    due_on: date | None
    is_here: bool
    """Handed in before and kept, while the case that asked still lacked something else."""


def is_gathering(application: Application) -> bool:
    """Say whether some member may still get materials."""
    open_ = Q(state=MemberState.WAITING.value) | Q(case__status__in=GATHERING)
    return application.members.filter(open_).exists()


def open_gaps(application: Application) -> list[OpenGap]:
    """Return all that the cases of an application still ask for, each material once."""
    gaps = (
        Gap.objects.filter(
            case_material__case__membership__application=application,
            case_material__case__status=Status.CORRECTING.value,
            supplied_at__isnull=True,
        )
        .select_related(
            "case_material__material",
            *(f"case_material__case__{name}" for name in queries.WITH),
        )
        .order_by("case_material__case__membership__order", "case_material__order")
    )
    by_key: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_key.setdefault(key_of(gap.case_material.material.name), []).append(gap)
    judged = {m.key: m for m in application.materials.all()} if by_key else {}
    return [_gap(n, key, same, judged.get(key)) for n, (key, same) in enumerate(by_key.items(), 1)]


def _gap(order: int, key: str, same: list[Gap], kept: ApplicationMaterial | None) -> OpenGap:
    rows = [gap.case_material for gap in same]
    noticed = [row.case.noticed_at for row in rows if row.case.noticed_at]
    is_here = (
        kept is not None
        and kept.found is MaterialState.OK
        and all(kept.judged_at > at for at in noticed)
    )
    dues = [row.case.correction_due_on for row in rows if row.case.correction_due_on]
    return OpenGap(
        order=order,
        key=key,
        name=rows[0].material.name,
        originals=max(row.material.originals for row in rows),
        copies=max(row.material.copies for row in rows),
        demands=tuple(dict.fromkeys(gap.demand for gap in same)),
        rows=tuple((row.case, row.order) for row in rows),
        due_on=min(dues, default=None),
        is_here=is_here,
    )


def by_case(gaps: Iterable[OpenGap]) -> Mapping[Case, list[tuple[int, int]]]:
    """Return for each case its gaps: place in the merged list, and place in its own list."""
    found: dict[Case, list[tuple[int, int]]] = {}
    for gap in gaps:
        for case, order in gap.rows:
            found.setdefault(case, []).append((gap.order, order))
    return found
