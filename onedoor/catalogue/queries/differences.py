"""What versions change of those in force before them, and what they no longer ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from onedoor.catalogue.models import GuideFile, ItemVersion
from onedoor.catalogue.queries.editing import predecessors
from onedoor.catalogue.queries.versions import contents_of
from onedoor.catalogue.rules.changes import Change, Reduction, changes, reductions
from onedoor.catalogue.rules.words import Reduced


@dataclass(frozen=True)
class Difference:
    """A version beside the one before it; ``files`` are the guide files named, by digest.

    ``source`` and ``basis``: how what it leaves out became needless, and by what rule.
    """

    before: ItemVersion
    changes: tuple[Change, ...]
    reductions: tuple[Reduction, ...]
    source: Reduced
    basis: str
    files: Mapping[str, GuideFile]


def differences(versions: Sequence[ItemVersion]) -> dict[UUID, Difference]:
    """Return what each version changes, where one was in force before; three statements in all."""
    before = {version.pk: old for version, old in predecessors(versions)}
    later = [version for version in versions if version.pk in before]
    contents = contents_of([*before.values(), *later])
    found = {v.pk: changes(contents[before[v.pk].pk], contents[v.pk]) for v in later}
    files = _files(change for changed in found.values() for change in changed)
    return {
        version.pk: Difference(
            before=before[version.pk],
            changes=found[version.pk],
            reductions=reductions(contents[before[version.pk].pk], contents[version.pk]),
            source=Reduced(version.reduction_source or Reduced.DROPPED),
            basis=version.reduction_basis,
            files=files,
        )
        for version in later
    }


def _files(found: Iterable[Change]) -> dict[str, GuideFile]:
    named = sorted({side for one in found if one.is_file for side in (one.old, one.new) if side})
    if not named:
        return {}
    files = GuideFile.objects.filter(file__digest__in=named).select_related("file")
    return {file.file.digest: file for file in files}
