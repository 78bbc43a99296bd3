"""What the figures of a publication would be today: what was published stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from onedoor.kernel.clock import day_of
from onedoor.rectification.models import Project
from onedoor.reports import composing
from onedoor.reports.composing import Wanted
from onedoor.reports.models import Edition
from onedoor.reports.rules.document import said
from onedoor.reports.rules.periods import period_of
from onedoor.reports.rules.words import LiveKind

KEPT_SECONDS = 60
"""So long an answer stands: a page that many read does not count the ledger each time."""


@dataclass(frozen=True)
class Today:
    """A published figure beside today's; ``now`` is empty where today's was not opened."""

    label: str
    then: str
    now: str


def wanted_of_series(series: str) -> Wanted | None:
    """Return what a series of reports tells of; none where its audit is gone."""
    kind, _, rest = series.partition(":")
    about, _, audience = rest.rpartition(":")
    if kind not in set(LiveKind):
        return None
    told = LiveKind(kind)
    is_public = audience == "public"
    if told in (LiveKind.MONTHLY, LiveKind.YEARLY):
        period = period_of(about, is_month=told is LiveKind.MONTHLY)
        return Wanted(told, period=period, is_public=is_public)
    project = Project.objects.filter(key=about).first() if about else None
    return None if about and project is None else Wanted(told, project=project, is_public=is_public)


def differing(edition: Edition, *, at: datetime) -> list[Today]:
    """Return the published figures that are others today, counted by the same queries.

    Today's value is told where it counts published findings alone; else only that it differs.
    """
    if not edition.figures or edition.report is None or not edition.report.series:
        return []
    key = f"figures-today:{edition.pk}:{day_of(at)}"
    found: list[Today] | None = cache.get(key)
    if found is None:
        found = _differing(edition, edition.report.series, at)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _differing(edition: Edition, series: str, at: datetime) -> list[Today]:
    wanted = wanted_of_series(series)
    if wanted is None:
        return []
    now = {f.code: f.value for f in composing.figures(wanted, at=at)}
    found = []
    for figure in _published(edition):
        then, value = said(figure, "value"), now.get(figure["code"], "—")
        if value != then:
            told = value if wanted.is_public else ""
            found.append(Today(said(figure, "label"), then, told))
    return found


def _published(edition: Edition) -> list[dict[str, Any]]:
    return [f for f in edition.figures if isinstance(f, dict) and "code" in f]
