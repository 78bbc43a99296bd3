"""``onedoor day``: a whole day of the hall, played through HTTP on the clock of a demo."""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from onedoor.calendar.queries import working_days
from onedoor.cli.saying import say
from onedoor.demo.day import report, setting
from onedoor.demo.day.crowd import ARRIVALS, crowd, windows_for
from onedoor.demo.day.desk import Desks
from onedoor.demo.day.play import CLOSES, Day
from onedoor.demo.day.schedule import Schedule
from onedoor.demo.day.wire import Wire
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid, Refusal
from onedoor.ledger import installation

FASTEST = 120
"""So many times faster a day fits into five minutes on two cores, and rules still see its hours."""
SETTLED = 2.0
"""Seconds until every process of the county knows how fast its clock runs."""
SHOWN = 20
OPENS = 9


def register(commands: Any) -> None:
    """Add the command to the command line."""
    day = commands.add_parser("day", help="play a day of the hall in a demo county")
    day.add_argument("--visitors", type=int, default=3000, help="how many people come (3000)")
    day.add_argument("--seed", type=int, default=1, help="the same seed, the same people (1)")
    day.add_argument("--speed", choices=("max", "real"), default="max", help="how fast (max)")
    day.add_argument("--arrivals", choices=sorted(ARRIVALS), default="two-peaks")
    day.add_argument("--day", default="", help="which day (the next working day)")
    day.set_defaults(run=run_day)


def run_day(arguments: argparse.Namespace) -> int:
    """Play the day, print what came of it; status 1 where something did not hold."""
    if not 1 <= arguments.visitors <= 20_000:
        raise NotValid("day.visitors", "来人数写 1 到 20000。", field="visitors")
    if not installation.current().is_demo:
        raise Refusal("clock.not_a_demo", "只有演示库才能调时间。这个库是正式库。")
    chosen = _day(arguments.day)
    rate = FASTEST if arguments.speed == "max" else 1
    opens = clock.at_local(chosen, OPENS)
    people = crowd(
        arguments.visitors, setting.minutes(), seed=arguments.seed, arrivals=arguments.arrivals
    )
    made = setting.prepare(windows_for(people), at=opens - timedelta(hours=1))
    say(f"{chosen} seed={arguments.seed} arrivals={arguments.arrivals} service=lognormal")
    say(f"people={len(people)} windows={len(made.windows)} rate={rate}")
    wire = Wire(int(settings.PORT))
    schedule = Schedule(rate=rate)
    day = Day(
        Desks(wire, f"day-{chosen}", made.guide, dict(made.clerks)), made.windows, people, schedule
    )
    with _served():
        began = time.monotonic()
        _start_clock(opens - timedelta(seconds=SETTLED * rate), rate)
        time.sleep(SETTLED)
        with _progress(day):
            day.play()
        took = time.monotonic() - began
        _slow_clock()
    installation.forget()
    at = opens + timedelta(hours=1)
    overlap = timedelta(seconds=max(report.OVERLAP, rate))
    for line in report.table(report.lines(day, made.hall, at=at)):
        say(line)
    found = list(report.broken(day, wire, made.hall, at=at, overlap=overlap))
    _tell(day, wire, took)
    for line in found[:SHOWN]:
        say(f"BROKEN {line}")
    say(f"broken={len(found)}")
    return 1 if found else 0


def _day(text: str) -> date:
    """Return the day asked for, or the next working day; the clock of a demo never goes back."""
    today = clock.day_of(clock.now())
    if not text:
        return working_days().next_working_day(today + timedelta(days=1))
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotValid("form.date", "“%(text)s”不是日期，请写成 2026-03-05。", text=text) from None
    if found <= today:
        raise NotValid("day.past", "这一天已经开始或者过去了，演示库的时间不往回走。", field="day")
    return found


def _start_clock(start: datetime, rate: int) -> None:
    installation.set_clock(start - datetime.now(UTC), rate=rate)


def _slow_clock() -> None:
    """Let the clock go on from where it is, as fast as any other."""
    installation.forget()
    installation.set_clock(clock.now() - datetime.now(UTC))


def _is_up() -> bool:
    try:
        wire = http.client.HTTPConnection("127.0.0.1", int(settings.PORT), timeout=5)
        wire.request("GET", "/healthz")
        return wire.getresponse().status == 200
    except OSError:
        return False


@contextmanager
def _served() -> Iterator[None]:
    """Use the server that runs, or run one for as long as the day takes."""
    if _is_up():
        yield
        return
    connection.close()
    server = subprocess.Popen([sys.executable, "-m", "onedoor", "serve"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if _is_up():
                break
            time.sleep(0.2)
        else:
            raise Refusal(
                "day.no_server", "服务没有起来，没有演。请先看 onedoor serve 为什么不行。"
            )
        yield
    finally:
        server.terminate()
        server.wait(timeout=60)


@contextmanager
def _progress(day: Day) -> Iterator[None]:
    """Say every few seconds how far the day is, while it is played."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(5):
            second = int(day.schedule.now())
            told = f"… {OPENS + second // 3600:02d}:{second % 3600 // 60:02d}"
            print(f"{told} came={len(day.of_number)} served={len(day.served)}", file=sys.stderr)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(day: Day, wire: Wire, took: float) -> None:
    times = sorted(wire.times) or [0.0]
    p95 = 1000 * times[min(int(0.95 * len(times)), len(times) - 1)]
    say(
        f"requests={len(wire.times)} seconds={took:.0f} rate={len(wire.times) / took:.0f}/s "
        f"p95={p95:.0f}ms lag={day.schedule.lag / day.schedule.rate:.2f}s"
    )
    late = max(0.0, day.ended - CLOSES) / 60
    say(f"served={len(day.served)} missed={len(day.missed)} extended_minutes={late:.0f}")
    for code, count in wire.refusals.most_common(SHOWN):
        say(f"refused {code} {count}")
