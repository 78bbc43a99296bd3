"""The hall for a played day: as many windows more as its people need, each with a clerk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onedoor.accounts import services as accounts
from onedoor.accounts.models import Person
from onedoor.accounts.rules import SYSTEM, Role, Scope
from onedoor.hall import pack
from onedoor.hall import services as halls
from onedoor.hall.models import Hall, Ticket
from onedoor.kernel import crypto
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import Refusal

FIRST = 101
"""From this number on windows are those of a played day: opened on load, for nobody to book."""
GUIDE = "day-guide"


@dataclass(frozen=True)
class Setting:
    """The hall of the day: what each window calls, and the tokens of who works there."""

    hall: Hall
    windows: Mapping[int, str]
    guide: str
    clerks: Mapping[int, str]


def minutes() -> dict[str, int]:
    """Return how long each business of the county's hall takes."""
    return {each["letter"]: int(each["minutes"]) for each in _table()["group"]}


def _table() -> Mapping[str, Any]:
    tables = pack.setting().get("hall", ())
    if not tables:
        raise Refusal("day.no_hall", "县的 hall.toml 里没有大厅，没有可以演的一天。")
    found: Mapping[str, Any] = tables[0]
    return found


def prepare(needed: Mapping[str, int], *, at: datetime) -> Setting:
    """Give the county's hall so many windows more for each business, and people for them.

    Refused where numbers were given that day: what is on record is not played over.
    """
    table = _table()
    day, code = day_of(at), str(table["code"])
    if Ticket.objects.filter(hall__code=code, day=day).exists():
        raise Refusal("day.played", "%(day)s 已经有号了，换一天：--day。", day=day.isoformat())
    rows: list[dict[str, Any]] = []
    windows: dict[int, str] = {}
    zones = {group["letter"]: group["zone"] for group in table["group"]}
    for letter in sorted(needed):
        for _ in range(needed[letter]):
            number = FIRST + len(rows)
            helping = "A" if letter in "FRW" else "F" if letter == "A" else ""
            rows.append(
                {
                    "number": number,
                    "zone": zones[letter],
                    "kind": "tide",
                    "main": letter,
                    "helping": helping,
                }
            )
            windows[number] = letter + helping
    hall = halls.set_hall({**table, "window": rows}, by=SYSTEM, at=at)
    guide = _person(GUIDE, "导办演示", Role.GUIDE, on=day, at=at)
    clerks = {
        number: _person(f"day-{number}", "窗口演示", Role.DESK, on=day, at=at) for number in windows
    }
    return Setting(hall, windows, guide, clerks)


def _person(username: str, name: str, role: Role, *, on: date, at: datetime) -> str:
    """Return the token of somebody who works that day; they are made once, and cannot sign in."""
    secret = "od_day_" + crypto.mac(username, purpose="demo.token", version=1).hex()[:40]
    if not Person.objects.filter(username=username).exists():
        person = Person(username=username, name=name)
        person.set_unusable_password()
        person.save(force_insert=True)
        accounts.give_role(person, role, unit=None, first_on=on, by=SYSTEM, at=at, basis="演示授权")
        scopes = frozenset(Scope)
        accounts.issue_token(
            person, name="演示的一天", scopes=scopes, by=SYSTEM, at=at, secret=secret
        )
    return secret
