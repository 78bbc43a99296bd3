"""Builders: people of the small county, and papers of theirs without any case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import actor_named
from onedoor.accounts.rules import Actor
from onedoor.kernel import clock
from onedoor.papers import services as papers
from onedoor.papers.models import Paper
from onedoor.papers.rules import road
from onedoor.papers.rules.contents import Contents, sample

FRIDAY = clock.at_local(date(2026, 3, 6), 10)
SUBJECT = "53250200220260306000010"


def unit() -> Organisation:
    """Return the market bureau."""
    return Organisation.objects.get(name="市监局")


def actor(username: str) -> Actor:
    return actor_named(username, on=clock.day_of(FRIDAY))


def issue(contents: Contents | None = None, *, at: datetime = FRIDAY, **more: Any) -> Paper:
    """Return an invented paper of the market bureau, issued."""
    return papers.issue(
        contents or sample(road.Grant),
        unit=unit(),
        subject=SUBJECT,
        by=actor("decider"),
        at=at,
        **more,
    )
