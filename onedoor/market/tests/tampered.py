"""Records that were changed after the draw, each with what a verification must name first."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from onedoor.market.tests import given

Record = dict[str, Any]


def _of(**changes: Any) -> Record:
    return given.record(given.freeze(**changes))


def _set(*path: Any, to: Any, of: Record | None = None) -> Callable[[], Record]:
    def change() -> Record:
        made = copy.deepcopy(of or _of())
        place: Any = made
        for step in path[:-1]:
            place = place[step]
        if to is None:
            del place[path[-1]]
        else:
            place[path[-1]] = to
        return made

    return change


LATE, EARLY = "2025-05-12T11:00:00+08:00", "2025-05-12T08:00:00+08:00"
VOID = {"reason": "断电", "approver": "督查", "at": LATE}
BEACON = _of(event=given.BEACON)
TWO = given.freeze()["entries"][:2]
WRONG: tuple[tuple[str, Callable[[], Record]], ...] = (
    ("freeze_hash", _set("freeze_hash", to="0" * 64)),
    ("freeze_hash", _set("freeze", "entries", 0, "uscc", to="91532502MA0000000X")),
    ("freeze_hash", _set("freeze", "winners", to=2)),
    ("freeze_order", lambda: _of(event=given.BEACON, order="event_then_open")),
    ("freeze_times", lambda: _of(commit_deadline="2025-05-12T09:46:00+08:00")),
    ("freeze_sorted", lambda: _of(entries=TWO[::-1])),
    ("freeze_sorted", lambda: _of(entries=[TWO[0], TWO[0]])),
    ("freeze_excluded", lambda: _of(excluded=[{"uscc": TWO[0]["uscc"], "code": "R05"}])),
    ("freeze_weights", lambda: _of(entries=[{**each, "weight": 2} for each in TWO])),
    ("freeze_few", lambda: _of(winners=6)),
    ("freeze_params", lambda: _of(params=[{"name": "a", "lo": 1, "hi": 2}] * 2)),
    ("commit_again", lambda: _twice("commitments")),
    ("commit_time", _set("commitments", 0, "at", to=LATE)),
    ("commit_time", _set("commitments", 0, "at", to=EARLY)),
    ("commit_missing", lambda: _of(parties=["auditor", *given.PARTIES])),
    ("opening_again", lambda: _twice("openings")),
    ("opening_unknown", _set("openings", 0, "party", to="stranger")),
    ("opening_wrong", _set("openings", 1, "secret", to="00" * 32)),
    ("opening_time", _set("openings", 1, "at", to="2025-05-12T09:34:00+08:00")),
    ("opening_time", _set("openings", 1, "at", to=LATE)),
    ("opening_time", _set("openings", 1, "at", to=LATE, of=BEACON)),
    ("opening_missing", _set("openings", to=[])),
    ("event_missing", _set("event", to=None)),
    ("event_value", _set("event", "value", to="012345678")),
    ("event_value", _set("event", "value", to="0123456789", of=BEACON)),
    ("opening_time", _set("event", "at", to=LATE)),
    ("event_time", _set("event", "at", to=LATE, of=_of(event={**given.BEACON, "round": 18070000}))),
    ("event_time", _set("event", "at", to=EARLY, of=BEACON)),
    ("seed", _set("event", "value", to="9876543210")),
    ("seed", _set("seed", to="0" * 64)),
    ("params", lambda: _param(96)),
    ("ranking", _set("ranking", 3, "uscc", to="91532502MA0000000X")),
    ("ranking", lambda: _shorter()),
    ("winners", _set("winners", to=["91532502MA00000001", "91532502MA00000002"])),
    ("alternates", _set("alternates", to=[])),
    ("struck", lambda: _struck("91532502MA0000009X")),
    ("winners", lambda: _struck(_of()["winners"][0])),
    ("level", _set("level", to=4)),
    ("state", _set("state", to="void")),
    ("state", _set("void", to=VOID)),
    ("state", _set("ranking", to=None)),
)


def _twice(name: str) -> Record:
    made = _of()
    return {**made, name: [*made[name], made[name][0]]}


def _param(value: int) -> Record:
    made = _of(params=[{"name": "base_pct", "lo": 95, "hi": 98}])
    told = made["params"][0]["value"]
    return {**made, "params": [{"name": "base_pct", "value": value + (told == value)}]}


def _shorter() -> Record:
    made = _of()
    return {**made, "ranking": made["ranking"][:-1]}


def _struck(uscc: str) -> Record:
    row = {"uscc": uscc, "reason": "弃权", "approver": "督查", "at": LATE}
    return {**_of(), "struck": [row]}
