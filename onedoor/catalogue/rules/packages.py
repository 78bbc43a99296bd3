"""A joint package (一件事一次办): its members in order, their materials asked once, how long.

Basis: 国发〔2024〕3号; 许可法26 (several departments, one door), 31 (nothing is asked twice), 42.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term

JOINT_CAP = Limit(45, LimitUnit.WD, "《行政许可法》第四十二条")
"""Handled jointly or in one place (许可法26), all decisions together may take so long."""
JOINT_EXTENSION = Limit(15, LimitUnit.WD, "《行政许可法》第四十二条")
"""What the head of the government may add to it, once, before it is over."""

MOST_MEMBERS = 30


class PackageState(Term):
    """Whether a package is applied for (一件事状态)."""

    IN_USE = "in_use", "在用"
    SUSPENDED = "suspended", "暂停"


class Place(NamedTuple):
    """A member's place, and the place of the member that must be granted before it begins."""

    order: int
    after: int | None = None


class Asked(NamedTuple):
    """A material as one member asks for it."""

    member: int
    name: str
    originals: int
    copies: int
    is_required: bool
    standard: str = ""


class Issued(NamedTuple):
    """A paper that one member asks for and an earlier one issues: nobody has to bring it."""

    member: int
    name: str
    issuer: int


@dataclass(frozen=True)
class Shared:
    """A material of the whole package: asked once, for all members that need it."""

    order: int
    name: str
    originals: int
    copies: int
    is_required: bool
    standards: tuple[str, ...]
    members: tuple[int, ...]

    @property
    def key(self) -> str:
        return key_of(self.name)

    @property
    def standard(self) -> str:
        return "\n".join(self.standards)


def key_of(name: str) -> str:
    """Return what two names of the same material have in common: width, case, signs put aside.

    >>> key_of("《营业执照》 （副本）") == key_of("营业执照(副本)")
    True
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if c.isalnum())


def merged(asked: Iterable[Asked]) -> tuple[Shared, ...]:
    """Return the materials of all members, each once, in the order they are first asked for.

    As many originals and copies as the member that wants most; required where one requires it.

    >>> one = merged([Asked(1, "身份证", 1, 0, True), Asked(2, "身份证 ", 0, 2, False)])[0]
    >>> one.originals, one.copies, one.is_required, one.members
    (1, 2, True, (1, 2))
    """
    by_key: dict[str, list[Asked]] = {}
    for each in asked:
        by_key.setdefault(key_of(each.name), []).append(each)
    return tuple(
        Shared(
            order=order,
            name=same[0].name.strip(),
            originals=max(each.originals for each in same),
            copies=max(each.copies for each in same),
            is_required=any(each.is_required for each in same),
            standards=tuple(dict.fromkeys(each.standard for each in same if each.standard)),
            members=tuple(dict.fromkeys(each.member for each in same)),
        )
        for order, same in enumerate(by_key.values(), start=1)
    )


def issued(
    asked: Iterable[Asked], *, places: Sequence[Place], results: Mapping[int, str]
) -> tuple[list[Asked], tuple[Issued, ...]]:
    """Return what is left to bring, and what comes from a member that has to be granted before.

    >>> asked = [Asked(2, "营业执照", 1, 0, True)]
    >>> places = [Place(1), Place(2, after=1)]
    >>> issued(asked, places=places, results={1: "《营业执照》"})
    ([], (Issued(member=2, name='营业执照', issuer=1),))
    """
    before = {place.order: place.after for place in places}
    left: list[Asked] = []
    found: list[Issued] = []
    for each in asked:
        issuer = before[each.member]
        while issuer and key_of(results.get(issuer, "")) != key_of(each.name):
            issuer = before[issuer]
        if issuer:
            found.append(Issued(each.member, each.name.strip(), issuer))
        else:
            left.append(each)
    return left, tuple(found)


def checked(places: Sequence[Place]) -> None:
    """Refuse members that could never all begin: each waits for an earlier one or for none."""
    if not 2 <= len(places) <= MOST_MEMBERS:
        raise NotValid(
            "package.members",
            "一件事要有 2 到 %(most)s 个事项，现在有 %(count)s 个。",
            field="members",
            most=MOST_MEMBERS,
            count=len(places),
        )
    earlier: set[int] = set()
    for place in places:
        if place.after is not None and place.after not in earlier:
            raise NotValid(
                "package.order",
                "第 %(order)s 个事项要等的那一项，应排在它前面。",
                field="members",
                order=place.order,
            )
        earlier.add(place.order)


def longest(places: Iterable[Place], days: Mapping[int, int]) -> int:
    """Return the working days of the longest road through the members, one after the other.

    >>> longest([Place(1), Place(2, after=1), Place(3)], {1: 1, 2: 5, 3: 4})
    6
    """
    ends: dict[int, int] = {}
    for place in places:
        ends[place.order] = (ends[place.after] if place.after else 0) + days[place.order]
    return max(ends.values(), default=0)
