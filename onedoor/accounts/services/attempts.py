"""Attempts counted by keyed names, so that nothing can be tried through."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from onedoor.accounts.models import (
    AttemptWindow,
)
from onedoor.kernel import crypto
from onedoor.kernel.clock import local
from onedoor.kernel.errors import TooOften


def _kept_key(key: str) -> str:
    """Return what is kept of a key: case numbers and addresses of people are in it."""
    return crypto.mac(key, purpose="attempt").hex()


def count_attempt(key: str, *, limit: int, window: timedelta, at: datetime) -> None:
    """Note an attempt, or refuse it when there were ``limit`` already within the window.

    It is counted before it is tried, so that many at once are no way around; ``forgive_attempt``
    takes back the one that succeeded.
    """
    key = _kept_key(key)
    with transaction.atomic():
        AttemptWindow.objects.bulk_create(
            [AttemptWindow(key=key, started_at=at, count=0)], ignore_conflicts=True
        )
        row = AttemptWindow.objects.select_for_update().get(key=key)
        if row.started_at + window <= at:
            AttemptWindow.objects.filter(pk=row.pk).update(started_at=at, count=1)
            return
        if row.count < limit:
            AttemptWindow.objects.filter(pk=row.pk).update(count=F("count") + 1)
            return
    opens_at = row.started_at + window
    raise TooOften(
        "request.too_often",
        "试得太多了，请 %(time)s 以后再试。",
        retry_after=max(int((opens_at - at).total_seconds()), 1),
        time=f"{local(opens_at):%H:%M}",
    )


def forgive_attempt(key: str) -> None:
    """Take back one attempt that succeeded, where others share the key."""
    AttemptWindow.objects.filter(key=_kept_key(key), count__gt=0).update(count=F("count") - 1)


def forget_attempts(key: str) -> None:
    """Start counting anew after a success."""
    AttemptWindow.objects.filter(key=_kept_key(key)).delete()


def forget_old_attempts(*, at: datetime) -> int:
    """Drop what was counted more than a day ago; return how many. No window is longer."""
    return AttemptWindow.objects.filter(started_at__lt=at - timedelta(days=1)).delete()[0]
