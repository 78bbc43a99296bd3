"""Write the ledger to a file that can be verified without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TextIO

from django.db import connection, transaction

from onedoor.ledger import installation, queries
from onedoor.ledger.models import Pending, Position, TreeHead
from onedoor.ledger.rules import chain


def write(file: TextIO, *, at: datetime) -> dict[str, int]:
    """Write every entry, head and row link as lines of JSON; return how many of each."""
    counts = {"entries": 0, "pending": 0, "heads": 0, "rows": 0}
    with one_moment():
        for line in _lines(at, counts):
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return counts


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it was at one moment, without holding up those who write.

    Otherwise an entry sealed meanwhile would be missed, and a row stand behind its last entry.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def lines(*, at: datetime) -> Iterator[str]:
    """Yield what ``write`` would write, for a verification that needs no file."""
    with one_moment():
        for line in _lines(at, {"entries": 0, "pending": 0, "heads": 0, "rows": 0}):
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _lines(at: datetime, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    current = installation.current()
    yield {
        "onedoor_ledger": 1,
        "installation": str(current.pk),
        "public_key": current.ledger_key,
        "exported_at": chain.instant(at),
    }
    heads = iter(TreeHead.objects.order_by("size").iterator(2000))
    head = next(heads, None)
    for place in Position.objects.select_related("entry").order_by("position").iterator(2000):
        counts["entries"] += 1
        yield {"position": place.position, "digest": place.entry.digest, "text": place.entry.text}
        if head is not None and head.size == place.position:
            counts["heads"] += 1
            yield {
                "head": head.size,
                "root": head.root,
                "at": chain.instant(head.at),
                "signature": head.signature,
            }
            head = next(heads, None)
    waiting = Pending.objects.select_related("entry").order_by("entry__subject", "entry__version")
    for pending in waiting.iterator(2000):
        counts["pending"] += 1
        yield {"pending": True, "digest": pending.entry.digest, "text": pending.entry.text}
    for subject, link in queries.rows():
        counts["rows"] += 1
        yield {"row": subject, "version": link.version, "digest": link.digest}
    yield {"end": dict(counts)}
