"""``onedoor hall``: set halls up from a file, and play a day again from the ledger."""

from __future__ import annotations

import argparse
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from onedoor.accounts.rules import SYSTEM
from onedoor.cli.serving import prepare
from onedoor.hall import audit, queries
from onedoor.hall import services as hall
from onedoor.hall.rules.replay import Found
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid


def register(commands: Any) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("hall", help="set up the halls, or replay a day of calls")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    setting = actions.add_parser("set", help="set up halls, groups and windows from a TOML file")
    setting.add_argument("file", type=Path)
    setting.set_defaults(run=run_set)
    replay = actions.add_parser("replay", help="prove that each call obeyed the policy")
    replay.add_argument("--date", type=date.fromisoformat, help="default: today")
    replay.add_argument("--hall", default="", help="code of the hall; default: the first")
    replay.set_defaults(run=run_replay)


def run_set(arguments: argparse.Namespace) -> int:
    """Set up the halls of a file; nothing is taken over of a file that has a wrong row."""
    prepare()
    try:
        told = tomllib.loads(arguments.file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotValid(
            "hall.file", "读不了 %(file)s：%(error)s", file=str(arguments.file), error=str(error)
        ) from None
    for each in told.get("hall", ()):
        made = hall.set_hall(each, by=SYSTEM, at=clock.now())
        windows, groups = made.windows.count(), made.groups.count()
        print(f"hall={made.code} windows={windows} groups={groups}")
    return 0


def run_replay(arguments: argparse.Namespace) -> int:
    """Print what a day's replay finds; the status is 1 when a call broke the policy."""
    prepare()
    place = queries.hall(arguments.hall)
    day = arguments.date or clock.day_of(clock.now())
    report = audit.replay_day(place, day)
    for found in report.overrides:
        print(f"override {_told(found)} reason={found.reason}")
    for found in report.faults:
        assert found.fault is not None
        print(f"fault {found.fault.value} {_told(found)}（{found.fault.zh}）", file=sys.stderr)
    counts = f"calls={report.calls} overrides={len(report.overrides)} faults={len(report.faults)}"
    print(f"{place.code} {day} {counts}")
    return 0 if report.is_clean else 1


def _told(found: Found) -> str:
    before = ",".join(found.before) or "-"
    at = f"{clock.local(found.at):%H:%M:%S}"
    return f"{at} {found.number} window={found.window} by={found.actor} before={before}"
