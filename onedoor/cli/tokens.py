"""``onedoor token issue``, ``token list`` and ``token revoke``."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Any

from onedoor.accounts import queries
from onedoor.accounts import services as accounts
from onedoor.accounts.rules import SYSTEM, Actor, Scope, token_state
from onedoor.kernel import clock

A_YEAR = 365


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    parser = commands.add_parser("token", help="keys of programs to the API")
    kinds = parser.add_subparsers(metavar="WHAT", required=True)

    issue = kinds.add_parser("issue", help="issue one; it is printed this once")
    issue.add_argument("username", help="the account it speaks for")
    issue.add_argument("--name", required=True, help="which program uses it")
    issue.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=[scope.value for scope in Scope],
        help="what it may do; several times for several",
    )
    issue.add_argument(
        "--until", type=_day, metavar="YYYY-MM-DD", help="its last day (a year from today)"
    )
    issue.add_argument("--by", default="", metavar="USERNAME", help="who issues it")
    issue.set_defaults(run=run_issue)

    listed = kinds.add_parser("list", help="print what was issued")
    listed.add_argument("username", nargs="?", default="", help="of one account alone")
    listed.set_defaults(run=run_list)

    revoke = kinds.add_parser("revoke", help="end one at once")
    revoke.add_argument("token", help="its code, as list prints it")
    revoke.add_argument("--by", default="", metavar="USERNAME", help="who revokes it")
    revoke.set_defaults(run=run_revoke)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("请写成 2026-12-31 这样。") from None


def _actor(username: str, *, on: date) -> Actor:
    return queries.actor_named(username, on=on) if username else SYSTEM


def run_issue(arguments: argparse.Namespace) -> int:
    now = clock.now()
    today = clock.day_of(now)
    last_on = arguments.until or today + timedelta(days=A_YEAR)
    made = accounts.issue_token(
        queries.person_named(arguments.username),
        name=arguments.name,
        scopes=frozenset(Scope(value) for value in arguments.scope),
        by=_actor(arguments.by, on=today),
        at=now,
        expires_at=clock.end_of(last_on),
    )
    print(made.secret)
    print(
        f"只显示这一次，请马上交给“{made.token.name}”保管。编号 {made.token.pk}，用到 {last_on}。"
    )
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    now = clock.now()
    of = queries.person_named(arguments.username) if arguments.username else None
    for token in queries.tokens(of):
        state = token_state(token.expires_at, token.revoked_at, at=now)
        until = f"{clock.local(token.expires_at):%Y-%m-%d %H:%M}" if token.expires_at else "-"
        print(
            f"{token.pk}\t{state.zh}\t{until}\t{token.person.username}"
            f"\t{','.join(token.scopes)}\t{token.name}"
        )
    return 0


def run_revoke(arguments: argparse.Namespace) -> int:
    now = clock.now()
    token = queries.token_with(arguments.token)
    accounts.revoke_token(token, by=_actor(arguments.by, on=clock.day_of(now)), at=now)
    print(f"{token.person.username} 的令牌“{token.name}”已撤销，两秒内失效。")
    return 0
