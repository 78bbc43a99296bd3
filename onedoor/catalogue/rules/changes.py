"""What differs between two versions (版本差异): field, old value, new value, lists row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from onedoor.catalogue.rules.content import CHILDREN, Content
from onedoor.catalogue.rules.labels import Label, RowLabel
from onedoor.catalogue.rules.limits import Limit


class Change(NamedTuple):
    """One difference; ``row`` and ``part`` say where in a list, ``None`` is: not there."""

    field: Label
    old: Any
    new: Any
    row: str = ""
    part: RowLabel | None = None

    @property
    def is_file(self) -> bool:
        """Whether what stands there is the digest of a blank form or sample."""
        return self.part in (RowLabel.FORM_FILE, RowLabel.SAMPLE_FILE)


class Reduction(NamedTuple):
    """A material or step no longer asked for (减材料减流程); how many there were and are."""

    field: Label
    name: str
    count_before: int
    count_after: int


def changes(old: Content, new: Content) -> tuple[Change, ...]:
    """Return all that differs, in the order of the fields.

    >>> before, after = Content(name="甲", item_type="01"), Content(name="乙", item_type="01")
    >>> [(c.field.value, c.old, c.new) for c in changes(before, after)]
    [('name', '甲', '乙')]
    """
    found: list[Change] = []
    for field in fields(Content):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name in CHILDREN:
            found += _of_lists(field.name, before, after)
        elif _bare(before) != _bare(after):
            found.append(Change(Label(field.name), before, after))
    return tuple(found)


def reductions(old: Content, new: Content) -> tuple[Reduction, ...]:
    """Return the materials and steps that are no longer asked for.

    A list that did not become shorter is no relief: its rows only have other names.
    """
    found: list[Reduction] = []
    for label in (Label.MATERIALS, Label.STEPS):
        before, after = getattr(old, label.value), getattr(new, label.value)
        if len(after) < len(before):
            still = {_key(row) for row in after}
            gone = [key for row in before if (key := _key(row)) not in still]
            found += [Reduction(label, key, len(before), len(after)) for key in gone]
    return tuple(found)


def _bare(value: Any) -> Any:
    """Return a limit without where it is written: that is a field of its own."""
    return (value.count, value.unit) if isinstance(value, Limit) else value


def _key(row: Any) -> str:
    """Return what a row is called: its first field."""
    return str(getattr(row, fields(row)[0].name))


def _of_lists(name: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    label = Label(name)
    before, after = _by_key(old), _by_key(new)
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in after:
            yield Change(label, key, None, row=key)
        elif key not in before:
            yield Change(label, None, key, row=key)
        else:
            for field in fields(CHILDREN[name]):
                one, other = (getattr(rows[key], field.name) for rows in (before, after))
                if one != other:
                    yield Change(label, one, other, row=key, part=RowLabel(field.name))
    if list(before) != list(after) and set(before) == set(after):
        yield Change(label, "、".join(before), "、".join(after), part=RowLabel.ORDER)


def _by_key(rows: Sequence[Any]) -> dict[str, Any]:
    """Return the rows by name; a name that is there twice counts its places."""
    found: dict[str, Any] = {}
    for row in rows:
        key, place = _key(row), 2
        while key in found:
            key = f"{_key(row)}（{place}）"
            place += 1
        found[key] = row
    return found
