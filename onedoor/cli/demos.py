"""``onedoor demo``: the demo county, idempotent; prints where to go and who may sign in."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from django.conf import settings

from onedoor.cli.serving import prepare
from onedoor.demo import build
from onedoor.demo.loading import load
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid


def register(commands: Any) -> None:
    """Add the command to the command line."""
    demo = commands.add_parser("demo", help="build the demo county and print its accounts")
    demo.add_argument("--json", action="store_true", help="accounts and tokens as JSON")
    demo.add_argument("--today", default="", help="the day the histories lead up to (2026-03-05)")
    demo.set_defaults(run=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    prepare(is_demo=True)
    now = clock.now()
    today = _day(arguments.today) if arguments.today else clock.day_of(now)
    at = now if not arguments.today else clock.at_local(today, 17)
    pack = load()
    made = build.build(pack, today=today, at=at, progress=_say)
    url = f"http://{settings.HOST}:{settings.PORT}"
    if arguments.json:
        print(build.as_json(made, url))
        return 0
    print(f"演示县已就绪，网址 {url}/ ，员工入口 {url}/login/ ，密码都是 {build.PASSWORD}")
    for account in made[:14]:
        print(f"  {account.username:<12} {account.name} · {account.unit}{account.title}")
    print(f"  ……共 {len(made)} 个账号；全部账号和接口令牌：onedoor demo --json")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotValid("form.date", "“%(text)s”不是日期，请写成 2026-03-05。", text=text) from None


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)
