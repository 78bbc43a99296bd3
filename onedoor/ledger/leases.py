"""Leases: one worker at a time does a piece of work, and a dead one's work is taken over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from onedoor.ledger.models import Feed, Lease


def hold(name: str, *, holder: str, at: datetime, seconds: int = 30) -> bool:
    """Take or renew the lease; False while somebody else holds it. ``at`` is the real time."""
    until = at + timedelta(seconds=seconds)
    Lease.objects.bulk_create(
        [Lease(name=name, holder=holder, until=at, beat_at=at)], ignore_conflicts=True
    )
    mine_or_free = Q(holder=holder) | Q(until__lte=at) | Q(until__gt=at + timedelta(hours=1))
    return bool(
        Lease.objects.filter(mine_or_free, name=name).update(holder=holder, until=until, beat_at=at)
    )


def release(name: str, *, holder: str, at: datetime) -> None:
    """Give the lease back, so that another worker need not wait for it to run out."""
    Lease.objects.filter(name=name, holder=holder).update(until=at)


def last_beat(name: str) -> datetime | None:
    """Return when the holder of a lease was last seen."""
    return Lease.objects.filter(name=name).values_list("beat_at", flat=True).first()


def is_held(name: str, *, at: datetime) -> bool:
    """Say whether somebody does that work now."""
    return Lease.objects.filter(name=name, until__gt=at).exists()


def free_all() -> None:
    """Forget who held what and who waits for another try: after a restore nobody does."""
    Lease.objects.all().delete()
    Feed.objects.update(retry_at=None, failed_count=0)
