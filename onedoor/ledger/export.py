"""Write the ledger to a file that can be verified without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TextIO

from onedoor.ledger import installation, queries
from onedoor.ledger.models import Pending, Position, TreeHead
from onedoor.ledger.rules import chain


def write(file: TextIO, *, at: datetime) -> dict[str, int]:
    """Write every entry, head and row link as lines of JSON; return how many of each."""
    counts = {"entries": 0, "pending": 0, "heads": 0, "rows": 0}
    for line in _lines(at, counts):
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return counts


def _lines(at: datetime, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    current = installation.current()
    yield {
        "onedoor_ledger": 1,
        "installation": str(current.pk),
        "public_key": current.ledger_key,
        "exported_at": chain.instant(at),
    }
    # Row links first: entries only grow meanwhile, so a row is never ahead of the entries.
    links = list(queries.rows())
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
    waiting = Pending.objects.select_related("entry").order_by("written_at", "entry__version")
    for pending in waiting.iterator(2000):
        counts["pending"] += 1
        yield {"pending": True, "digest": pending.entry.digest, "text": pending.entry.text}
    for subject, link in links:
        counts["rows"] += 1
        yield {"row": subject, "version": link.version, "digest": link.digest}
    yield {"end": dict(counts)}
