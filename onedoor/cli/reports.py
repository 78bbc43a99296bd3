"""``onedoor report import``, ``report render``, ``report list``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from onedoor.accounts.queries import actor_named
from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.cli.serving import prepare
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.reports import queries
from onedoor.reports import services as reports
from onedoor.reports.rules.document import LARGEST


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    report = commands.add_parser("report", help="rectification reports: in, out, read")
    kinds = report.add_subparsers(metavar="WHAT", required=True)
    taking = kinds.add_parser("import", help="a report as JSON; prints its number last")
    taking.add_argument("file", metavar="FILE.json")
    taking.add_argument("--by", default="", metavar="USERNAME", help="whose import it is")
    taking.set_defaults(run=run_import)
    render = kinds.add_parser("render", help="a report as text, to standard output")
    render.add_argument("number", metavar="NUMBER|latest")
    render.add_argument("--format", choices=("txt",), default="txt")
    render.set_defaults(run=run_render)


def run_import(arguments: argparse.Namespace) -> int:
    prepare()
    kept = reports.import_report(_content(arguments.file), by=_actor(arguments.by), at=clock.now())
    print(kept.report.title)
    for finding in queries.findings_of(kept.report).prefetch_related("gaps"):
        claim = f"自述“{finding.claim_label}”" if finding.claim_label else "没有写明整改结果"
        gaps = "、".join(dict.fromkeys(gap.what.zh for gap in finding.gaps.all()))
        print(f"{finding.number} {finding.title}：{claim}；待核：{gaps or '无'}")
    tasks = kept.report.tasks.count()
    print(f"下一步计划 {tasks} 项，待分解")
    for note in kept.report.remarks.order_by("place"):
        print(f"请核对 {note.code}：{note.text}")
    if not kept.is_new:
        print("这份报告以前导入过，没有改动。")
    print(kept.report.number)
    return 0


def run_render(arguments: argparse.Namespace) -> int:
    report = queries.report_with(arguments.number)
    sys.stdout.buffer.write(queries.text_of(report))
    sys.stdout.buffer.flush()
    return 0


def _content(name: str) -> bytes:
    path = Path(name)
    if not path.is_file():
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=name)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _actor(username: str) -> Actor:
    return actor_named(username, on=clock.day_of(clock.now())) if username else SYSTEM
