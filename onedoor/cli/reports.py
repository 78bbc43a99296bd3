"""``onedoor report``: take one in, read one, make one from the ledger, print and compare."""

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
from onedoor.reports import official, open_data, publications, queries, sources
from onedoor.reports import services as reports
from onedoor.reports.rules.document import LARGEST
from onedoor.reports.rules.figures import differences, figures_of
from onedoor.reports.rules.open_data import Dataset
from onedoor.reports.rules.publishing.clock import Due
from onedoor.reports.rules.publishing.words import Urgency
from onedoor.reports.rules.words import LiveKind


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    report = commands.add_parser("report", help="rectification reports: in, out, read")
    kinds = report.add_subparsers(metavar="WHAT", required=True)
    taking = kinds.add_parser("import", help="a report as JSON; prints its number last")
    taking.add_argument("file", metavar="FILE.json")
    taking.add_argument("--by", default="", metavar="USERNAME", help="whose import it is")
    taking.set_defaults(run=run_import)
    reading = kinds.add_parser("read", help="a report as text or docx: a draft to be confirmed")
    reading.add_argument("file", metavar="FILE")
    reading.add_argument("--by", default="", metavar="USERNAME", help="whose reading it is")
    reading.set_defaults(run=run_read)
    render = kinds.add_parser("render", help="a report as text, docx or PDF, to standard output")
    render.add_argument("number", metavar="NUMBER|latest")
    render.add_argument("--format", choices=tuple(official.MAKE), default="txt")
    render.add_argument("--to", default="", metavar="FILE", help="into a file instead")
    render.set_defaults(run=run_render)
    making = kinds.add_parser("make", help="a report from the ledger as it stands")
    making.add_argument("kind", choices=[k.value for k in LiveKind], metavar="KIND")
    making.add_argument("about", nargs="?", default="", metavar="2026-11|2026|NUMBER")
    making.add_argument("--public", action="store_true", help="of published findings alone")
    making.add_argument("--by", default="", metavar="USERNAME", help="whose report it is")
    making.set_defaults(run=run_make)
    listing = kinds.add_parser("list", help="the reports kept, the latest first")
    listing.set_defaults(run=run_list)
    opening = kinds.add_parser("figures", help="a report's figures: query, time, findings")
    opening.add_argument("number", metavar="NUMBER|latest")
    opening.set_defaults(run=run_figures)
    comparing = kinds.add_parser("compare", help="what differs between two reports kept")
    comparing.add_argument("old", metavar="OLD")
    comparing.add_argument("new", metavar="NEW|latest")
    comparing.set_defaults(run=run_compare)
    due = kinds.add_parser("due", help="what has to be public by when, entered or not")
    due.set_defaults(run=run_due)
    taking_out = kinds.add_parser("data", help="an open data set, to standard output")
    taking_out.add_argument("dataset", choices=[d.value for d in Dataset], metavar="SET")
    taking_out.add_argument("--format", choices=("csv", "json"), default="csv")
    taking_out.set_defaults(run=run_data)


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
    made = official.MAKE[arguments.format](report)
    if arguments.to:
        Path(arguments.to).write_bytes(made)
        return 0
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


def run_read(arguments: argparse.Namespace) -> int:
    prepare()
    reading = reports.read_report(
        _content(arguments.file, sources.LARGEST),
        name=Path(arguments.file).name,
        by=_actor(arguments.by),
        at=clock.now(),
    )
    content = reading.content
    print(content["document"].get("title") or "没有读到标题")
    for issue in content["issues"]:
        responsible = issue["responsible"]
        print(f"{issue['seq']}. {issue['title']}")
        print(
            f"   自述：{issue['status']['claimed']}；"
            f"责任单位：{responsible['lead_unit'] or '没有写'}；"
            f"时限：{responsible['deadline'] or '没有写'}；"
            f"措施 {len(issue['response']['measures'])} 条"
        )
    for step in content["next_steps"]:
        print(f"下一步：{step['heading'] or step['text'][:30]}")
    for note in content["data_quality"]:
        print(f"请核对：{note['text']}")
    for text in content["unread"]:
        print(f"没有读懂：{text[:60]}")
    print("这是草稿，没有登记任何问题。请在网页上对照原文确认。")
    print(reading.number)
    return 0


def run_make(arguments: argparse.Namespace) -> int:
    prepare()
    kind, about = LiveKind(arguments.kind), arguments.about or queries.LATEST
    if kind is LiveKind.COMPARISON:
        about = arguments.about
    wanted = reports.wanted_of(kind, about=about, is_public=arguments.public)
    kept = reports.make_report(wanted, by=_actor(arguments.by), at=clock.now())
    print(kept.report.title)
    if not kept.is_new:
        print("今天已经做过，数字没有变，就是这一份。")
    print(kept.report.number)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    for report in queries.reports():
        published = report.published_on.isoformat() if report.published_on else "没有公开"
        print(f"{report.number} {clock.local(report.made_at):%Y-%m-%d %H:%M} {published}", end=" ")
        print(f"{report.source.zh} {report.title}")
    return 0


def run_figures(arguments: argparse.Namespace) -> int:
    for figure in figures_of(queries.report_with(arguments.number).content):
        print(f"{figure.label} {figure.value}：{figure.query}；{figure.at}")
        if figure.rows:
            print(f"  {' '.join(figure.rows)}")
    return 0


def run_compare(arguments: argparse.Namespace) -> int:
    old, new = (queries.report_with(number) for number in (arguments.old, arguments.new))
    found = differences(old.content, new.content)
    for each in found:
        print(f"{each.label}：{each.before} → {each.after}")
        for mark, rows in (("-", each.gone), ("+", each.come)):
            if rows:
                print(f"  {mark} {' '.join(rows)}")
    if not found:
        print("两份报告说的一样。")
    return 0


def run_due(arguments: argparse.Namespace) -> int:
    on = clock.day_of(clock.now())
    for w in publications.waiting(SYSTEM, on=on):
        edition = w.edition
        what = f"{edition.publication.number} {edition.standing.zh} {edition.title}"
        print(_due_line(w.due, w.urgency, what))
    for u in publications.undecided(on=on):
        print(_due_line(u.due, u.urgency, f"{u.report.number} 没有登记 {u.report.title}"))
    return 0


def _due_line(due: Due, urgency: Urgency, what: str) -> str:
    return f"{due.on}{'（暂定）' if due.is_provisional else ''} {urgency.zh} {what}"


def run_data(arguments: argparse.Namespace) -> int:
    make = {"csv": open_data.as_csv, "json": open_data.as_json}[arguments.format]
    for text in make(Dataset(arguments.dataset)):
        sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
    return 0


def _content(name: str, most: int = LARGEST) -> bytes:
    path = Path(name)
    if not path.is_file():
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=name)
    with path.open("rb") as file:
        return file.read(most + 1)


def _actor(username: str) -> Actor:
    return actor_named(username, on=clock.day_of(clock.now())) if username else SYSTEM
