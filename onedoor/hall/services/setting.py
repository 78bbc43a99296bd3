"""Setting up halls from a table: zones, groups, windows with what each can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.hall.events import HallSet
from onedoor.hall.models import Group, GroupUnit, Hall, Kiosk, Skill, Window, Zone
from onedoor.hall.rules.words import LETTERS, WindowKind
from onedoor.kernel.errors import NotValid
from onedoor.ledger import services as ledger


@ledger.recorded
def set_hall(told: Mapping[str, Any], *, by: Actor, at: datetime) -> Hall:
    """Set up a hall as a table says: what is there is changed, what is new is added.

    Nothing is removed: windows of past days stay readable. Refused as a whole where a row names
    a zone, group or kind that the table does not have.
    """
    hall, _ = Hall.objects.update_or_create(
        code=_text(told, "code"), defaults={"name": _text(told, "name")}
    )
    zones = {
        _text(row, "code"): Zone.objects.update_or_create(
            hall=hall,
            code=_text(row, "code"),
            defaults={
                "name": _text(row, "name"),
                "place": str(row.get("place", "")),
                "sequence": place,
            },
        )[0]
        for place, row in enumerate(told.get("zone", ()))
    }
    groups = {
        _text(row, "letter"): _group(hall, zones, row, place)
        for place, row in enumerate(told.get("group", ()))
    }
    windows = [_window(hall, zones, groups, row) for row in told.get("window", ())]
    for row in told.get("kiosk", ()):
        name = {"name": _text(row, "name")}
        Kiosk.objects.update_or_create(hall=hall, code=_text(row, "code"), defaults=name)
    event = HallSet(
        subject=f"hall:{hall.code}", zones=len(zones), groups=len(groups), windows=len(windows)
    )
    ledger.record(event, by=by.ref, at=at)
    return hall


def _group(hall: Hall, zones: Mapping[str, Zone], row: Mapping[str, Any], place: int) -> Group:
    letter = _text(row, "letter")
    if letter not in LETTERS or row.get("zone") not in zones:
        raise _wrong(f"group {letter}")
    found, _ = Group.objects.update_or_create(
        hall=hall,
        letter=letter,
        defaults={
            "zone": zones[str(row["zone"])],
            "name": _text(row, "name"),
            "minutes": int(row.get("minutes", 10)),
            "is_general": bool(row.get("general", False)),
            "sequence": place,
        },
    )
    units = Organisation.objects.filter(short_name__in=row.get("units", ()))
    for unit in units:
        GroupUnit.objects.update_or_create(hall=hall, unit=unit, defaults={"group": found})
    return found


def _window(
    hall: Hall, zones: Mapping[str, Zone], groups: Mapping[str, Group], row: Mapping[str, Any]
) -> Window:
    number, kind = int(row.get("number", 0)), str(row.get("kind", WindowKind.GENERAL.value))
    main, helping = str(row.get("main", "")), str(row.get("helping", ""))
    known = {each.value for each in WindowKind}
    if number < 1 or kind not in known or row.get("zone") not in zones:
        raise _wrong(f"window {number}")
    if not set(main + helping) <= groups.keys() or set(main) & set(helping):
        raise _wrong(f"window {number}")
    found, _ = Window.objects.update_or_create(
        hall=hall,
        number=number,
        defaults={
            "zone": zones[str(row["zone"])],
            "kind": kind,
            "name": str(row.get("name", "")),
        },
    )
    Skill.objects.filter(window=found).exclude(group__letter__in=list(main + helping)).delete()
    for letter in main + helping:
        Skill.objects.update_or_create(
            window=found, group=groups[letter], defaults={"is_main": letter in main}
        )
    return found


def _text(row: Mapping[str, Any], name: str) -> str:
    value = str(row.get(name, "")).strip()
    if not value:
        raise _wrong(name)
    return value


def _wrong(what: str) -> NotValid:
    return NotValid("hall.bad_setting", "大厅的设置表有一行不对：%(what)s。", what=what)
