"""What may be asked about findings: lists, one with all that belongs to it, its history."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from onedoor.ledger.rules.chain import Link
from onedoor.rectification.models import Finding


def findings() -> QuerySet[Finding]:
    return Finding.objects.select_related("project", "unit")


def links() -> Iterable[tuple[str, Link]]:
    """Yield where each finding's own row says its chain stands."""
    rows = Finding.objects.order_by("number").values_list("number", "version", "head")
    for number, version, head in rows.iterator():
        yield f"finding:{number}", Link(version, head)
