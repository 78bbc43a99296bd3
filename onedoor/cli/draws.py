"""``onedoor draw verify``: recompute records offline, or every draw of a year in the database."""

from __future__ import annotations

import argparse
from typing import Any

from onedoor.cli.saying import say
from onedoor.market import records
from onedoor.market.rules import draw


def register(commands: Any) -> None:
    """Add the command to the command line."""
    drawing = commands.add_parser("draw", help="draws of the market")
    kinds = drawing.add_subparsers(metavar="WHAT", required=True)
    check = kinds.add_parser("verify", help="recompute records, without a database; or a year")
    check.add_argument("file", nargs="*", help="records in the order of their numbers")
    check.add_argument("--year", type=int, default=0, help="every draw of a year, with the ledger")
    check.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    """Return 0 where all agrees, 1 where something differs, 2 where a file is no record."""
    if not arguments.year:
        return draw.main(arguments.file, say)
    count, faults = records.year_faults(arguments.year)
    for fault in faults:
        say(f"{fault.draw} 不一致：{fault.what}")
    say(f"year={arguments.year} draws={count} faults={len(faults)}")
    return 1 if faults else 0
