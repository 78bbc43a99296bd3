"""A folder of national tables as one list of items, each with its own lists."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from onedoor.catalogue.rules.columns import CHILD_COLUMNS, ITEM_COLUMNS, ITEM_REQUIRED, normal
from onedoor.catalogue.rules.national_tables import CHILD_TABLES, ENVELOPE, ITEM_KEY, file_name
from onedoor.catalogue.services.tables import Line, Table
from onedoor.kernel.errors import NotFound

TYPES = ("01", "20")


class Folder:
    """The tables of a folder, read like one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unknown: tuple[str, ...] = ()
        names = {file_name("basic", item_type=item_type) for item_type in TYPES}
        self.basics = [path for name in sorted(names) if (path := folder / name).is_file()]
        if not self.basics:
            raise NotFound(
                "catalogue.no_tables",
                "文件夹 %(path)s 里没有事项表（%(names)s）。",
                path=str(folder),
                names=tuple(sorted(names)),
            )

    def digest(self) -> str:
        """Return the digest over all the tables."""
        hashed = sha256()
        for path in sorted(self.folder.glob("*.csv")):
            if path.name != "problems.csv":
                hashed.update(path.name.encode() + path.read_bytes())
        return f"sha256:{hashed.hexdigest()}"

    def lines(self) -> Iterator[Line]:
        """Return the items with their lists; rows are counted through all the tables."""
        lists = {name: self._rows(name) for name in CHILD_TABLES}
        count, unknown = 0, dict.fromkeys(self.unknown)
        last = 0
        for path in self.basics:
            table = Table(path, ITEM_COLUMNS, ITEM_REQUIRED)
            for line in table.lines():
                key = str(line.cells.get("handling_code") or line.cells.get("code") or "").strip()
                # A folder is the whole of each item: a list without rows is an empty one.
                mine = {name: rows.get(key, []) for name, rows in lists.items()}
                last = line.number
                yield line._replace(number=count + last, lists=mine)
            count += last
            unknown |= dict.fromkeys(u for u in table.unknown if normal(u) not in ENVELOPE)
        self.unknown = tuple(unknown)

    def _rows(self, name: str) -> dict[str, list[dict[str, object]]]:
        found: dict[str, list[dict[str, object]]] = {}
        aliases = {**CHILD_COLUMNS[name], ITEM_KEY: ITEM_KEY}
        for file in dict.fromkeys(file_name(name, item_type=item_type) for item_type in TYPES):
            path = self.folder / file
            if not path.is_file():
                continue
            for line in Table(path, aliases, {ITEM_KEY: ITEM_KEY}).lines():
                cells: dict[str, object] = dict(line.cells)
                found.setdefault(str(cells.pop(ITEM_KEY, "")), []).append(cells)
        return found
