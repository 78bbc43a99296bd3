"""A case as the lists of the staff show it: with its light and the working days left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from onedoor.cases import queries
from onedoor.cases.models import Case
from onedoor.cases.rules.words import Light


class Row(NamedTuple):
    case: Case
    light: Light
    left: int | None


def rows_of(cases: Iterable[Case], *, on: date) -> list[Row]:
    return [Row(c, queries.light_of(c, on=on), queries.left_in_days(c, on=on)) for c in cases]
