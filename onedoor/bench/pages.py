"""What everybody reads: search, guides, whether a paper is genuine, the ledger of findings."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connection

from onedoor.accounts.rules import SYSTEM
from onedoor.bench import baseline, bulk, items
from onedoor.bench.asking import Bench, Result, bearer
from onedoor.bench.load import request
from onedoor.kernel import clock
from onedoor.rectification.models import Finding


def search(bench: Bench, count: int = 100_000) -> Iterator[Result]:
    """Find items among a hundred thousand: by name, by sound, in sentences, with slips."""
    there = items.fill(count)
    scanned = items.scan_ms()
    note = f"{there} items; a LIKE scan takes {scanned:.0f} ms (p95)"
    for kind, questions in items.asked(300).items():
        yield _search(bench, f"search {kind}", questions, note)


def _search(bench: Bench, name: str, questions: list[str], note: str) -> Result:
    paths = [f"/api/v1/items?{urlencode({'q': text})}" for text in questions]
    asked = itertools.cycle(paths)
    statements = bench.statements(lambda c: c.get(paths[0], headers=bearer(bench.clerk)))
    run = bench.run(lambda number, count: request("GET", next(asked), bench.clerk), 1)
    return bench.result(name, 1, run, statements, [], note=note)


def guide(bench: Bench, connections_: int = 16, wanted: float = 50.0) -> Result:
    """Read guides as the public does, at a fixed rate; each page another item's."""
    from onedoor.catalogue.models import ItemVersion

    codes = ItemVersion.objects.filter(status="published").values_list("item__code", flat=True)
    paths = [f"/items/{code}/" for code in codes]
    turn = itertools.cycle(paths)

    def make(number: int, count: int) -> bytes:
        return request("GET", next(turn), "", headers={"Accept-Encoding": "gzip"})

    statements = bench.statements(lambda c: c.get(paths[0], headers={"Host": "127.0.0.1"}))
    measured = bench.run(make, connections_, keep=True, pace=wanted)
    heaviest = max((len(body) for body in measured[0].bodies), default=0)
    note = f"paced at {wanted:.0f}/s, {len(paths)} items, heaviest answer {heaviest} bytes"
    return bench.result("guide", connections_, measured, statements, [], note=note)


def verify(bench: Bench, connections_: int = 4) -> Result:
    """Ask whether papers are genuine, each time from another address, as phones do."""
    from onedoor.papers.models import Paper

    bench.some()
    codes = list(Paper.objects.order_by("number").values_list("code", flat=True)[:500])
    turn = itertools.cycle(codes)

    def make(number: int, count: int) -> bytes:
        return request("GET", f"/v/{next(turn)}/", "", headers=_from(number, count))

    path, host = f"/v/{codes[0]}/", {"Host": "127.0.0.1"}
    statements = bench.statements(lambda c: c.get(path, headers=host))
    measured = bench.run(make, connections_)
    note = f"{len(codes)} papers"
    return bench.result("verify", connections_, measured, statements, [], note=note)


def _from(number: int, count: int) -> dict[str, str]:
    """Return an address of its own: how often one may ask is limited."""
    return {"X-Forwarded-For": f"10.{number % 256}.{count // 256 % 256}.{count % 256}"}


def findings(bench: Bench, connections_: int = 4, count: int = 10_000) -> Result:
    """Read pages of the public ledger of ten thousand findings (整改台账)."""
    there = bulk.fill_findings(count)
    turn = itertools.cycle(range(1, 200))

    def make(number: int, count: int) -> bytes:
        return request("GET", f"/oversight/issues/?page={next(turn)}", "")

    path, host = "/oversight/issues/?page=7", {"Host": "127.0.0.1"}
    statements = bench.statements(lambda c: c.get(path, headers=host))
    measured = bench.run(make, connections_)
    note = f"{there} public findings, pages 1 to 199"
    return bench.result("findings", connections_, measured, statements, [], note=note)


REPORTS = 10


def report(bench: Bench, count: int = 10_000) -> Iterator[Result]:
    """Make the reports of a month over ten thousand findings, and of an audit, from the ledger."""
    from onedoor.reports.rules.words import LiveKind
    from onedoor.reports.services.live import make_report, wanted_of

    there = bulk.fill_findings(count)
    month = f"{clock.day_of(clock.now()):%Y-%m}"
    about = Finding.objects.filter(is_public=True).exclude(number__startswith="BENCH")
    number = about.order_by("-number").values_list("number", flat=True)[0]
    for kind, what in ((LiveKind.MONTHLY, month), (LiveKind.PROJECT, number)):
        wanted = wanted_of(kind, about=what)
        taken, times = baseline.Taken(), []
        for _ in range(REPORTS):
            taken.statements.clear()
            began = time.perf_counter()
            with connection.execute_wrapper(taken):
                make_report(wanted, by=SYSTEM, at=clock.now())
            times.append(1000 * (time.perf_counter() - began))
        read = [each for each in taken.statements if each[0].lstrip().startswith("SELECT")]
        plain = baseline.rate(bench.world.url, read, [], seconds=2.0, processes=1)
        yield bench.timed(
            f"report {kind.value}",
            sorted(times),
            statements=len(taken.statements),
            plain=plain,
            note=f"{there} public findings; baseline: what it reads",
        )
