"""The ledger of what is no longer asked for (减材料减流程), written when a version takes over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from onedoor.catalogue import queries
from onedoor.catalogue.models import ItemVersion, Reduction
from onedoor.catalogue.rules import changes
from onedoor.catalogue.rules.content import Content
from onedoor.catalogue.rules.words import Reduced


def write(versions: Sequence[ItemVersion], *, at: datetime) -> None:
    """Note each material and step these versions no longer ask for, and how it became needless."""
    later = [version for version in versions if version.number > 1]
    before = {v.pk: old for v, old in queries.predecessors(later)}
    if not before:
        return
    contents = queries.contents_of([*before.values(), *(v for v in later if v.pk in before)])
    rows = [
        row
        for version in later
        if (old := before.get(version.pk)) is not None
        for row in _rows(version, contents[old.pk], contents[version.pk])
    ]
    Reduction.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(version: ItemVersion, old: Content, new: Content) -> Iterator[Reduction]:
    for one in changes.reductions(old, new):
        yield Reduction(
            version=version,
            list_name=one.field.value,
            name=one.name,
            source=version.reduction_source or Reduced.DROPPED.value,
            basis=version.reduction_basis,
            count_before=one.count_before,
            count_after=one.count_after,
        )
