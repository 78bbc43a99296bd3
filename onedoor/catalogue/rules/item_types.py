"""Item types (事项类型), read from the national pack: code knows the shape, data the values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class ItemType(NamedTuple):
    """A type, whether people apply for it at a window, and how its law lets a limit be extended."""

    code: str
    name: str
    at_window: bool
    extension_days: int = 0
    extension_basis: str = ""


@dataclass(frozen=True)
class ItemTypes:
    """The types in force, found by code, by code without its zero, or by name."""

    by_code: Mapping[str, ItemType]
    by_word: Mapping[str, ItemType]

    def find(self, word: str) -> ItemType | None:
        return self.by_word.get(word)

    def listed(self, *, only_at_window: bool = False) -> str:
        """Return the types there are in one line, for whoever wrote another."""
        known = [t for t in self.by_code.values() if t.at_window or not only_at_window]
        return "、".join(f"{t.code} {t.name}" for t in known)

    def name_of(self, code: str) -> str:
        found = self.by_code.get(code)
        return found.name if found else code


def read_types(text: str) -> ItemTypes:
    """Return the types a pack lists.

    >>> types = read_types('[[type]]\\ncode = "01"\\nname = "行政许可"\\nat_window = true')
    >>> types.find("1") is types.find("行政许可"), types.find("99")
    (True, None)
    """
    by_code: dict[str, ItemType] = {}
    by_word: dict[str, ItemType] = {}
    for row in tomllib.loads(text)["type"]:
        found = ItemType(
            str(row["code"]),
            str(row["name"]),
            bool(row["at_window"]),
            int(row.get("extension_days", 0)),
            str(row.get("extension_basis", "")),
        )
        by_code[found.code] = found
        for word in (found.code, found.code.lstrip("0"), found.name, *row.get("aliases", ())):
            by_word[str(word)] = found
    return ItemTypes(by_code, by_word)
