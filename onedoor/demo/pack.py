"""The county pack as typed data: divisions, units, staff, items, phrases, applicants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from onedoor.catalogue.services import PackageTold


@dataclass(frozen=True)
class Unit:
    """A unit (单位): where its windows are, and how many of its people do not sign in, by duty."""

    sequence: int
    key: str
    code: str
    name: str
    short_name: str
    kind: str
    windows: str
    phone: str
    posts: Mapping[str, int]
    person_topics: str = ""
    company_topics: str = ""
    review_office: str = ""
    english: str = ""


@dataclass(frozen=True)
class Staff:
    """Somebody who works there; most do not sign in, but their names stand in the histories."""

    username: str
    name: str
    unit: str
    title: str
    unit_roles: Sequence[str]
    centre_roles: Sequence[str]
    signs_in: bool = True


@dataclass(frozen=True)
class Division:
    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class Phrase:
    """A usual sentence (常用语); ``about`` is what the demo's own cases say it of.

    A word in the name of a material, a type of item, or ``*`` for anything; nothing is never told.
    """

    code: str
    kind: str
    text: str
    basis: str
    about: Sequence[str] = ()


@dataclass(frozen=True)
class Joint:
    """A joint package (一件事): items by name; ``after`` is the place of what each waits for."""

    code: str
    name: str
    theme: str
    unit: str
    description: str
    members: Sequence[str]
    after: Mapping[str, int] = field(default_factory=dict)
    is_joint: bool = False


@dataclass(frozen=True)
class Applicant:
    kind: str
    name: str
    id_type: str
    id_number: str
    phone: str
    address: str
    contact_name: str = ""


@dataclass(frozen=True)
class CountyPack:
    """One county's demo: who and what there is; items stay as rows for the catalogue's import."""

    dated: date
    divisions: tuple[Division, ...]
    units: tuple[Unit, ...]
    staff: tuple[Staff, ...]
    items: tuple[Mapping[str, Any], ...]
    phrases: tuple[Phrase, ...]
    applicants: tuple[Applicant, ...]
    packages: tuple[Joint, ...]
    well_known: frozenset[str]
    """The codes of the items told to the last field: most of the cases are about these."""
    transfers: bytes = b""
    """The transfer list (划转事项清单) as the catalogue imports it; empty without one."""
    towns: CountyPack | None = None
    """Townships (乡镇街道): counted apart from the county's units, items and people."""

    def whole(self) -> CountyPack:
        """Return the county with its townships."""
        if self.towns is None:
            return self
        return replace(
            self,
            units=self.units + self.towns.units,
            staff=self.staff + self.towns.staff,
            items=self.items + self.towns.items,
            towns=None,
        )

    def first_with(self, role: str) -> Staff:
        """Return the first of the staff who holds the role anywhere."""
        return next(s for s in self.staff if role in (*s.centre_roles, *s.unit_roles))

    def items_as_json(self, *, checked_on: date) -> bytes:
        """Return the items as the catalogue imports them, looked through (核对) on that day."""
        items = [{**item, "checked_on": checked_on.isoformat()} for item in self.items]
        return json.dumps({"items": items}, ensure_ascii=False).encode()

    def packages_told(self) -> list[PackageTold]:
        """Return the joint packages as the catalogue takes them, items by code."""
        units = {unit.short_name: unit.code for unit in self.units}
        codes = {str(item["name"]): str(item["code"]) for item in self.items}
        return [
            PackageTold(
                code=p.code,
                name=p.name,
                unit=units[p.unit],
                members=[
                    (codes[m], codes[p.members[p.after[m] - 1]] if m in p.after else "")
                    for m in p.members
                ],
                theme=p.theme,
                description=p.description,
                is_joint=p.is_joint,
            )
            for p in self.packages
        ]

    def divisions_as_json(self) -> bytes:
        """Return the divisions as the catalogue imports them."""
        rows = [asdict(division) for division in self.divisions]
        return json.dumps(rows, ensure_ascii=False).encode()
