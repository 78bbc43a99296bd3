"""What the packs say about papers: the national templates, a county's words and remedies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from onedoor.kernel import packs
from onedoor.papers.rules import kinds
from onedoor.papers.rules.kinds import Kind


@dataclass(frozen=True)
class Words:
    """How a county words its numbers, and where one turns against its decisions."""

    place: str
    units: Mapping[str, str]
    kinds: Mapping[str, str]
    matters: Mapping[str, str]
    review_body: str
    court: str
    sealed_units: frozenset[str]
    """Codes of the units whose papers go out under the one seal (一颗印章管审批)."""

    def word(self, kind: Kind, matter: str) -> str:
        """Return the word of a kind in a number, about an item of that type."""
        return self.kinds[kind.value].format(matter=self.matters.get(matter, ""))


@cache
def words() -> Words:
    """Return the county's words; without a file of its own, what can be derived."""
    told = packs.county("papers.toml")
    county = packs.county().get("county", {})
    name = str(county.get("name", ""))
    return Words(
        place=str(told.get("place") or name[:1]),
        units=told.get("units", {}),
        kinds={k.value: kinds.WORDS[k] for k in Kind} | dict(told.get("kinds", {})),
        matters=kinds.MATTERS | dict(told.get("matters", {})),
        review_body=str(told.get("review_body") or f"{name}人民政府"),
        court=str(told.get("court") or f"{name}人民法院"),
        sealed_units=frozenset(told.get("sealing", {}).get("units", ())),
    )


@cache
def template(kind: Kind) -> str:
    """Return the national template of a kind, as it comes with the product."""
    path = files("onedoor") / "packs" / "national" / "papers" / f"{kind.value}.txt"
    return path.read_text(encoding="utf-8")
