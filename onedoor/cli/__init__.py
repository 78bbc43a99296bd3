"""The command line ``onedoor``: exit status 0 done, 1 refused with the reason, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

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

    given = sys.argv[1:] if argv is None else argv
    arguments = _parser(given[0] if given else "").parse_args(given)
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


COMMANDS = {
    "due": "dates",
    "import": "imports",
    "publish": "imports",
    "export": "imports",
    "serve": "serving",
    "migrate": "serving",
    "work": "working",
    "demo": "demos",
    "day": "days",
    "paper": "papers",
    "report": "reports",
    "ledger": "ledgers",
    "verify": "ledgers",
    "draw": "draws",
    "clock": "ledgers",
    "hall": "halls",
    "keys": "keys",
    "person": "people",
    "token": "tokens",
    "search": "searches",
    "bench": "benches",
    "backup": "backups",
    "restore": "backups",
}
"""Which module of this folder knows which command: one that is asked for is read, not all."""


def _parser(asked: str) -> argparse.ArgumentParser:
    """Return the parser of the command that is asked for, or of all where none is."""
    from onedoor.version import VERSION

    parser = argparse.ArgumentParser(prog="onedoor", description="OneDoor 一扇门")
    parser.add_argument("--version", action="version", version=f"onedoor {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    wanted = [COMMANDS[asked]] if asked in COMMANDS else list(dict.fromkeys(COMMANDS.values()))
    for name in wanted:
        import_module(f"onedoor.cli.{name}").register(commands)
    return parser
