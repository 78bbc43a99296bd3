"""``onedoor draw verify``: recompute the record of a draw, offline, without a database."""

from __future__ import annotations

import argparse
from typing import Any

from onedoor.cli.saying import say
from onedoor.market.rules import draw


def register(commands: Any) -> None:
    """Add the command to the command line."""
    drawing = commands.add_parser("draw", help="draws of the market")
    kinds = drawing.add_subparsers(metavar="WHAT", required=True)
    check = kinds.add_parser("verify", help="recompute records, without a database")
    check.add_argument("file", nargs="+", help="records in the order of their numbers")
    check.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    """Return 0 where all agrees, 1 where something differs, 2 where a file is no record."""
    return draw.main(arguments.file, say)
