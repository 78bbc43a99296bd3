"""``onedoor keys rotate`` and ``onedoor keys reindex``."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from onedoor.cli.backups import Said
from onedoor.files import services as files
from onedoor.ledger import keys


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    parser = commands.add_parser("keys", help="change the keys of this installation")
    kinds = parser.add_subparsers(metavar="WHAT", required=True)
    rotate = kinds.add_parser("rotate", help="a new key encrypts from now on; old ones still read")
    rotate.set_defaults(run=run_rotate)
    reindex = kinds.add_parser(
        "reindex", help="move everything to the new key; stop web and worker first"
    )
    reindex.set_defaults(run=run_reindex)


def run_rotate(arguments: argparse.Namespace) -> int:
    version = keys.rotate(by="system", at=datetime.now(UTC))
    print(f"第 {version} 版密钥从现在起加密，旧的仍能读。")
    print(f"请重新启动网页和后台，并马上另外保存 {Path(settings.DATA) / 'keys'}。")
    return 0


def run_reindex(arguments: argparse.Namespace) -> int:
    moved = keys.reindex(
        by="system",
        at=datetime.now(UTC),
        progress=Said(),
        stores={"files": files.encrypt_again},
    )
    for model, count in moved.items():
        print(f"{model} {count}")
    print("全部换成了现在的密钥，索引也重建了。旧密钥请留着：已打印的查询码还要用它。")
    return 0
