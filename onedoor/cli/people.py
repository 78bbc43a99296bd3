"""``onedoor person add`` and ``person reset``: the first administrators, and the ways back in."""

from __future__ import annotations

import argparse
from typing import Any

from onedoor.accounts import queries
from onedoor.accounts import services as accounts
from onedoor.accounts.rules import ADMINISTRATORS, SYSTEM, Role
from onedoor.kernel import clock


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    parser = commands.add_parser("person", help="the first administrators, and the ways back in")
    kinds = parser.add_subparsers(metavar="WHAT", required=True)

    add = kinds.add_parser("add", help="add an administrator; the first password is printed once")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument(
        "--role",
        required=True,
        choices=[role.value for role in ADMINISTRATORS],
        help="of accounts, of roles, or reading what was done; each another person",
    )
    add.set_defaults(run=run_add)

    reset = kinds.add_parser("reset", help="a new first password; a lock-out ends")
    reset.add_argument("username")
    reset.add_argument(
        "--authenticator", action="store_true", help="forget the authenticator too: it was lost"
    )
    reset.set_defaults(run=run_reset)


def run_add(arguments: argparse.Namespace) -> int:
    person, password = accounts.add_administrator(
        username=arguments.username,
        name=arguments.name,
        role=Role(arguments.role),
        by=SYSTEM,
        at=clock.now(),
    )
    return _told(person.username, password)


def run_reset(arguments: argparse.Namespace) -> int:
    now, person = clock.now(), queries.person_named(arguments.username)
    password = accounts.give_password(person, by=SYSTEM, at=now)
    if arguments.authenticator:
        accounts.forget_authenticator(person, by=SYSTEM, at=now)
    return _told(person.username, password)


def _told(username: str, password: str) -> int:
    print(password)
    print(f"{username} 的初始密码，只显示这一次。本人第一次登录时要换成自己的。")
    return 0
