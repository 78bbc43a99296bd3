"""What may be asked about findings: lists, one with all that belongs to it, its history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from onedoor.ledger.rules.chain import Link
from onedoor.rectification.models import Finding, Recommendation


def findings() -> QuerySet[Finding]:
    return Finding.objects.select_related("project", "unit")


def links() -> Iterable[tuple[str, Link]]:
    """Yield where the own row of each finding and recommendation says its chain stands."""
    kinds: dict[str, QuerySet[Any]] = {
        "finding": Finding.objects.all(),
        "recommendation": Recommendation.objects.all(),
    }
    for kind, rows in kinds.items():
        told = rows.order_by("number").values_list("number", "version", "head")
        for number, version, head in told.iterator():
            yield f"{kind}:{number}", Link(version, head)
