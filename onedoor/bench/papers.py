"""Papers as files: the PDF of a case's paper, a long official document, the seal on a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class Sealed:
    """Milliseconds of processor and by the clock to seal a page, each in order of size."""

    processor: Sequence[float]
    clock: Sequence[float]


def seal(number: str, count: int = 40) -> Sealed:
    """Sign the PDF of one page again and again, with keys made for it and thrown away."""
    from onedoor.papers import services, typesetting
    from onedoor.papers.models import Paper
    from onedoor.seals.backends import Place
    from onedoor.seals.backends.demo import Demo

    paper = Paper.objects.select_related("unit", "template").get(subject=number, kind="receipt")
    page = typesetting.pdf(services.sheet_of(paper))
    keeper = Demo()
    authority = keeper.authority()
    days = {"first": date(2026, 1, 1), "last": date(2028, 12, 31)}
    keys = keeper.keys(authority, name="测试专用章", unit=paper.unit.name, **days)
    processor, clock = [], []
    for _ in range(count + 1):
        began, spent = time.perf_counter(), time.process_time()
        keeper.sign(
            page,
            seal=keys,
            name="测试专用章",
            place=Place(0, 400.0, 300.0),
            at=paper.issued_at,
        )
        processor.append(1000 * (time.process_time() - spent))
        clock.append(1000 * (time.perf_counter() - began))
    # The first one loads the library.
    return Sealed(sorted(processor[1:]), sorted(clock[1:]))


def seal_waiting(numbers: Sequence[str]) -> tuple[int, float]:
    """Seal what waits of these cases as the keeper does; return how many, in how many seconds."""
    from onedoor.accounts import queries as accounts
    from onedoor.kernel import clock
    from onedoor.papers import sealing
    from onedoor.papers.models import Paper
    from onedoor.seals.models import SealRequest

    now = clock.now()
    keeper = accounts.actor_named("keeper", on=clock.day_of(now))
    mine = Paper.objects.filter(subject__in=numbers).values("number")
    waiting = SealRequest.objects.filter(state="waiting", paper__in=mine)
    requests = list(waiting.order_by("pk"))
    taken = _timed(partial(sealing.seal_all, requests, by=keeper, at=now))
    return len(requests), taken / 1000


def documents() -> tuple[float, float]:
    """Return the milliseconds an official document of fifty pages takes, as docx and as PDF."""
    from onedoor.papers.rules.official import Document, Heading, Text
    from onedoor.papers.typesetting import official

    pages = [(Heading(1, f"第{n}页"), Text("开远市政务服务" * 86)) for n in range(50)]
    document = Document(
        title="关于测试的报告",
        unit="测试单位",
        day=date(2026, 3, 6),
        body=tuple(piece for page in pages for piece in page),
    )
    return _timed(partial(official.docx, document)), _timed(partial(official.pdf, document))


def _timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)
