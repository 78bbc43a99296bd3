"""Records of draws that took place as they should."""

from __future__ import annotations

import hashlib
from typing import Any

from onedoor.market.rules import draw

DICE = {"kind": "dice", "throws": 10}
BEACON = {"kind": "drand", "chain": draw.QUICKNET, "round": 18070612}
PARTIES = ("operator", "purchaser", "supervisor")


def secret(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def freeze(count: int = 5, **changes: Any) -> dict[str, Any]:
    """Return a freeze of so many entrants, by default with dice thrown before the opening."""
    event = changes.get("event", DICE)
    is_public = event["kind"] in ("drand", "nist", "lottery")
    made = {
        "schema": draw.FREEZE_SCHEMA,
        "draw_id": "532502-2025-000017",
        "notice_id": "ZJ532502202500017",
        "method": "random",
        "winners": 1,
        "alternates": 2,
        "prev_record_hash": draw.GENESIS,
        "entries": [{"uscc": f"91532502MA{n:08d}", "weight": 1} for n in range(count)],
        "excluded": [{"uscc": "92532502MA00000001", "code": "R05"}],
        "order": "reveal_then_event" if is_public else "event_then_open",
        "commit_deadline": "2025-05-12T09:30:00+08:00",
        "open_deadline": "2025-05-12T09:45:00+08:00",
        "event": event,
        "parties": list(PARTIES),
    }
    return {**made, **changes}


def record(frozen: dict[str, Any], salt: str = "", value: str = "") -> dict[str, Any]:
    """Return the completed record of a freeze; the secrets come from the salt."""
    kind = frozen["event"]["kind"]
    is_public = frozen["order"] == "reveal_then_event"
    values = {"none": "", "dice": "0123456789", "drand": secret("beacon" + salt)}
    secrets = {party: secret(salt + party) for party in PARTIES}
    made: dict[str, Any] = {
        "schema": draw.SCHEMA,
        "state": "completed",
        "level": draw.level(frozen, len(PARTIES)),
        "frozen_at": "2025-05-12T09:00:00+08:00",
        "freeze": frozen,
        "freeze_hash": draw.freeze_hash(frozen),
        "commitments": [
            {"party": p, "commit": draw.commitment(frozen, p, s), "at": "2025-05-12T09:10:00+08:00"}
            for p, s in secrets.items()
        ],
        "openings": [
            {"party": p, "secret": s, "at": "2025-05-12T09:40:00+08:00", "by": "party"}
            for p, s in secrets.items()
        ],
    }
    if kind != "none":
        at = "2025-05-12T10:00:05+08:00" if is_public else "2025-05-12T09:35:00+08:00"
        made["event"] = {"value": value or values[kind], "at": at}
    return draw.complete(made)
