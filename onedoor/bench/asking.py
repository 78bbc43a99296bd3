"""What the benchmarks share: a row of results, and a way to ask the scratch county."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, connections
from django.test import Client

from onedoor.bench import baseline, load
from onedoor.bench.load import Measured
from onedoor.bench.world import World, cpu_seconds
from onedoor.kernel.errors import Refusal

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
JSON = "application/json"


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
        self.body = self.application(unit__short_name="市监局", item__transferred_to=None)

    def application(self, **where: Any) -> bytes:
        """Return an application for such a licence, with its three materials."""
        from onedoor.catalogue.models import ItemVersion

        versions = ItemVersion.objects.filter(status="published", kind="promised", item_type="01")
        for version in versions.filter(**where).order_by("name"):
            orders = list(version.materials.order_by("order").values_list("order", flat=True))
            if len(orders) == 3:
                body = {
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
                return json.dumps(body, ensure_ascii=False).encode()
        raise Refusal("bench.no_item", "演示县里没有三份材料的许可事项。")

    def once(self, name: str, rows: int, seconds: float, plain: float, note: str) -> Result:
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

    def timed(
        self,
        name: str,
        times: Sequence[float],
        *,
        note: str,
        statements: int = 0,
        cpu_ms: float = 0.0,
        plain: float = 0.0,
    ) -> Result:
        """Return a row of what is done again and again by one, from its sorted times in ms."""
        count = len(times)
        return Result(
            name=name,
            database=self.database,
            connections=1,
            rate=round(1000 * count / sum(times), 1),
            p50_ms=round(times[count // 2], 1),
            p95_ms=round(times[int(count * 0.95)], 1),
            p99_ms=round(times[int(count * 0.99)], 1),
            statements=statements,
            cpu_ms=round(cpu_ms, 1),
            baseline_rate=round(plain, 1),
            failures=0,
            note=note,
        )

    def receive_once(self, client: Client, body: bytes = b"") -> Any:
        self.key = uuid.uuid4().hex
        answer = client.post(
            "/api/v1/cases",
            data=body or self.body,
            content_type=JSON,
            headers={"Idempotency-Key": self.key} | bearer(self.clerk),
        )
        self.last = answer.content
        return answer

    def digest_of(self, number: str) -> str:
        from onedoor.cases.models import Case

        return Case.objects.get(number=number).track_digest

    def some(self) -> list[str]:
        if not self.numbers:
            client = Client()
            for _ in range(400):
                self.receive_once(client)
                self.numbers.append(json.loads(self.last)["number"])
        return self.numbers[:2000]

    def mine(self) -> list[str]:
        return self.numbers or self.some()

    def statements(
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

    def run(
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

    def result(
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


def bearer(token: str) -> dict[str, str]:
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
