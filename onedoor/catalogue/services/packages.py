"""Joint packages (一件事): set what belongs together, suspend and resume it.

What was applied for keeps the members it had then; a change is for those who come after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.events import PackageSet, PackageStateChanged
from onedoor.catalogue.models import Item, Package, PackageMember
from onedoor.catalogue.packages import package_row
from onedoor.catalogue.rules.packages import PackageState, Place, checked
from onedoor.kernel.errors import NotAllowed, NotFound, NotValid, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


@dataclass(frozen=True)
class PackageTold:
    """A package as a county states it: items by code, each with the code it waits for, or none."""

    code: str
    name: str
    unit: str
    members: Sequence[tuple[str, str]]
    theme: str = ""
    description: str = ""
    is_joint: bool = False


@ledger.recorded
def set_packages(told: Iterable[PackageTold], *, by: Actor, at: datetime) -> int:
    """Make or change packages, all or none; return how many were not so before."""
    return sum(_set(package, by=by, at=at) for package in told)


def _set(told: PackageTold, *, by: Actor, at: datetime) -> bool:
    if not CODE.fullmatch(told.code):
        raise NotValid(
            "package.code", "一件事的编码用小写字母、数字和短横，2 到 40 位。", field="code"
        )
    if not 1 <= len(told.name) <= 100 or len(told.theme) > 40:
        raise NotValid(
            "package.name", "一件事的名称应是 1 到 100 个字，主题最多 40 个字。", field="name"
        )
    unit = Organisation.objects.filter(code=told.unit).first()
    if unit is None:
        raise NotFound("accounts.no_such_unit", "没有编码为 %(unit)s 的部门。", unit=told.unit)
    _may(by, unit)
    wanted = _members(told)
    row = Package.objects.select_for_update(of=("self",)).filter(code=told.code).first()
    package = row or Package(code=told.code)
    said = {
        "name": told.name,
        "theme": told.theme,
        "unit_id": unit.pk,
        "description": told.description,
        "is_joint": told.is_joint,
    }
    there = [(m.item_id, m.after) for m in package.members.order_by("order")] if row else []
    before = {name: getattr(package, name) for name in said}
    if row and before == said and there == [(item.pk, after) for item, after in wanted]:
        return False
    for name, value in said.items():
        setattr(package, name, value)
    package.save(force_insert=row is None)
    PackageMember.objects.filter(package=package).delete()
    PackageMember.objects.bulk_create(
        [
            PackageMember(package=package, item=item, order=order, after=after)
            for order, (item, after) in enumerate(wanted, start=1)
        ]
    )
    members: list[Fact] = [
        {"item": item.code, "order": order, "after": after or 0}
        for order, (item, after) in enumerate(wanted, start=1)
    ]
    event = PackageSet(
        subject=f"package:{told.code}",
        name=told.name,
        unit=unit.code,
        is_joint=told.is_joint,
        members=members,
    )
    ledger.record(event, by=by.ref, at=at)
    return True


def _members(told: PackageTold) -> list[tuple[Item, int | None]]:
    """Return the items in order, each with the place it waits for; refuse what cannot be."""
    orders = {code: order for order, (code, _) in enumerate(told.members, start=1)}
    if len(orders) != len(told.members):
        raise NotValid("package.twice", "同一个事项在一件事里只能写一次。", field="members")
    items = {item.code: item for item in Item.objects.filter(code__in=orders)}
    unknown = next((c for pair in told.members for c in pair if c and c not in items), None)
    if unknown is not None:
        raise NotFound("catalogue.not_found", "没有编码为 %(item)s 的事项。", item=unknown)
    places = [Place(orders[code], orders[after] if after else None) for code, after in told.members]
    checked(places)
    return [
        (items[code], place.after) for (code, _), place in zip(told.members, places, strict=True)
    ]


def suspend_package(code: str, *, by: Actor, at: datetime) -> Package:
    """Take no joint applications until it is resumed; the items are still taken one by one."""
    return _move(code, PackageState.IN_USE, PackageState.SUSPENDED, by=by, at=at)


def resume_package(code: str, *, by: Actor, at: datetime) -> Package:
    """Take joint applications again."""
    return _move(code, PackageState.SUSPENDED, PackageState.IN_USE, by=by, at=at)


@ledger.recorded
def _move(
    code: str, source: PackageState, target: PackageState, *, by: Actor, at: datetime
) -> Package:
    package = package_row(code)
    _may(by, package.unit)
    found = Package.objects.filter(pk=package.pk, state=source.value)
    if not found.update(state=target.value):
        raise Refusal(
            "package.wrong_state",
            "“%(name)s”现在是“%(state)s”，不能改为“%(target)s”。",
            name=package.name,
            state=PackageState(package.state),
            target=target,
        )
    package.state = target.value
    event = PackageStateChanged(subject=f"package:{code}", before=source.value, after=target.value)
    ledger.record(event, by=by.ref, at=at)
    return package


def _may(by: Actor, unit: Organisation) -> None:
    if not by.holds(Role.PUBLISHER, unit.pk):
        raise NotAllowed("package.not_publisher", "一件事由牵头单位“事项发布”岗位的人来定。")
