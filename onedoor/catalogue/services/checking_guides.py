"""Look every night through the guides in force: what passed the gates may fail them by now.

A guide nobody went through grows old, another item takes its name, the directory cancels its
line: nothing of that comes with a version. The worker does some each round, each item once a day.
"""

from __future__ import annotations

from datetime import datetime

from onedoor.catalogue import judging
from onedoor.catalogue.models import GuideCheck, ItemVersion
from onedoor.catalogue.rules.links import is_night
from onedoor.catalogue.rules.words import ItemState, VersionStatus
from onedoor.kernel.clock import day_of

BATCH = 20


def check_guides(*, at: datetime) -> int:
    """Look some guides through that were not looked through today; a timer of the night."""
    if is_night(at):
        look_through(at=at)
    return 0  # the next ones wait for the next round


def look_through(*, at: datetime) -> int:
    """Look through the next guides of the day; return how many."""
    today = day_of(at)
    done = GuideCheck.objects.filter(looked_on__gte=today)
    waiting = ItemVersion.objects.filter(
        status=VersionStatus.PUBLISHED.value, item__state=ItemState.IN_USE.value
    ).exclude(item__in=done.values("item"))
    versions = list(waiting.select_related("item__unit", "unit").order_by("item__code")[:BATCH])
    found = judging.findings(versions, on=today)
    for version in versions:
        faults = sum(finding.is_reject for finding in found[version.pk])
        GuideCheck.objects.update_or_create(
            item=version.item, defaults={"looked_on": today, "faults": faults}
        )
    return len(versions)
