"""Read a county pack from its folder.

``county.toml`` has the centre, the divisions and phrases; ``common.toml`` the actions and materials
that all units share; ``packages.toml`` what is applied for together; ``people.toml`` applicants
and invented names; ``units/`` one file for each unit, with its people and everything it handles.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable

from onedoor.demo import roster
from onedoor.demo.checks import check
from onedoor.demo.expand import Expander
from onedoor.demo.pack import Applicant, CountyPack, Division, Joint, Phrase, Staff, Unit
from onedoor.demo.rows import Table, read, table, typed, wrong
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
    units = typed("unit", facts, Unit)
    expander = Expander(common, told.get("centre", {}))
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
    )
    check(pack)
    return pack


def _unit_files(folder: Traversable) -> list[Traversable]:
    try:
        files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    except OSError as error:
        raise NotValid("pack.unreadable", "数据包读不出来：%(why)s。", why=str(error)) from None
    return sorted(files, key=lambda file: file.name)


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
