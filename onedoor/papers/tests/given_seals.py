"""Builders: the two seals of the centre, and a unit that is under them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from onedoor.accounts.models import Organisation, Person
from onedoor.accounts.queries import actor_named
from onedoor.accounts.rules import SYSTEM, Actor
from onedoor.kernel import clock
from onedoor.seals import services as seals
from onedoor.seals.models import Seal
from onedoor.seals.rules.words import Medium, SealKind

MORNING = clock.at_local(date(2026, 3, 6), 8)


def actor(username: str) -> Actor:
    return actor_named(username, on=date(2026, 3, 6))


def seal(kind: SealKind = SealKind.APPROVAL, *, at: datetime = MORNING, **changes: Any) -> Seal:
    """Return a seal of the centre in use, kept by the keeper, the other standing in."""
    told: dict[str, Any] = {
        "code": f"YZ-{kind.value}",
        "name": f"开远市政务局{kind.zh}",
        "medium": Medium.ELECTRONIC,
        "unit": Organisation.objects.get(name="政务局"),
        "keeper": Person.objects.get(username="keeper"),
        "deputy": Person.objects.get(username="keeper2"),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2028, 12, 31),
        "basis": "测试",
        "by": SYSTEM,
        "at": at,
    }
    return seals.register(kind, **(told | changes))


def under_one_seal(monkeypatch: Any) -> None:
    """Let the market bureau's papers go out under the one seal."""
    from onedoor.papers import pack

    words = replace(pack.words(), sealed_units=frozenset({"11532502DEM0000224"}))
    monkeypatch.setattr(pack, "words", lambda: words)
