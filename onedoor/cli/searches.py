"""``onedoor search``: rebuild what the search reads, or ask it something."""

from __future__ import annotations

import argparse
from typing import Any

from onedoor.catalogue import services as catalogue
from onedoor.catalogue.search import find
from onedoor.cli.serving import prepare


def register(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("search", help="find items, or rebuild what the search reads")
    parser.add_argument("words", nargs="*", help="what to look for")
    parser.add_argument("--rebuild", action="store_true", help="write the whole index anew")
    parser.set_defaults(run=run_search)


def run_search(arguments: argparse.Namespace) -> int:
    """Rebuild, ask, or both; the status is 1 when nothing was found."""
    prepare()
    if arguments.rebuild:
        done = 0
        for done in catalogue.rebuild():
            print(f"\r{done}", end="", flush=True)
        print(f"\rindexed={done}")
    if not arguments.words:
        return 0
    answer = find(" ".join(arguments.words))
    for hit in answer.hits(0, 20) or answer.nearest_hits():
        print(f"{hit.version.item.code}  {hit.version.name}  {hit.version.unit.name}")
    print(f"found={answer.count}")
    return 0 if answer.count else 1
