"""``onedoor verify archive``: the package of a closed case, checked without a database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from onedoor.archive.rules.verify import Package, verify
from onedoor.cli.saying import plain, say
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.ledger.signatures import is_signed

SHOWN = 20


def register_verify(kinds: Any) -> None:
    """Add ``verify archive`` to the commands that need no database."""
    check = kinds.add_parser("archive", help="the package of a closed case: whole, and by whom")
    check.add_argument("file")
    check.add_argument("--key", default="", help="the public key you know the office by (hex)")
    check.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    path, package = Path(arguments.file), Package()
    if not path.is_file():
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=str(path))
    with path.open("rb") as content:
        faults = list(
            verify(content, package, signed_by=is_signed, public_key=arguments.key.lower())
        )
    for fault in faults[:SHOWN]:
        say(f"FAULT {fault.where}: {fault.what}")
    say(f"{package.number} files={package.files} entries={package.entries} faults={len(faults)}")
    if faults:
        raise Refusal(
            "archive.altered",
            "这份档案不完整或者被改过，第一处是 %(where)s。",
            where=plain(faults[0].where),
        )
    if arguments.key:
        say("OK: every file and entry is as it was archived, signed with the key you know.")
        return 0
    say("WHOLE: every file and entry is as it was signed.")
    say("NOT CHECKED: by whom. Anybody can sign a package with a key of their own; compare")
    say(f"{package.public_key}")
    say("with the key you know the office by, or give that with --key.")
    return 0
