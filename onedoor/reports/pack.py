"""What the packs say about making information public: the national table, what a county adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from onedoor.kernel import packs
from onedoor.reports.rules.publishing.privacy import Patterns

FILE = "publishing.toml"


@dataclass(frozen=True)
class Rules:
    """Limits, choices and what is looked for before publication, as this county has them."""

    within: int
    soon: int
    basis: str
    is_front_short: bool
    """Whether index numbers begin with the nine-character code."""
    columns: tuple[str, ...]
    genres: tuple[str, ...]
    topics: tuple[str, ...]
    patterns: Patterns
    licence: str
    """Under what everybody may use the open data."""


@cache
def rules() -> Rules:
    """Return the county's table, the national one where it says nothing."""
    national, county = packs.told(packs.NATIONAL, FILE), packs.county(FILE)
    clock, fields = _over(national, county, "clock"), _over(national, county, "fields")
    check, own = national["check"], county.get("check", {})
    return Rules(
        within=int(clock["within"]),
        soon=int(clock["soon"]),
        basis=str(clock["source"]),
        is_front_short=_over(national, county, "index")["front"] == "organisation",
        columns=tuple(fields["columns"]),
        genres=tuple(fields["genres"]),
        topics=tuple(fields["topics"]),
        licence=str(_over(national, county, "open_data")["licence"]),
        patterns=Patterns(
            marks=(*check["marks"], *own.get("marks", ())),
            surnames=(*check["surnames"], *own.get("surnames", ())),
            before=(*check["before"], *own.get("before", ())),
            after=(*check["after"], *own.get("after", ())),
        ),
    )


def _over(national: Mapping[str, Any], county: Mapping[str, Any], part: str) -> dict[str, Any]:
    return {**national[part], **county.get(part, {})}
