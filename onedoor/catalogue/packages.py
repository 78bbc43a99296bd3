"""What may be asked about joint packages (一件事): members, what to bring, how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Q, QuerySet

from onedoor.catalogue import queries
from onedoor.catalogue.models import Item, Package
from onedoor.catalogue.queries import VersionFacts
from onedoor.catalogue.rules.limits import Limit, LimitUnit
from onedoor.catalogue.rules.packages import (
    JOINT_CAP,
    Asked,
    Issued,
    PackageState,
    Place,
    Shared,
    issued,
    longest,
    merged,
)
from onedoor.catalogue.rules.words import ItemState
from onedoor.kernel.errors import NotFound, Refusal


@dataclass(frozen=True)
class MemberFacts:
    """A member as it is in force now; without a version nothing can be said of it."""

    place: Place
    item: Item
    state: ItemState
    version: VersionFacts | None

    @property
    def is_in_use(self) -> bool:
        return self.version is not None and self.state is ItemState.IN_USE

    @property
    def limit(self) -> Limit | None:
        return (self.version.promised or self.version.statutory) if self.version else None


@dataclass(frozen=True)
class PackageFacts:
    """A package with its members and the materials of all of them, each once."""

    package: Package
    members: tuple[MemberFacts, ...]
    materials: tuple[Shared, ...]
    issued: tuple[Issued, ...]
    """What a member asks for and an earlier one issues."""

    @property
    def edition(self) -> str:
        """What tells this composition from any other: which items, which versions, which order."""
        parts = (
            f"{m.item.code} {m.version.number if m.version else 0} {m.place.after}"
            for m in self.members
        )
        return sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(member.place for member in self.members)

    @property
    def is_open(self) -> bool:
        """Whether applications for it are taken now."""
        return self.package.state == PackageState.IN_USE.value and all(
            member.is_in_use for member in self.members
        )

    @property
    def longest(self) -> int | None:
        """The working days all of it takes at most from acceptance on, where that can be added."""
        limits = {m.place.order: m.limit for m in self.members}
        if not limits or any(not x or x.unit is not LimitUnit.WD for x in limits.values()):
            return None
        days = longest(self.places, {order: x.count for order, x in limits.items() if x})
        return min(days, self.cap.count) if self.cap else days

    @property
    def cap(self) -> Limit | None:
        """What the law allows for all of it together, where it is handled jointly."""
        return JOINT_CAP if self.package.is_joint else None


def package_row(code: str) -> Package:
    """Return a package by its code, or refuse."""
    package = Package.objects.filter(code=code).select_related("unit").first()
    if package is None:
        raise NotFound("package.not_found", "没有编码为 %(package)s 的一件事。", package=code)
    return package


def package_facts(package: Package, *, at: datetime) -> PackageFacts:
    """Return a package as it is at this instant; one statement where its versions are in memory."""
    rows = package.members.select_related("item__unit").order_by("order")
    members = tuple(
        MemberFacts(
            Place(row.order, row.after),
            row.item,
            queries.state_of(row.item, at=at),
            queries.facts_of(row.item, at=at),
        )
        for row in rows
    )
    left, within = issued(
        _asked(members),
        places=[member.place for member in members],
        results={m.place.order: m.version.result_name for m in members if m.version},
    )
    return PackageFacts(package, members, merged(left), within)


def _asked(members: Iterable[MemberFacts]) -> Iterable[Asked]:
    for member in members:
        for m in member.version.materials if member.version else ():
            yield Asked(
                member.place.order,
                m.name,
                m.originals,
                m.copies,
                m.necessity != "optional",
                m.standard,
            )


def open_package(code: str, *, at: datetime) -> PackageFacts:
    """Return a package under which applications are taken now; refuse if one member is not."""
    package = package_row(code)
    if package.state != PackageState.IN_USE.value:
        raise Refusal(
            "package.not_in_use",
            "“%(name)s”暂停一起办，可以一项一项地办。",
            name=package.name,
        )
    facts = package_facts(package, at=at)
    for member in facts.members:
        queries.current_version(member.item.code, at=at)
    return facts


def listed() -> QuerySet[Package]:
    """Return the packages the public may read about, by theme."""
    return Package.objects.select_related("unit").order_by("theme", "name", "code")


def packages_with(*items: Item, called: str = "") -> list[Package]:
    """Return the packages in use that any of the items is a part of, or that are called so."""
    wanted = Q(members__item__in=items)
    if called:
        wanted |= Q(name__icontains=called)
    found = Package.objects.filter(wanted, state=PackageState.IN_USE.value)
    return list(found.distinct().order_by("name"))
