"""Tell the listeners what was recorded, after commit, in the order of positions.

A listener's own changes and its progress are one transaction, of some entries at a time: killed
in the middle, it hears of them again and nothing is done twice. A listener that fails waits, longer
each time, and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from onedoor.ledger.events import Event
from onedoor.ledger.models import Entry, Feed, Tree
from onedoor.ledger.queries import Recorded, read

logger = logging.getLogger(__name__)
Listener = Callable[[Recorded, datetime], None]
BATCH = 1000
TOGETHER = 50


@cache
def _listeners() -> Mapping[str, tuple[Listener, frozenset[str]]]:
    subscriptions: Mapping[type[Event], tuple[Listener, ...]]
    subscriptions = import_string(settings.EVENT_SUBSCRIPTIONS)
    found: dict[str, tuple[Listener, frozenset[str]]] = {}
    for event, listeners in subscriptions.items():
        for listener in listeners:
            name = f"{listener.__module__}.{listener.__name__}"
            kinds = found[name][1] if name in found else frozenset()
            found[name] = (listener, kinds | {event.kind})
    return found


def announce(*, at: datetime) -> int:
    """Let every listener hear what it has not heard yet; return how many were told."""
    tree = Tree.objects.first()
    size = tree.size if tree else 0
    return sum(
        _catch_up(name, listener, kinds, size, at)
        for name, (listener, kinds) in _listeners().items()
    )


def _catch_up(name: str, listener: Listener, kinds: frozenset[str], size: int, at: datetime) -> int:
    feed, _ = Feed.objects.get_or_create(name=name)
    if feed.position >= size or (feed.retry_at and at < feed.retry_at):
        return 0
    told = 0
    entries = (
        Entry.objects.filter(
            kind__in=kinds, place__position__gt=feed.position, place__position__lte=size
        )
        .select_related("place")
        .order_by("place__position")[:BATCH]
    )
    rows = list(entries)
    waiting = [rows[n : n + TOGETHER] for n in range(0, len(rows), TOGETHER)]
    while waiting:
        some = waiting.pop(0)
        try:
            if not _tell(feed.pk, listener, some, at):
                return told  # another worker is ahead of us
        except Exception:
            if len(some) > 1:  # nothing of them stands: one by one, up to the one that fails
                waiting[:0] = [[entry] for entry in some]
                continue
            logger.exception("Listener %s failed at %s", name, some[0])
            failed = feed.failed_count + 1
            wait = timedelta(seconds=min(2**failed, 3600))
            Feed.objects.filter(pk=feed.pk).update(failed_count=failed, retry_at=at + wait)
            return told
        told += len(some)
    if told < BATCH:
        Feed.objects.filter(pk=feed.pk, position__lt=size).update(position=size)
    return told


@transaction.atomic
def _tell(feed_id: UUID, listener: Listener, entries: list[Entry], at: datetime) -> bool:
    feed = Feed.objects.select_for_update().get(pk=feed_id)
    if feed.position >= entries[0].place.position:
        return False
    for entry in entries:
        listener(read(entry), at)
    Feed.objects.filter(pk=feed.pk).update(
        position=entries[-1].place.position, failed_count=0, retry_at=None
    )
    return True
