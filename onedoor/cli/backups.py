"""``onedoor backup`` and ``onedoor restore``."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from onedoor.backup import making, restoring
from onedoor.backup.rules.manifest import Manifest
from onedoor.cli.serving import prepare


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    backup = commands.add_parser("backup", help="a consistent copy of database and files")
    backup.add_argument("folder", metavar="DIR", help="a new or empty folder")
    backup.add_argument(
        "--dated", action="store_true", help="make a dated backup inside DIR, linked to the last"
    )
    backup.add_argument("--keep", type=_count, default=14, help="with --dated: how many (14)")
    backup.add_argument("--with-keys", action="store_true", help="the keys too; lock it away")
    backup.set_defaults(run=run_backup)

    restore = commands.add_parser("restore", help="put a backup back")
    restore.add_argument("folder", metavar="DIR")
    restore.add_argument("--replace", action="store_true", help="in place of the data that is here")
    restore.add_argument("--other", action="store_true", help="even of another installation")
    restore.add_argument(
        "--skip", type=_count, help="how far numbers go on (as many as may have been given since)"
    )
    restore.set_defaults(run=run_restore)


def _count(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= 50_000:
        return int(text)
    raise argparse.ArgumentTypeError("请写 1 到 50000 的整数。")


def run_backup(arguments: argparse.Namespace) -> int:
    folder, at = Path(arguments.folder), datetime.now(UTC)
    if arguments.dated:
        folder, made = making.make_dated(
            folder,
            at=at,
            progress=Said(),
            with_keys=arguments.with_keys,
            keep=arguments.keep,
        )
    else:
        made = making.make(folder, at=at, progress=Said(), with_keys=arguments.with_keys)
    print(f"备份做好了：{folder}")
    print(_counts(made))
    if made.missing_files:
        print(f"注意：有 {made.missing_files} 个登记过的文件不在存储里。", file=sys.stderr)
    keys = Path(settings.DATA) / "keys"
    if made.has_keys:
        print("备份里有密钥：谁拿到它，谁就能读出个人信息。请锁好。")
    else:
        print(
            "密钥不在里面：登记的姓名、证件、电话，扫描件和已生成的 PDF，没有它都读不出来，"
            f"请把 {keys} 另外保存到安全的地方。"
        )
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    at = datetime.now(UTC)
    done = restoring.restore(
        Path(arguments.folder),
        at=at,
        progress=Said(),
        replace=arguments.replace,
        other=arguments.other,
        skip=arguments.skip,
    )
    call_command("migrate", interactive=False, verbosity=0)
    prepare()
    made = done.manifest
    print(f"已恢复到 {datetime.fromisoformat(made.made_at):%Y-%m-%d %H:%M:%S} UTC 的备份。")
    print(_counts(made))
    print(
        f"这个时间以后办的都不在里面。各种编号往后跳了 {done.skipped}，"
        "恢复前已经打印出去的号码不会再发；登录都已失效。"
    )
    print(f"备份时台账已签名到 {made.head_size}:{made.head_root}，以后发出去的树头会对不上。")
    for fault in done.faults[:20]:
        print(f"FAULT {fault}")
    if done.faults:
        print(f"台账有 {len(done.faults)} 处问题，备份里就是这样。", file=sys.stderr)
        return 1
    print("台账核对无误。")
    return 0


def _counts(made: Manifest) -> str:
    rows = sum(made.rows.values())
    size = sum(part.size for part in made.parts) + made.file_bytes
    return (
        f"tables={len(made.rows)} rows={rows} entries={made.ledger_size + made.ledger_pending} "
        f"files={made.files} bytes={size}"
    )


class Said:
    """Says how far the work is, every few seconds, where somebody waits for it."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, what: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if now - self.last > 3 and whole:
            self.last = now
            print(f"… {what} {100 * done // whole}%", file=sys.stderr, flush=True)
