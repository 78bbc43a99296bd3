"""``onedoor import`` items, directory, divisions, transfers; ``onedoor publish``, ``export``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import actor_named, unit_named
from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.services import ImportReport
from onedoor.cli import dates
from onedoor.cli.serving import prepare
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound
from onedoor.kernel.sentences import sentence


def register(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("publish", help="publish items that wait for it")
    parser.add_argument("--unit", default="", metavar="NAME", help="only this unit's items")
    parser.add_argument("--item", default="", metavar="CODE", help="only this item")
    parser.add_argument(
        "--by", required=True, metavar="USERNAME", help="who publishes; not who edited"
    )
    parser.set_defaults(run=run_publish)
    exporting = commands.add_parser("export", help="give items out in the national tables")
    kinds = exporting.add_subparsers(metavar="WHAT", required=True)
    items = kinds.add_parser("items", help="every item in force, as CSV files in a folder")
    items.add_argument("folder", metavar="DIR")
    items.set_defaults(run=run_export)
    importing = commands.add_parser("import", help="bring in items, divisions, a calendar")
    kinds = importing.add_subparsers(metavar="WHAT", required=True)
    dates.register_import(kinds)
    _register_import(kinds)


def _register_import(kinds: Any) -> None:
    items = kinds.add_parser("items", help="an item list: CSV, XLSX or JSON, all or nothing")
    items.set_defaults(run=run_items)
    items.add_argument(
        "--codes", default="", metavar="PLACE", help="the place whose code tables the file uses"
    )
    divisions = kinds.add_parser("divisions", help="administrative divisions: CSV, XLSX or JSON")
    divisions.set_defaults(run=run_divisions)
    directory = kinds.add_parser("directory", help="the basic directory: CSV, XLSX or JSON")
    directory.set_defaults(run=run_directory)
    transfers = kinds.add_parser("transfers", help="the transfer list of the one seal: CSV, XLSX")
    transfers.set_defaults(run=run_transfers)
    for parser in (items, divisions, directory, transfers):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--by", default="", metavar="USERNAME", help="whose import it is")


def run_items(arguments: argparse.Namespace) -> int:
    prepare()
    path, at = Path(arguments.file), clock.now()
    report = catalogue.import_items(
        path, filename=path.name, by=_actor(arguments.by), at=at, codes=arguments.codes
    )
    return _tell(report)


def run_divisions(arguments: argparse.Namespace) -> int:
    prepare()
    path, at = Path(arguments.file), clock.now()
    report = catalogue.import_divisions(path, filename=path.name, by=_actor(arguments.by), at=at)
    return _tell(report)


def run_directory(arguments: argparse.Namespace) -> int:
    prepare()
    path, at = Path(arguments.file), clock.now()
    report = catalogue.import_directory(path, filename=path.name, by=_actor(arguments.by), at=at)
    return _tell(report)


def run_transfers(arguments: argparse.Namespace) -> int:
    prepare()
    path, at = Path(arguments.file), clock.now()
    report = catalogue.import_transfers(path, filename=path.name, by=_actor(arguments.by), at=at)
    return _tell(report)


def run_export(arguments: argparse.Namespace) -> int:
    prepare()
    report = catalogue.export_items(Path(arguments.folder), at=clock.now())
    for problem in report.problems[:20]:
        print(f"{problem.item} {problem.table} {problem.column}：{problem.why}")
    if len(report.problems) > 20:
        print(f"……全部 {len(report.problems)} 处写在 problems.csv 里。")
    print(f"items={report.items} problems={len(report.problems)}")
    return 1 if report.problems else 0


def _actor(username: str) -> Actor:
    return actor_named(username, on=clock.day_of(clock.now())) if username else SYSTEM


def _tell(report: ImportReport) -> int:
    """Print the refused rows, then the counts; the last line is for programs too."""
    for refused in report.refused:
        print(refused)
    if (more := report.refused_count - len(report.refused)) > 0:
        print(f"……还有 {more} 行，不一一列出。")
    if report.unknown_columns:
        print(f"这几列不认识，没有导入：{'、'.join(report.unknown_columns)}")
    if report.refused_count:
        print("有不能导入的行，所以整个文件都没有导入。改好以后再导入一次。")
    if report.warnings:
        print(f"发布前请看：{report.warned} 项有没写全或要核对的地方。")
        for title, count in report.warnings.most_common():
            print(f"  {title}：{count} 项")
    print(report)
    return 1 if report.refused_count else 0


def run_publish(arguments: argparse.Namespace) -> int:
    prepare()
    by, at = _actor(arguments.by), clock.now()
    if arguments.item:
        version = catalogue.publish(arguments.item, by=by, at=at)
        print(f"已发布：{version.name} 第 {version.number} 版")
        print("published=1 refused=0")
        return 0
    unit = _unit(arguments.unit) if arguments.unit else None
    report = catalogue.publish_all(by=by, at=at, unit=unit)
    for code, refusal in report.refused:
        print(f"{code}：{sentence(refusal)} [{refusal.code}]")
    print(f"published={report.published} refused={len(report.refused)}")
    return 1 if report.refused else 0


def _unit(name: str) -> Organisation:
    unit = unit_named(name)
    if unit is None:
        raise NotFound("accounts.no_such_unit", "没有叫“%(name)s”的单位。", name=name)
    return unit
