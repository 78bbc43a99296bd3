"""The command line ``onedoor``: exit status 0 done, 1 refused with the reason, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onedoor.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1
    from django.db import OperationalError

    from onedoor.kernel.errors import Refusal
    from onedoor.kernel.sentences import sentence

    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except Refusal as refusal:
        basis = f"（{refusal.basis}）" if refusal.basis else ""
        print(f"{sentence(refusal)}{basis} [{refusal.code}]", file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"数据库没有回应：{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    from onedoor.cli import (
        backups,
        benches,
        dates,
        demos,
        imports,
        keys,
        ledgers,
        papers,
        people,
        reports,
        searches,
        serving,
        tokens,
        working,
    )
    from onedoor.version import VERSION

    parser = argparse.ArgumentParser(prog="onedoor", description="OneDoor 一扇门")
    parser.add_argument("--version", action="version", version=f"onedoor {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    importing = commands.add_parser("import", help="bring in items, divisions, a calendar")
    kinds = importing.add_subparsers(metavar="WHAT", required=True)
    dates.register(commands)
    dates.register_import(kinds)
    imports.register(commands)
    imports.register_import(kinds)
    serving.register(commands)
    working.register(commands)
    demos.register(commands)
    papers.register(commands)
    reports.register(commands)
    ledgers.register(commands)
    keys.register(commands)
    people.register(commands)
    tokens.register(commands)
    searches.register(commands)
    benches.register(commands)
    backups.register(commands)
    return parser
