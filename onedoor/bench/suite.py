"""The benchmarks of the budgets: receive, read, step, list, due dates."""

from __future__ import annotations

import itertools
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection, connections
from django.test import Client

from onedoor.bench import backups, baseline, bulk, items, load, papers
from onedoor.bench.load import Measured, request
from onedoor.bench.world import World, cpu_seconds, serve, stop
from onedoor.kernel.errors import Refusal

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
JSON = "application/json"
SEEN = {"If-Match": "*"}
"""What a step says it saw: whatever there is. Nobody else is at work on the cases of a run."""
COUNTY_YEAR = 700_000


@dataclass(frozen=True)
class Result:
    """One row: what was measured, in requests a second and milliseconds."""

    name: str
    database: str
    connections: int
    rate: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statements: int
    cpu_ms: float
    baseline_rate: float
    failures: int
    note: str = ""

    @property
    def row(self) -> dict[str, Any]:
        return asdict(self)


class Bench:
    """What the benchmarks share: the world, tokens, the item and a body to send."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.database = "postgresql" if world.is_postgres else "sqlite"
        self.clerk = world.token("clerk")
        self.acceptor, self.reviewer = world.token("acceptor"), world.token("reviewer")
        self.numbers: list[str] = []
        _use(world)
        self.body = json.dumps(self._application(), ensure_ascii=False).encode()

    def _application(self) -> dict[str, Any]:
        """Return an application for a licence of the market bureau with three materials."""
        from onedoor.catalogue.models import ItemVersion

        versions = ItemVersion.objects.filter(
            status="published", kind="promised", item_type="01", unit__short_name="市监局"
        )
        for version in versions.order_by("name"):
            orders = list(version.materials.order_by("order").values_list("order", flat=True))
            if len(orders) == 3:
                return {
                    "item": version.item.code,
                    "applicant": {
                        "kind": "person",
                        "name": "普秀英示例",
                        "id_type": "111",
                        "id_number": "532502195304120000",
                        "phone": "13800000001",
                        "address": "开远市演示路1号",
                    },
                    "materials": [{"order": n, "state": "ok", "originals": 1} for n in orders],
                    "identity_checked": True,
                }
        raise Refusal("bench.no_item", "演示县里没有三份材料的许可事项。")

    # --- The benchmarks -----------------------------------------------------------------------

    def receive(self, connections_: int = 16) -> Result:
        """Receive a case over HTTP, fully durable."""
        run = uuid.uuid4().hex[:8]

        def make(number: int, count: int) -> bytes:
            key = {"Idempotency-Key": f"{run}-{number}-{count}"}
            return request("POST", "/api/v1/cases", self.clerk, self.body, key)

        statements = self._statements(self._receive_once)
        sample = json.loads(self._last)
        texts: list[str | int] = [
            sample["number"],
            sample["alias"],
            self._key,
            self._digest_of(sample["number"]),
        ]
        measured = self._run(make, connections_, keep=True)
        self.numbers += [json.loads(body)["number"] for body in measured[0].bodies]
        return self._result("receive", connections_, measured, statements, texts)

    def accept(self, connections_: int = 16) -> Result:
        """Accept a case: T5 and its dispatch T8."""
        return self._on_cases("accept", connections_, self.acceptor, b"")

    def step(self, connections_: int = 16) -> Result:
        """One step on a case: the first opinion (T8a), with its note."""
        body = json.dumps({"opinion": "材料齐全，建议准予。"}, ensure_ascii=False).encode()
        return self._on_cases("review", connections_, self.reviewer, body, name="step")

    def read(self, connections_: int = 16) -> Result:
        """Read a case with its materials."""
        numbers = itertools.cycle(self._some())
        statements = self._statements(
            lambda c: c.get(f"/api/v1/cases/{self._some()[0]}", headers=_bearer(self.clerk))
        )

        def make(number: int, count: int) -> bytes:
            return request("GET", f"/api/v1/cases/{next(numbers)}", self.clerk)

        return self._result("read", connections_, self._run(make, connections_), statements, [])

    def list_(self, connections_: int = 16, cases: int = 1_000_000) -> Result:
        """List 50 of a million open cases of one unit by urgency."""
        there = self._filled(cases)
        serve(self.world)
        code = bulk.unit_code(bulk.UNIT)
        path = f"/api/v1/cases?unit={code}"
        statements = self._statements(lambda c: c.get(path, headers=_bearer(self.acceptor)))
        message = request("GET", path, self.acceptor)
        measured = self._run(lambda number, count: message, connections_)
        return self._result(
            "list", connections_, measured, statements, [], note=f"{there} cases in the table"
        )

    def due_dates(self, cases: int = 1_000_000) -> Result:
        """Compute the due dates of a million open cases again after the calendar changed."""
        from onedoor.calendar import queries as calendar
        from onedoor.cases import services
        from onedoor.kernel import clock

        there = self._filled(cases)
        bulk.close_a_day()
        calendar.forget()
        taken = baseline.Taken()
        began = time.perf_counter()
        with connection.execute_wrapper(taken):
            counts = services.recompute_due_dates(cause="bench", at=clock.now())
        seconds = time.perf_counter() - began
        plain = bulk.plain_update_rate()
        connection.close()
        serve(self.world)
        return Result(
            name="due_dates",
            database=self.database,
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

    def paper(self) -> Result:
        """Make the PDF of a paper at its first reading; keep it, and give it again."""
        found = papers.measure(self._some()[:200])
        count = len(found.new)
        return Result(
            name="paper",
            database=self.database,
            connections=1,
            rate=round(1000 * count / sum(found.new), 1),
            p50_ms=round(found.new[count // 2], 1),
            p95_ms=round(found.new[int(count * 0.95)], 1),
            p99_ms=round(found.new[int(count * 0.99)], 1),
            statements=found.statements,
            cpu_ms=0.0,
            baseline_rate=round(found.bare_rate, 1),
            failures=0,
            note=f"first of a process {found.first:.0f} ms, "
            f"kept p95 {found.kept[int(len(found.kept) * 0.95)]:.1f} ms; baseline: setting alone",
        )

    def document(self) -> Iterator[Result]:
        """Set an official document of fifty pages, as docx and as PDF."""
        for name, taken in zip(("docx 50 pages", "PDF 50 pages"), papers.documents(), strict=True):
            yield self._once(name, 50, taken / 1000, 0.0, "pages a second")

    def seal(self) -> Result:
        """Put a seal on a page: the processor's share of it."""
        found = papers.seal(self._some()[0])
        count = len(found.clock)
        return Result(
            name="seal",
            database=self.database,
            connections=1,
            rate=round(1000 * count / sum(found.clock), 1),
            p50_ms=round(found.clock[count // 2], 1),
            p95_ms=round(found.clock[int(count * 0.95)], 1),
            p99_ms=round(found.clock[-1], 1),
            statements=0,
            cpu_ms=round(found.processor[count // 2], 1),
            baseline_rate=0.0,
            failures=0,
            note="signing alone, library loaded",
        )

    def search(self, count: int = 100_000) -> Iterator[Result]:
        """Find items among a hundred thousand: by name, by sound, in sentences, with slips."""
        there = items.fill(count)
        scanned = items.scan_ms()
        note = f"{there} items; a LIKE scan takes {scanned:.0f} ms (p95)"
        for kind, questions in items.asked(300).items():
            yield self._search(f"search {kind}", questions, note)

    def _search(self, name: str, questions: list[str], note: str) -> Result:
        paths = [f"/api/v1/items?{urlencode({'q': text})}" for text in questions]
        asked = itertools.cycle(paths)
        statements = self._statements(lambda c: c.get(paths[0], headers=_bearer(self.clerk)))
        run = self._run(lambda number, count: request("GET", next(asked), self.clerk), 1)
        return self._result(name, 1, run, statements, [], note=note)

    def guide(self, connections_: int = 16, wanted: float = 50.0) -> Result:
        """Read guides as the public does, at a fixed rate; each page another item's."""
        from onedoor.catalogue.models import ItemVersion

        codes = ItemVersion.objects.filter(status="published").values_list("item__code", flat=True)
        paths = [f"/items/{code}/" for code in codes]
        turn = itertools.cycle(paths)

        def make(number: int, count: int) -> bytes:
            return request("GET", next(turn), "", headers={"Accept-Encoding": "gzip"})

        statements = self._statements(lambda c: c.get(paths[0], headers={"Host": "127.0.0.1"}))
        measured = self._run(make, connections_, keep=True, pace=wanted)
        heaviest = max((len(body) for body in measured[0].bodies), default=0)
        note = f"paced at {wanted:.0f}/s, {len(paths)} items, heaviest answer {heaviest} bytes"
        return self._result("guide", connections_, measured, statements, [], note=note)

    def backup(self, cases: int = COUNTY_YEAR) -> Iterator[Result]:
        """Back up a county-year of cases beside a plain copy, and put it back, verified.

        The copied cases have no entries; verification says so of each, which costs it time.
        """
        self._filled(cases)
        serve(self.world)  # a backup is made while people work
        seconds, plain, made = backups.back_up(self.world)
        rows = sum(made.rows.values())
        note = f"{rows} rows, {sum(part.size for part in made.parts) / 1e6:.0f} MB"
        yield self._once("backup", rows, seconds, plain, note)
        stop(self.world)
        seconds, faults = backups.put_back(self.world)
        yield self._once("restore", rows, seconds, 0.0, f"{note}, {faults} cases without entries")

    # --- How ----------------------------------------------------------------------------------

    def _filled(self, cases: int) -> int:
        """Stop serving and fill the table: on SQLite the server would wait, and give up."""
        stop(self.world)
        there = bulk.fill(cases)
        connection.close()
        return there

    def _once(self, name: str, rows: int, seconds: float, plain: float, note: str) -> Result:
        """Return a row of what is done once, in rows a second."""
        return Result(
            name=name,
            database=self.database,
            connections=1,
            rate=round(rows / seconds, 1),
            p50_ms=round(seconds * 1000),
            p95_ms=round(seconds * 1000),
            p99_ms=round(seconds * 1000),
            statements=0,
            cpu_ms=0.0,
            baseline_rate=round(rows / plain, 1) if plain else 0.0,
            failures=0,
            note=f"{note}, {seconds:.1f} s in all",
        )

    def _receive_once(self, client: Client) -> Any:
        self._key = uuid.uuid4().hex
        answer = client.post(
            "/api/v1/cases",
            data=self.body,
            content_type=JSON,
            headers={"Idempotency-Key": self._key} | _bearer(self.clerk),
        )
        self._last = answer.content
        return answer

    def _digest_of(self, number: str) -> str:
        from onedoor.cases.models import Case

        return Case.objects.get(number=number).track_digest

    def _some(self) -> list[str]:
        if not self.numbers:
            client = Client()
            for _ in range(400):
                self._receive_once(client)
                self.numbers.append(json.loads(self._last)["number"])
        return self.numbers[:2000]

    def _on_cases(
        self, action: str, connections_: int, token: str, body: bytes, *, name: str = ""
    ) -> Result:
        waiting = self._waiting_for(action)
        first = next(waiting)
        statements = self._statements(
            lambda c: c.post(
                f"/api/v1/cases/{first}/{action}",
                data=body,
                content_type=JSON,
                headers=_bearer(token) | SEEN,
            ),
            warm=False,
        )

        def make(number: int, count: int) -> bytes | None:
            case = next(waiting, None)
            if case is None:
                return None
            return request("POST", f"/api/v1/cases/{case}/{action}", token, body, SEEN)

        measured = self._run(make, connections_)
        unique: list[str | int] = [first, _version_of(first)]
        return self._result(name or action, connections_, measured, statements, unique)

    def _waiting_for(self, action: str) -> Iterator[str]:
        """Yield cases in the state the action needs, made ready where there are too few."""
        from onedoor.cases.models import Case

        wanted = int(700 * SECONDS)
        status = {"accept": "received", "review": "in_review"}[action]
        cases = Case.objects.filter(number__in=self._mine(), status=status)
        if action == "review" and not cases.exists():
            for number in self._mine()[:1000]:
                headers = _bearer(self.acceptor) | SEEN
                Client().post(f"/api/v1/cases/{number}/accept", headers=headers)
        numbers = list(cases.values_list("number", flat=True)[:wanted])
        return _safe(iter(numbers))

    def _mine(self) -> list[str]:
        return self.numbers or self._some()

    def _statements(
        self, call: Callable[[Client], Any], *, warm: bool = True
    ) -> list[baseline.Statement]:
        """Return the statements of one request made in this process, a warm one where it can be."""
        client = Client()
        taken = baseline.Taken()
        for _ in range(2 if warm else 1):
            taken.statements.clear()
            with connection.execute_wrapper(taken):
                answer = call(client)
            if not 200 <= answer.status_code < 300:
                raise Refusal("bench.failed", "%(what)s", what=answer.content.decode()[:500])
        return taken.statements

    def _run(
        self, make: load.Make, connections_: int, *, keep: bool = False, pace: float = 0.0
    ) -> tuple[Measured, float]:
        load.run(make, port=self.world.port, connections=connections_, seconds=1.0, pace=pace)
        before = cpu_seconds(self.world)
        measured = load.run(
            make,
            port=self.world.port,
            connections=connections_,
            seconds=SECONDS,
            keep_bodies=keep,
            pace=pace,
        )
        used = cpu_seconds(self.world) - before
        return measured, 1000 * used / max(len(measured.times), 1)

    def _result(
        self,
        name: str,
        connections_: int,
        run: tuple[Measured, float],
        statements: list[baseline.Statement],
        unique: list[str | int],
        *,
        note: str = "",
    ) -> Result:
        measured, cpu = run
        unique = [*unique, *baseline.papers_of(statements)]
        rate = baseline.rate(self.world.url, statements, unique, seconds=SECONDS / 2, processes=2)
        if measured.failures:
            note = f"{note} first failure: {measured.failures[0]}".strip()
        return Result(
            name=name,
            database=self.database,
            connections=connections_,
            rate=round(measured.rate, 1),
            p50_ms=round(measured.percentile(0.5), 1),
            p95_ms=round(measured.percentile(0.95), 1),
            p99_ms=round(measured.percentile(0.99), 1),
            statements=len(statements),
            cpu_ms=round(cpu, 2),
            baseline_rate=round(rate, 1),
            failures=len(measured.failures),
            note=note,
        )


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


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}


def _use(world: World) -> None:
    """Let this process talk to the world's database and keys instead of the installation's."""
    import dj_database_url
    from django.conf import settings

    from onedoor.kernel import crypto
    from onedoor.ledger import installation, numbers

    connections.close_all()
    settings.DATA, settings.STATIC_ROOT = world.folder, world.folder / "static"
    crypto.use_folder(world.folder / "keys")
    connection.settings_dict.update(
        {k: v for k, v in dj_database_url.parse(world.url).items() if k in ("NAME", "HOST", "PORT")}
    )
    installation.forget()
    numbers.forget()


ALL = (
    "receive",
    "accept",
    "step",
    "read",
    "list",
    "due_dates",
    "paper",
    "document",
    "seal",
    "search",
    "guide",
    "backup",
)


def run(world: World, names: tuple[str, ...]) -> Iterator[Result]:
    """Run the benchmarks named, in the order of the road, and yield their results."""
    bench = Bench(world)
    for name in ALL:
        if name in names:
            found = getattr(bench, {"list": "list_"}.get(name, name))()
            yield from [found] if isinstance(found, Result) else found
