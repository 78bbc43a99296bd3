"""How long a county-year takes to be backed up and put back, beside the plain tool's copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from onedoor.backup import making, restoring
from onedoor.backup.rules.manifest import Manifest
from onedoor.bench.world import World
from onedoor.kernel import clock


def back_up(world: World) -> tuple[float, float, Manifest]:
    """Return the seconds of a backup, those of the plain copy, and what was backed up."""
    folder = _folder(world)
    shutil.rmtree(folder, ignore_errors=True)
    began = time.perf_counter()
    made = making.make(folder, at=clock.now(), progress=_quiet, with_keys=False)
    return time.perf_counter() - began, _timed(lambda: _plain_copy(world)), made


def put_back(world: World) -> tuple[float, int]:
    """Return the seconds of a restore with its verification, and how many faults that named."""
    began = time.perf_counter()
    done = restoring.restore(_folder(world), at=clock.now(), progress=_quiet, replace=True)
    return time.perf_counter() - began, len(done.faults)


def _folder(world: World) -> Path:
    return world.folder / "backup"


def _plain_copy(world: World) -> None:
    """Copy as one would without us: ``cp`` of the file, or ``pg_dump`` where it is installed."""
    target = world.folder / "plain"
    if not world.is_postgres:
        shutil.copyfile(world.url.partition("///")[2], target)
        with target.open("rb+") as file:
            os.fsync(file.fileno())
    elif shutil.which("pg_dump"):
        subprocess.run(["pg_dump", "-Fc", "-Z0", "-f", str(target), world.url], check=True)
    target.unlink(missing_ok=True)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _quiet(what: str, done: int, whole: int) -> None:
    pass
