"""The road of a case: receive, read, step, list, and a million due dates."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Iterator

from django.db import connection
from django.test import Client

from onedoor.bench import baseline, bulk
from onedoor.bench.asking import JSON, SECONDS, Bench, Result, bearer
from onedoor.bench.load import request
from onedoor.bench.world import serve, stop

SEEN = {"If-Match": "*"}
"""What a step says it saw: whatever there is. Nobody else is at work on the cases of a run."""


def receive(bench: Bench, connections_: int = 16) -> Result:
    """Receive a case over HTTP, fully durable."""
    run = uuid.uuid4().hex[:8]

    def make(number: int, count: int) -> bytes:
        key = {"Idempotency-Key": f"{run}-{number}-{count}"}
        return request("POST", "/api/v1/cases", bench.clerk, bench.body, key)

    statements = bench.statements(bench.receive_once)
    sample = json.loads(bench.last)
    texts: list[str | int] = [
        sample["number"],
        sample["alias"],
        bench.key,
        bench.digest_of(sample["number"]),
    ]
    measured = bench.run(make, connections_, keep=True)
    bench.numbers += [json.loads(body)["number"] for body in measured[0].bodies]
    return bench.result("receive", connections_, measured, statements, texts)


def accept(bench: Bench, connections_: int = 16) -> Result:
    """Accept a case: T5 and its dispatch T8."""
    return _on_cases(bench, "accept", connections_, bench.acceptor, b"")


def step(bench: Bench, connections_: int = 16) -> Result:
    """One step on a case: the first opinion (T8a), with its note."""
    body = json.dumps({"opinion": "材料齐全，建议准予。"}, ensure_ascii=False).encode()
    return _on_cases(bench, "review", connections_, bench.reviewer, body, name="step")


def read(bench: Bench, connections_: int = 16) -> Result:
    """Read a case with its materials."""
    numbers = itertools.cycle(bench.some())
    statements = bench.statements(
        lambda c: c.get(f"/api/v1/cases/{bench.some()[0]}", headers=bearer(bench.clerk))
    )

    def make(number: int, count: int) -> bytes:
        return request("GET", f"/api/v1/cases/{next(numbers)}", bench.clerk)

    return bench.result("read", connections_, bench.run(make, connections_), statements, [])


def list_(bench: Bench, connections_: int = 16, cases: int = 1_000_000) -> Result:
    """List 50 of a million open cases of one unit by urgency."""
    there = filled(bench, cases)
    serve(bench.world)
    code = bulk.unit_code(bulk.UNIT)
    path = f"/api/v1/cases?unit={code}"
    statements = bench.statements(lambda c: c.get(path, headers=bearer(bench.acceptor)))
    message = request("GET", path, bench.acceptor)
    measured = bench.run(lambda number, count: message, connections_)
    return bench.result(
        "list", connections_, measured, statements, [], note=f"{there} cases in the table"
    )


def due_dates(bench: Bench, cases: int = 1_000_000) -> Result:
    """Compute the due dates of a million open cases again after the calendar changed."""
    from onedoor.calendar import queries as calendar
    from onedoor.cases import services
    from onedoor.kernel import clock

    there = filled(bench, cases)
    bulk.close_a_day()
    calendar.forget()
    taken = baseline.Taken()
    began = time.perf_counter()
    with connection.execute_wrapper(taken):
        counts = services.recompute_due_dates(cause="bench", at=clock.now())
    seconds = time.perf_counter() - began
    plain = bulk.plain_update_rate()
    connection.close()
    serve(bench.world)
    return Result(
        name="due_dates",
        database=bench.database,
        connections=1,
        rate=round(counts["examined"] / seconds, 1),
        p50_ms=round(seconds * 1000),
        p95_ms=round(seconds * 1000),
        p99_ms=round(seconds * 1000),
        statements=len(taken.statements),
        cpu_ms=0.0,
        baseline_rate=round(plain, 1),
        failures=0,
        note=f"{there} cases, {counts['changed']} changed, {seconds:.1f} s in all",
    )


def filled(bench: Bench, cases: int) -> int:
    """Stop serving and fill the table: on SQLite the server would wait, and give up."""
    stop(bench.world)
    there = bulk.fill(cases)
    connection.close()
    return there


def _on_cases(
    bench: Bench, action: str, connections_: int, token: str, body: bytes, *, name: str = ""
) -> Result:
    waiting = _waiting_for(bench, action)
    first = next(waiting)
    statements = bench.statements(
        lambda c: c.post(
            f"/api/v1/cases/{first}/{action}",
            data=body,
            content_type=JSON,
            headers=bearer(token) | SEEN,
        ),
        warm=False,
    )

    def make(number: int, count: int) -> bytes | None:
        case = next(waiting, None)
        if case is None:
            return None
        return request("POST", f"/api/v1/cases/{case}/{action}", token, body, SEEN)

    measured = bench.run(make, connections_)
    unique: list[str | int] = [first, _version_of(first)]
    return bench.result(name or action, connections_, measured, statements, unique)


def _waiting_for(bench: Bench, action: str) -> Iterator[str]:
    """Yield cases in the state the action needs, made ready where there are too few."""
    from onedoor.cases.models import Case

    wanted = int(700 * SECONDS)
    status = {"accept": "received", "review": "in_review"}[action]
    cases = Case.objects.filter(number__in=bench.mine(), status=status)
    if action == "review" and not cases.exists():
        for number in bench.mine()[:1000]:
            headers = bearer(bench.acceptor) | SEEN
            Client().post(f"/api/v1/cases/{number}/accept", headers=headers)
    numbers = list(cases.values_list("number", flat=True)[:wanted])
    return _safe(iter(numbers))


def _version_of(number: str) -> int:
    from onedoor.cases.models import Case

    return Case.objects.get(number=number).version


def _safe(numbers: Iterator[str]) -> Iterator[str]:
    """Return an iterator that several threads may draw from."""
    import threading

    lock = threading.Lock()

    class Safe:
        def __iter__(self) -> Iterator[str]:
            return self

        def __next__(self) -> str:
            with lock:
                return next(numbers)

    return Safe()
