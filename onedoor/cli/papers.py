"""``onedoor paper export``, ``onedoor paper reconcile``, ``onedoor verify paper``."""

from __future__ import annotations

import argparse
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from onedoor.cases import reconciling
from onedoor.files.services import opened
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.kernel.web import sentence
from onedoor.seals import queries as seals

LARGEST = 50 * 1024 * 1024


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    paper = commands.add_parser("paper", help="official papers: out as files, and reconciled")
    kinds = paper.add_subparsers(metavar="WHAT", required=True)
    out = kinds.add_parser("export", help="write sealed papers into a folder")
    out.add_argument("--sealed", action="store_true", required=True, help="those that are sealed")
    out.add_argument("--limit", type=_count, default=100, metavar="N", help="the latest N (100)")
    out.add_argument("--to", required=True, metavar="DIR")
    out.set_defaults(run=run_export)
    reconcile = kinds.add_parser("reconcile", help="decisions = papers = uses of the seal?")
    reconcile.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY")
    reconcile.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY")
    reconcile.set_defaults(run=run_reconcile)


def register_verify(kinds: Any) -> None:
    """Add ``verify paper`` to the commands that need no database."""
    check = kinds.add_parser("paper", help="a sealed PDF: whole, and by which seal")
    check.add_argument("file")
    check.set_defaults(run=run_verify)


def _count(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= 100_000:
        return int(text)
    raise argparse.ArgumentTypeError("请写 1 到 100000 的整数。")


def run_export(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.to)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for use in seals.uses("")[: arguments.limit]:
        place = folder / f"{use.request.paper}.pdf"
        with opened(use.file.digest) as sealed, place.open("wb") as file:
            shutil.copyfileobj(sealed, file)
        count += 1
    print(f"{count} 份盖了章的文书写到 {folder}")
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    from onedoor.seals.backends import checking  # pyHanko: no other command needs it

    path = Path(arguments.file)
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=str(path))
    found = checking.read(path.read_bytes())
    for each in found:
        said = "完整，盖章以后一个字节也没有改" if each.is_whole else "不完整：盖章以后被改过"
        print(f"{each.seal} · {each.unit}：{said}")
        print(f"  签名时间 {each.at:%Y-%m-%d %H:%M:%S%z}" if each.at else "  没有签名时间")
        print(f"  签发机构 {each.issuer}")
        print(f"  证书指纹 sha256:{each.fingerprint}，请和单位公布的印章指纹比对")
    if len(found) != 1 or not found[0].is_whole:
        if not found:
            raise Refusal("paper.unsealed_file", "这个文件没有电子印章。")
        raise Refusal("paper.altered_file", "这个文件盖章以后被改过，不要采用。")
    return 0


def run_reconcile(arguments: argparse.Namespace) -> int:
    period = reconciling.Period(arguments.first, arguments.last)
    found = reconciling.reconcile(at=clock.now(), period=period)
    print(
        f"决定 {found.decisions} · 决定文书 {found.papers} · 用印 {found.uses} · "
        f"等用印 {found.waiting} · 差异 {len(found.differences)}"
    )
    for difference in found.differences:
        print(f"DIFFERENCE {difference.subject}: {sentence(difference.why)}")
    return 1 if found.differences else 0
