"""The files of a guide, and what guides no longer ask for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from onedoor.catalogue.models import GuideFile, Reduction
from onedoor.catalogue.queries.versions import VersionFacts
from onedoor.catalogue.rules.content import Content
from onedoor.files.models import StoredFile


def file_name(facts: VersionFacts, digest: str) -> str:
    """Return what a file that this version names is called, or nothing: then it names none."""
    for one in facts.materials:
        if one.form_file == digest:
            return one.name
        if one.sample_file == digest:
            return f"{one.name}（样本）"
    return next((f"{one.name}（样本）" for one in facts.results if one.sample_file == digest), "")


def guide_file(digest: str) -> StoredFile | None:
    """Return a file that was uploaded for everybody to download, or nothing."""
    found = GuideFile.objects.filter(file__digest=digest).select_related("file").first()
    return found.file if found else None


def guide_files(contents: Iterable[Content]) -> frozenset[str]:
    """Return which of the files these contents name were uploaded for everybody to download."""
    named = sorted(frozenset[str]().union(*(content.files for content in contents)))
    if not named:
        return frozenset()
    found = GuideFile.objects.filter(file__digest__in=named)
    return frozenset(found.values_list("file__digest", flat=True))


def reduction_counts() -> dict[str, int]:
    """Return how many materials and steps of how many items are no longer asked for."""
    found = Reduction.objects.aggregate(
        materials=Count("pk", filter=Q(list_name="materials")),
        steps=Count("pk", filter=Q(list_name="steps")),
        items=Count("version__item", distinct=True),
    )
    return {name: int(count) for name, count in found.items()}


def reductions() -> QuerySet[Reduction]:
    """Return what is no longer asked for, the newest first."""
    return Reduction.objects.select_related("version__item", "version__unit").order_by(
        "-version__effective_at", "version__item__code", "list_name", "name"
    )
