"""What is made: papers, documents, signatures, backups."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.test import Client

from onedoor.bench import backups, papers
from onedoor.bench.asking import Bench, Result
from onedoor.bench.road import filled
from onedoor.bench.world import serve, stop

COUNTY_YEAR = 700_000
BATCH = 200
"""So many papers a keeper seals in a row."""


def paper(bench: Bench) -> Result:
    """Make the PDF of a paper at its first reading; keep it, and give it again."""
    found = papers.measure(bench.some()[:200])
    return bench.timed(
        "paper",
        found.new,
        statements=found.statements,
        plain=found.bare_rate,
        note=f"first of a process {found.first:.0f} ms, "
        f"kept p95 {found.kept[int(len(found.kept) * 0.95)]:.1f} ms; baseline: setting alone",
    )


def document(bench: Bench) -> Iterator[Result]:
    """Set an official document of fifty pages, as docx and as PDF."""
    for name, taken in zip(("docx 50 pages", "PDF 50 pages"), papers.documents(), strict=True):
        yield bench.once(name, 50, taken / 1000, 0.0, "pages a second")


def seal(bench: Bench) -> Iterator[Result]:
    """Put a seal on a page, the processor's share of it; and on two hundred papers in a row."""
    found = papers.seal(bench.some()[0])
    count = len(found.clock)
    cpu, note = found.processor[count // 2], "signing alone, library loaded"
    yield bench.timed("seal", found.clock, cpu_ms=cpu, note=note)
    client, body = Client(), bench.application(item__transferred_to__isnull=False)
    received = [json.loads(bench.receive_once(client, body).content) for _ in range(BATCH)]
    sealed, seconds = papers.seal_waiting([case["number"] for case in received])
    alone = sealed * sum(found.clock) / count / 1000
    note = "PDFs made, signed, kept and recorded; baseline: signing alone"
    yield bench.once("seal 200", sealed, seconds, alone, note)


def backup(bench: Bench, cases: int = COUNTY_YEAR) -> Iterator[Result]:
    """Back up a county-year of cases beside a plain copy, and put it back, verified.

    The copied cases have no entries; verification says so of each, which costs it time.
    """
    filled(bench, cases)
    serve(bench.world)  # a backup is made while people work
    seconds, plain, made = backups.back_up(bench.world)
    rows = sum(made.rows.values())
    note = f"{rows} rows, {sum(part.size for part in made.parts) / 1e6:.0f} MB"
    yield bench.once("backup", rows, seconds, plain, note)
    stop(bench.world)
    seconds, faults = backups.put_back(bench.world)
    yield bench.once("restore", rows, seconds, 0.0, f"{note}, {faults} cases without entries")
