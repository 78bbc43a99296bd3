"""What the county says of its hall: floors and zones, facilities, corners, who helps; its hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from typing import Any

from onedoor.calendar.queries import working_days
from onedoor.kernel import packs
from onedoor.kernel.errors import NotValid


@dataclass(frozen=True)
class Zone:
    """A part of a floor, and its place on the plan: a box on a grid, counted from the door."""

    name: str
    does: str
    windows: str = ""
    x: int = 0
    y: int = 0
    width: int = 1
    height: int = 1

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Floor:
    """A floor with its zones, in the order one comes by them."""

    name: str
    way: str
    zones: tuple[Zone, ...]

    @property
    def size(self) -> tuple[int, int]:
        """How many squares of the grid its plan is wide and high."""
        return (
            max(zone.x + zone.width for zone in self.zones),
            max(zone.y + zone.height for zone in self.zones),
        )


@dataclass(frozen=True)
class Place:
    """Something one may need in the hall, and where it is."""

    name: str
    where: str


@dataclass(frozen=True)
class Hall:
    """The hall: how to get there, what is on each floor, what there is for whom."""

    bus: str = ""
    parking: str = ""
    floors: tuple[Floor, ...] = ()
    access: tuple[Place, ...] = ()
    corners: tuple[Place, ...] = ()
    helpers: tuple[Place, ...] = ()


@cache
def hall() -> Hall:
    """Return what the county's file says (``[hall]``), or an empty hall."""
    return read_hall(packs.county().get("hall", {}))


def read_hall(told: Mapping[str, Any]) -> Hall:
    """Return the hall a file tells of; refused where two zones stand on one spot of the plan.

    >>> zone = {"name": "咨询区", "does": "问事"}
    >>> read_hall({"floor": [{"name": "一楼", "zone": [zone]}]}).floors[0].size
    (1, 1)
    """
    floors = tuple(_floor(each) for each in told.get("floor", ()))
    return Hall(
        bus=str(told.get("bus", "")),
        parking=str(told.get("parking", "")),
        floors=floors,
        **{name: _places(told.get(name, ())) for name in ("access", "corners", "helpers")},
    )


def _floor(told: Mapping[str, Any]) -> Floor:
    zones = tuple(
        Zone(**{f.name: zone[f.name] for f in fields(Zone) if f.name in zone})
        for zone in told["zone"]
    )
    taken: set[tuple[int, int]] = set()
    for zone in zones:
        spots = {
            (zone.x + across, zone.y + down)
            for across in range(zone.width)
            for down in range(zone.height)
        }
        if not spots or taken & spots or min(zone.x, zone.y) < 0:
            raise NotValid("hall.plan", "平面图上“%(zone)s”的位置不对。", zone=zone.name)
        taken |= spots
    return Floor(told["name"], told.get("way", ""), zones)


def _places(told: Sequence[Mapping[str, str]]) -> tuple[Place, ...]:
    return tuple(Place(each["name"], each["where"]) for each in told)


@dataclass(frozen=True)
class Opening:
    """Whether the hall opens on a day, and when it next does."""

    is_open: bool
    next_day: date
    is_confirmed: bool


def opening(on: date) -> Opening:
    """Return whether the hall opens without an appointment on a day, and the next day it does."""
    calendar = working_days()
    next_day = calendar.next_working_day(on + timedelta(days=1))
    return Opening(
        calendar.is_working_day(on), next_day, calendar.is_confirmed_between(on, next_day)
    )
