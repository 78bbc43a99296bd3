"""Keeping the pages and the worker going until told to stop.

Standard library only: ``serve`` becomes this process once everything is prepared, and what it
needed for that is given back. A small machine has better uses for seventy megabytes.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from http import HTTPStatus

PATIENCE = 180.0
"""Seconds a busy or small machine may take until the pages answer."""


@dataclass(frozen=True)
class Plan:
    """What is started, and where the pages are asked whether they answer."""

    web: list[str]
    worker: list[str]
    """Empty where the worker runs elsewhere."""
    address: str
    host: str
    port: int
    name: str

    def command(self) -> list[str]:
        """Return the command line of a process that keeps to this plan."""
        return [sys.executable, "-m", "onedoor.cli.keeping", json.dumps(asdict(self))]


def keep(plan: Plan) -> int:
    """Serve until stopped; the worker goes with it. The address is printed once it answers."""
    # From here on a signal ends the children too: none may be left holding the port.
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    signal.signal(signal.SIGINT, lambda number, frame: stopping.append(number))
    children = [_start(plan.web)]
    try:
        if plan.worker:
            children.append(_start(plan.worker))
        if answers(plan, children[0], stopping):
            print(f"OneDoor 一扇门：http://{plan.address}  （Ctrl+C 停止）", flush=True)
            _watch(plan, children, stopping)
        elif not stopping:
            print(f"网页服务在 {plan.address} 没有起来，已经停下。", file=sys.stderr)
    finally:
        _end(children)
    return 0 if stopping else 1


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process as the head of a group: with it goes whatever it started."""
    return subprocess.Popen(command, start_new_session=True)


def answers(plan: Plan, web: subprocess.Popen[bytes], stopping: list[int]) -> bool:
    """Wait until the pages answer; False when the web process died, or answers nothing for long."""
    until = time.monotonic() + PATIENCE
    while not stopping and web.poll() is None and time.monotonic() < until:
        ask = http.client.HTTPConnection(plan.host, plan.port, timeout=10)
        with suppress(OSError, http.client.HTTPException), closing(ask):
            ask.request("GET", "/healthz", headers={"Host": plan.name})
            if ask.getresponse().status == HTTPStatus.OK:
                return web.poll() is None
        time.sleep(0.1)
    return False


def _watch(plan: Plan, children: list[subprocess.Popen[bytes]], stopping: list[int]) -> None:
    """Wait until told to stop or the pages stop; a worker that stops is started again."""
    while not stopping and children[0].poll() is None:
        time.sleep(0.2)
        if len(children) > 1 and children[1].poll() is not None and not stopping:
            print("后台进程停了，重新启动。", file=sys.stderr)
            time.sleep(2)
            children[1] = _start(plan.worker)
    if not stopping:
        print("一个进程意外停止，全部停下。", file=sys.stderr)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(keep(Plan(**json.loads(sys.argv[1]))))
