"""The benchmarks of the budgets, in the order of the road."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from onedoor.bench import drawing, front, making, pages, road
from onedoor.bench.asking import Bench, Result
from onedoor.bench.world import World

ALL: dict[str, Callable[[Bench], Result | Iterator[Result]]] = {
    "receive": road.receive,
    "accept": road.accept,
    "step": road.step,
    "read": road.read,
    "list": road.list_,
    "due_dates": road.due_dates,
    "paper": making.paper,
    "document": making.document,
    "seal": making.seal,
    "search": pages.search,
    "guide": pages.guide,
    "front": front.front,
    "submit": front.submit,
    "verify": pages.verify,
    "findings": pages.findings,
    "report": pages.report,
    "draw": drawing.draws,
    "backup": making.backup,
}


def run(world: World, names: tuple[str, ...]) -> Iterator[Result]:
    """Run the benchmarks named and yield their results."""
    bench = Bench(world)
    for name, measure in ALL.items():
        if name in names:
            found = measure(bench)
            yield from [found] if isinstance(found, Result) else found
