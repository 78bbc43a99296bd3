"""``onedoor ledger export``, ``ledger heads``, ``onedoor verify ledger``, ``onedoor clock``."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from onedoor.cli import archives, papers
from onedoor.cli.saying import say
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, NotValid
from onedoor.ledger import export, installation, mailing, queries
from onedoor.ledger.models import TreeHead
from onedoor.ledger.rules.verify import Summary, verify
from onedoor.ledger.signatures import is_signed


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    ledger = commands.add_parser("ledger", help="the ledger as a file")
    kinds = ledger.add_subparsers(metavar="WHAT", required=True)
    out = kinds.add_parser("export", help="write every entry, head and row link")
    out.add_argument("file")
    out.set_defaults(run=run_export)

    heads = kinds.add_parser("heads", help="print the newest signed heads")
    heads.add_argument("--last", type=int, default=1, metavar="N", help="how many (1)")
    heads.set_defaults(run=run_heads)

    verifying = commands.add_parser("verify", help="check a file, without a database")
    kinds = verifying.add_subparsers(metavar="WHAT", required=True)
    check = kinds.add_parser("ledger", help="an exported ledger")
    check.add_argument("file")
    check.add_argument("--key", default="", help="the public key you know the office by (hex)")
    check.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="SIZE:ROOT",
        help="a signed head you got earlier, by mail or on a receipt",
    )
    check.set_defaults(run=run_verify)
    papers.register_verify(kinds)
    archives.register_verify(kinds)

    moving = commands.add_parser("clock", help="move the clock of a demo database")
    moving.add_argument("offset", nargs="?", default="", help="+3d, +12h, or 0 for the real time")
    moving.add_argument("--rate", type=int, default=1, help="so many times faster (1 to 600)")
    moving.set_defaults(run=run_clock)


def run_export(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        counts = export.write(file, at=clock.now())
    draft.replace(path)
    print(" ".join(f"{name}={count}" for name, count in counts.items()))
    return 0


def run_heads(arguments: argparse.Namespace) -> int:
    """Print heads, the newest first; note one outside the house and give it to verify later."""
    heads = TreeHead.objects.order_by("-size")[: max(arguments.last, 1)]
    if not heads:
        raise NotFound("ledger.no_head", "还没有签过树头。后台每分钟签一次：onedoor work。")
    for head in heads:
        print(mailing.line(head))
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    if not path.is_file():
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=str(path))
    summary = Summary()
    heads = [_head(text) for text in arguments.head]
    faults = 0
    with path.open(encoding="utf-8", errors="replace") as lines:
        for fault in verify(
            lines, summary, signed_by=is_signed, public_key=arguments.key, known_heads=heads
        ):
            faults += 1
            if faults <= 20:
                say(f"FAULT {fault.where}: {fault.what}")
    say(
        f"entries={summary.entries} sealed={summary.sealed} pending={summary.pending} "
        f"heads={summary.heads} rows={summary.rows} faults={faults}"
    )
    if faults:
        return 1
    if not summary.sealed:
        say("NOT PROVEN: no signed head is in this file; anybody could have written it.")
        return 1
    unsealed = summary.entries + summary.pending - summary.sealed
    if unsealed:
        say(f"{unsealed} entries are not yet under a signed head.")
    say(f"OK: whole up to head {summary.sealed}:{summary.last_root}")
    if not arguments.key:
        say(f"Signed with key {summary.public_key}; compare it with the one you know.")
    return 0


def _head(text: str) -> tuple[int, str]:
    size, _, root = text.partition(":")
    if not size.isdigit() or not re.fullmatch(rf"[0-9a-f]{{{queries.SHORT},64}}", root):
        raise NotValid(
            "ledger.bad_head",
            "树头应写成 数量:十六进制，至少 %(least)s 位，凭证上印的就够。",
            field="head",
            least=queries.SHORT,
        )
    return int(size), root


def run_clock(arguments: argparse.Namespace) -> int:
    if arguments.offset:
        installation.set_clock(_offset(arguments.offset), rate=arguments.rate)
    print(f"{clock.local(clock.now()):%Y-%m-%d %H:%M:%S}")
    return 0


def _offset(text: str) -> timedelta:
    match = re.fullmatch(r"([+-]?\d+)([dhm]?)", text)
    if match is None:
        raise NotValid("clock.bad_offset", "请写成 +3d、+12h 或 0。", field="offset")
    number, unit = int(match[1]), match[2] or "d"
    return timedelta(**{{"d": "days", "h": "hours", "m": "minutes"}[unit]: number})
