"""The PDF of a paper: the very first of a process, those after it, and those that are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection

from onedoor.bench import baseline


@dataclass(frozen=True)
class Measured:
    """Milliseconds: the first with the compiler loaded for it, each new one, each kept one."""

    first: float
    new: Sequence[float]
    kept: Sequence[float]
    statements: int
    bare_rate: float


def measure(numbers: Sequence[str]) -> Measured:
    """Make the PDFs of the receipts of these cases, then read them again."""
    from onedoor.kernel import clock
    from onedoor.papers import services, typesetting
    from onedoor.papers.models import Paper

    found = Paper.objects.filter(subject__in=numbers, kind="receipt")
    papers = list(found.select_related("unit", "template"))
    at = clock.now()
    first, *rest = [_timed(partial(services.pdf_of, p, at=at)) for p in papers]
    kept = [_timed(partial(services.pdf_of, p, at=at)) for p in papers]
    taken = baseline.Taken()
    with connection.execute_wrapper(taken):
        services.pdf_of(papers[0], at=at)
    sheets = [services.sheet_of(paper) for paper in papers[:50]]
    bare = sum(_timed(partial(typesetting.pdf, s)) for s in sheets)
    return Measured(first, sorted(rest), sorted(kept), len(taken.statements), 1000 * 50 / bare)


def _timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)
