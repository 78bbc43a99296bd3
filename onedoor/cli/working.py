"""``onedoor work``: the background work, one worker at a time."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from onedoor.kernel import clock, inuse
from onedoor.ledger import feeds, installation, leases, sealing, triggers
from onedoor.wiring import TIMERS

logger = logging.getLogger(__name__)

ROUND = 1.0
MUCH = feeds.BATCH
"""A round that did so much is followed at once, for more may wait: no list is read further. After
a smaller one a second passes, so that what comes in meanwhile is done together."""


def register(commands: Any) -> None:
    """Add the command to the command line."""
    work = commands.add_parser("work", help="the worker alone")
    work.add_argument("--once", action="store_true", help="one round, then stop")
    work.set_defaults(run=run_work)


def run_work(arguments: argparse.Namespace) -> int:
    """Seal, sign, announce and keep the limits, one worker at a time; the next takes over."""
    inuse.work_in(settings.DATA)
    triggers.check()
    installation.check_key(installation.current())
    holder = f"{socket.gethostname()}:{os.getpid()}"
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    signal.signal(signal.SIGINT, lambda number, frame: stopping.append(number))
    signed_at = 0.0
    while not stopping:
        real = datetime.now(UTC)
        busy = 0
        try:
            if leases.hold("worker", holder=holder, at=real):
                busy = work_round()
                if (
                    time.monotonic() - signed_at >= sealing.HEAD_EVERY
                    or arguments.once
                    or signed_at == 0
                ):
                    sealing.sign_head(at=real)
                    signed_at = time.monotonic()
        except Exception:
            # A database that is locked or away comes back: the next round has a fresh connection.
            logger.exception("A round of the worker failed")
            connection.close()
        if arguments.once and not busy:
            break
        if busy < MUCH and not arguments.once:
            time.sleep(ROUND)
    leases.release("worker", holder=holder, at=datetime.now(UTC))
    return 0


def work_round() -> int:
    """Do what there is to do once; return how much it was."""
    at = clock.now()
    done = sealing.seal()
    done += feeds.announce(at=at)
    return done + sum(_one(timer, at=at) for timer in TIMERS)


def _one(timer: Callable[..., Any], *, at: datetime) -> int:
    """Let one timer work; what fails in one must not stop the clocks of the others."""
    try:
        return int(timer(at=at))
    except Exception:
        logger.exception("The timer %s failed", timer.__name__)
        connection.close()
        return 0
