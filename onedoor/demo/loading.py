"""Read a county pack from its folder.

``county.toml`` has the centre, the divisions and phrases; ``common.toml`` the actions and materials
that all units share; ``packages.toml`` what is applied for together; ``people.toml`` applicants
and invented names; ``units/`` one file for each unit, with its people and everything it handles;
``towns.toml`` the townships and what each of them handles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from onedoor.demo import roster
from onedoor.demo.checks import check
from onedoor.demo.english import English, english_of
from onedoor.demo.expand import Expander
from onedoor.demo.pack import Applicant, CountyPack, Division, Joint, Phrase, Staff, Unit
from onedoor.demo.rows import Table, keys, read, table, typed, wrong
from onedoor.kernel.errors import NotValid

LISTS = ("staff", "plain", "full")
"""What a unit's file holds besides the facts of the unit itself."""


def load(folder: Traversable | None = None, *, county: str = "532502") -> CountyPack:
    """Return the pack in a folder, or the one that comes with the product; refuse what is wrong.

    What an item may say is for the catalogue's import; here is only what concerns the whole pack.
    """
    source = folder or resources.files("onedoor") / "packs" / county
    told, common, people = (
        read(source / f"{name}.toml") for name in ("county", "common", "people")
    )
    files = [read(file) for file in _unit_files(source / "units")]
    facts = [{k: v for k, v in file.items() if k not in LISTS} for file in files]
    words = english_of(source / "english.toml")
    units = words.named(typed("unit", facts, Unit))
    asks = _asks(source / "situations.toml")
    expander = Expander(common, told.get("centre", {}), asks, words)
    staff = typed("staff", _staff(units, files), Staff)
    names = people.get("names", {})
    unnamed = typed("staff", list(roster.fill(units, names, taken=[s.name for s in staff])), Staff)
    pack = CountyPack(
        dated=_dated(told),
        divisions=typed("division", table(told, "division"), Division),
        units=units,
        staff=staff + unnamed,
        items=tuple(
            item
            for unit, file in zip(units, files, strict=True)
            for item in expander.items(unit, file)
        ),
        phrases=typed("phrase", table(told, "phrase"), Phrase),
        applicants=typed("applicant", table(people, "applicant"), Applicant),
        packages=typed("package", _packages(source / "packages.toml"), Joint),
        well_known=frozenset(expander.told),
        transfers=_transfers(source / "transfers.csv"),
    )
    for thing, name in expander.asks:
        raise wrong("guide", 1, f"没有事项 {thing}（{name}）")
    check(pack)
    return replace(pack, towns=_towns(pack, source, common, told, names, words))


def _towns(
    pack: CountyPack,
    source: Traversable,
    common: Table,
    told: Table,
    names: Table,
    words: English,
) -> CountyPack | None:
    """Return the townships: one unit each, with the same objects, at the level of a township."""
    file = source / "towns.toml"
    if not file.is_file():
        return None
    said = read(file)
    units: list[Unit] = []
    items: list[dict[str, Any]] = []
    for row in table(said, "town"):
        division = row["division"]
        facts = {k: v for k, v in row.items() if k not in ("division", "place")}
        facts |= {"kind": "bureau", "windows": "", "posts": said["posts"]}
        (unit,) = words.named(typed("town", [facts], Unit))
        units.append(unit)
        is_rural = unit.short_name.endswith(("乡", "镇"))
        things = [*table(said, "plain"), *(table(said, "rural") if is_rural else ())]
        centre = {**told["centre"], "place": row["place"]}
        here = Expander(common, centre, english=words)
        items += [_of_town(item, division) for item in here.items(unit, {"plain": things})]
    taken = [s.name for s in pack.staff]
    staff = typed("staff", list(roster.fill(units, names, taken=taken)), Staff)
    return replace(pack, units=tuple(units), staff=staff, items=tuple(items))


def _of_town(item: dict[str, Any], division: str) -> dict[str, Any]:
    code = item["code"]
    return item | {
        "code": f"{code[:18]}5{code[19:]}",
        "use_level": "5",
        "town_code": division,
        "is_in_centre": False,
        "area": "5",
    }


def _transfers(file: Traversable) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _unit_files(folder: Traversable) -> list[Traversable]:
    try:
        files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    except OSError as error:
        raise NotValid("pack.unreadable", "数据包读不出来：%(why)s。", why=str(error)) from None
    return sorted(files, key=lambda file: file.name)


def _asks(file: Traversable) -> dict[tuple[str, str], list[Table]]:
    """Return the questions that are put to an item (情形引导), by its object and action."""
    rows = table(read(file), "guide") if file.is_file() else ()
    for number, row in enumerate(rows, start=1):
        keys("guide", number, row, needed={"object", "do", "asks"}, known={"object", "do", "asks"})
    return {(row["object"], row["do"]): row["asks"] for row in rows}


def _packages(file: Traversable) -> Sequence[Table]:
    return table(read(file), "package") if file.is_file() else ()


def _staff(units: tuple[Unit, ...], files: list[Table]) -> list[Table]:
    return [
        {**row, "unit": unit.short_name}
        for unit, file in zip(units, files, strict=True)
        for row in table({"staff": [], **file}, "staff")
    ]


def _dated(told: Table) -> date:
    county = told.get("county")
    dated = county.get("dated") if isinstance(county, dict) else None
    if type(dated) is not date:
        raise wrong("county", 1, "dated 应是日期")
    return dated
