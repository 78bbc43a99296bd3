"""Code sets (代码集) of the item list: code knows the shape, the national pack the values.

A version keeps national codes. What another place numbers differently is translated by the table
of that place, named when its file is imported.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

_BETWEEN = re.compile(r"[\^,，;；、|\s]+")
JOIN = "^"
"""Between several codes in one cell, as the national exchange writes them."""


@dataclass(frozen=True)
class CodeSet:
    """One set: its name, whether a cell may hold several, what each code means."""

    name: str
    values: Mapping[str, str]
    many: bool = False
    upstream: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, text: str, *, upstream: str = "") -> tuple[str, ...] | None:
        """Return the national codes a cell means, or ``None`` where one is not known.

        >>> level = CodeSet("行使层级", {"3": "市", "4": "县"}, many=True)
        >>> level.read("3^县"), level.read(""), level.read("8")
        (('3', '4'), (), None)
        """
        table = self.upstream.get(upstream, {})
        by_word = {word: code for code, word in self.values.items()}
        found = []
        for part in _BETWEEN.split(text.strip()):
            if not part:
                continue
            code = by_word.get(part) or table.get(part, part)
            code = code if code in self.values else code.lstrip("0")
            if code not in self.values:
                return None
            found.append(code)
        return tuple(dict.fromkeys(found)) if self.many or len(found) < 2 else None

    def words(self, codes: str) -> tuple[str, ...]:
        """Return what the codes of a cell mean; an unknown one as it is."""
        return tuple(self.values.get(code, code) for code in codes.split(JOIN) if code)


@dataclass(frozen=True)
class CodeSets:
    """The sets in force, by the field they are for; ``upstream`` chooses another place's codes."""

    by_field: Mapping[str, CodeSet]
    upstream: str = ""

    def translated(self, name: str, text: str) -> str:
        """Return what another place's code is in the nation's set of this name."""
        found = self.by_field.get(name)
        return found.upstream.get(self.upstream, {}).get(text, text) if found else text

    @property
    def upstreams(self) -> frozenset[str]:
        return frozenset(name for s in self.by_field.values() for name in s.upstream)


def read_sets(text: str) -> CodeSets:
    """Return the sets a pack lists."""
    found = {}
    for name, table in tomllib.loads(text).items():
        if isinstance(table, dict):
            found[name] = CodeSet(
                name=str(table["name"]),
                values={str(k): str(v) for k, v in table.get("values", {}).items()},
                many=bool(table.get("many", False)),
                upstream=table.get("upstream", {}),
            )
    return CodeSets(found)
