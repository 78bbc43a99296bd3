"""A draw among ten thousand, ranked and verified; and one that five hundred people look at."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from onedoor.bench.asking import Bench, Result
from onedoor.bench.load import request
from onedoor.market.rules import draw

ENTRANTS = 10_000
ROUNDS = 7


def record(count: int) -> dict[str, Any]:
    """Return the completed record of a draw among so many, with dice and three parties."""
    at = {name: f"2026-03-02T{time_}:00+08:00" for name, time_ in _TIMES.items()}
    frozen = {
        "schema": draw.FREEZE_SCHEMA,
        "draw_id": "532502-2026-000001",
        "notice_id": "BENCH",
        "method": "random",
        "winners": 1,
        "alternates": 2,
        "prev_record_hash": draw.GENESIS,
        "entries": [{"uscc": f"91532502MA{n:08d}", "weight": 1} for n in range(count)],
        "excluded": [],
        "order": "event_then_open",
        "commit_deadline": at["committed"],
        "open_deadline": at["opened"],
        "event": {"kind": "dice", "throws": 10},
    }
    secrets = {p: hashlib.sha256(p.encode()).hexdigest() for p in ("operator", "supervisor")}
    return draw.complete(
        {
            "schema": draw.SCHEMA,
            "state": "completed",
            "level": 2,
            "frozen_at": at["frozen"],
            "freeze": frozen,
            "freeze_hash": draw.freeze_hash(frozen),
            "commitments": [
                {"party": p, "commit": draw.commitment(frozen, p, s), "at": at["frozen"]}
                for p, s in secrets.items()
            ],
            "event": {"value": "3141592653", "at": at["thrown"]},
            "openings": [
                {"party": p, "secret": s, "at": at["opened"], "by": "party"}
                for p, s in secrets.items()
            ],
        }
    )


_TIMES = {"frozen": "09:00", "committed": "09:30", "thrown": "09:35", "opened": "09:45"}


def draws(bench: Bench) -> Iterator[Result]:
    """Rank ten thousand entrants; read and verify such a record as an auditor does."""
    made = record(ENTRANTS)
    text = json.dumps(made)
    seed, entries = bytes.fromhex(made["seed"]), made["freeze"]["entries"]
    plain = _times(lambda: [hashlib.sha256(e["uscc"].encode()).digest() for e in entries])
    bare = 1000 / plain[len(plain) // 2]
    note = f"{ENTRANTS} entrants, {len(text) // 1024} KB; baseline: one SHA-256 of each"
    ranked = _times(lambda: draw.rank(seed, entries))
    yield bench.timed("draw rank", ranked, plain=bare, note=note)

    def verified() -> None:
        assert draw.verify(draw.read(text)) == []

    yield bench.timed("draw verify", _times(verified), plain=bare, note=note)
    yield live(bench)


VIEWERS, EVERY = 500, 3.0
"""So many look at a draw, each asking so often (in seconds)."""


def live(bench: Bench, connections_: int = 32) -> Result:
    """Bear the viewers of a draw: each has seen the last step, and asks for another."""
    from onedoor.market.models import Draw

    found = Draw.objects.order_by("number").first()
    assert found is not None
    path, seen = f"/market/draws/{found.number}/state.json", f'"{found.version}"'
    message = request("GET", path, "", headers={"If-None-Match": seen})
    first = {"Host": "127.0.0.1"}
    statements = bench.statements(lambda client: client.get(path, headers=first))
    measured = bench.run(lambda number, count: message, connections_, pace=VIEWERS / EVERY)
    note = f"paced as {VIEWERS} viewers, each every {EVERY:.0f} s; 304s; SQL of the first answer"
    return bench.result("draw live", connections_, measured, statements, [], note=note)


def _times(work: Callable[[], object]) -> list[float]:
    """Return the milliseconds of each round, the shortest first."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - began))
    return sorted(found)
