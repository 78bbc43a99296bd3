"""``onedoor bench``: the budgets, measured beside a baseline in a scratch world."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.conf import settings

from onedoor.bench import suite, world

COLUMNS = (
    ("name", "name", 16),
    ("database", "database", 11),
    ("connections", "conn", 5),
    ("rate", "rate/s", 9),
    ("p50_ms", "p50 ms", 8),
    ("p95_ms", "p95 ms", 8),
    ("p99_ms", "p99 ms", 8),
    ("statements", "SQL", 4),
    ("cpu_ms", "CPU ms", 7),
    ("baseline_rate", "bare SQL/s", 11),
    ("failures", "failed", 7),
    ("note", "note", 0),
)


def register(commands: Any) -> None:
    """Add the command to the command line."""
    bench = commands.add_parser("bench", help="measure the budgets in a scratch database")
    bench.add_argument("--only", action="append", choices=suite.ALL, help="one of the benchmarks")
    bench.add_argument("--json", action="store_true", help="rows as JSON")
    bench.set_defaults(run=run_bench)


def run_bench(arguments: argparse.Namespace) -> int:
    names = tuple(arguments.only or suite.ALL)
    scratch = world.create(settings.DATABASE_URL)
    results = []
    try:
        world.serve(scratch)
        if not arguments.json:
            print("  ".join(title.ljust(width) for _, title, width in COLUMNS))
        for result in suite.run(scratch, names):
            results.append(result)
            if not arguments.json:
                row = result.row
                print(
                    "  ".join(str(row[name]).ljust(width) for name, _, width in COLUMNS),
                    flush=True,
                )
    finally:
        world.destroy(scratch, settings.DATABASE_URL)
    if arguments.json:
        print(json.dumps([r.row for r in results], ensure_ascii=False, indent=2))
    return 1 if any(r.failures for r in results) else 0
