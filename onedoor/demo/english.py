"""English names of a county's units and items: an object's words in what its action says.

What the table does not know has no English name; pages then say the Chinese one alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable

from onedoor.demo.pack import Unit
from onedoor.demo.rows import read, wrong


@dataclass(frozen=True)
class English:
    """The words of ``english.toml``: of units, of objects, and of actions with ``{object}``."""

    units: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)

    def item(self, thing: str, action: str) -> str:
        """Return the English name of what may be done with an object, empty where not known.

        >>> English({}, {"身份证": "Identity card"}, {"补领": "{object} (replacement)"}).item(
        ...     "身份证", "补领"
        ... )
        'Identity card (replacement)'
        """
        said, frame = self.objects.get(thing, ""), self.actions.get(action, "")
        return frame.format(object=said) if said and frame else ""

    def named(self, units: Sequence[Unit]) -> tuple[Unit, ...]:
        """Return the units with their English names."""
        return tuple(replace(unit, english=self.units.get(unit.name, "")) for unit in units)


def english_of(file: Traversable) -> English:
    """Return the words of a county; none where it has no such file."""
    if not file.is_file():
        return English()
    said = read(file)
    for number, (action, frame) in enumerate(said.get("actions", {}).items(), start=1):
        if "{object}" not in frame:
            raise wrong("english.actions", number, f"{action} 里没有 {{object}}")
    return English(said.get("units", {}), said.get("objects", {}), said.get("actions", {}))
