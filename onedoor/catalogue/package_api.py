"""Joint packages for programs: the list, and one with its members and merged materials."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from onedoor.accounts.queries import require_scope
from onedoor.accounts.rules import Scope
from onedoor.accounts.web import Request
from onedoor.catalogue import packages as queries
from onedoor.catalogue.packages import PackageFacts
from onedoor.catalogue.rules.packages import PackageState
from onedoor.kernel import clock

router = Router(tags=["packages"])


class PackageLineOut(Schema):
    code: str
    name: str
    theme: str
    unit: str
    state: PackageState
    is_joint: bool


class PackageMemberOut(Schema):
    order: int
    item: str
    name: str
    unit: str
    after: int | None
    """The place of the member that must be granted before this one begins."""
    is_in_use: bool


class PackageMaterialOut(Schema):
    order: int
    name: str
    originals: int
    copies: int
    is_required: bool
    members: list[int]


class PackageIssuedOut(Schema):
    member: int
    name: str
    issuer: int


class PackageOut(PackageLineOut):
    description: str
    edition: str
    """What to send with an application: refused (409) when the package has changed since."""
    is_open: bool
    longest_working_days: int | None
    members: list[PackageMemberOut]
    materials: list[PackageMaterialOut]
    issued: list[PackageIssuedOut]
    """What a member asks for and an earlier one issues; it is not to be brought."""


def _line(facts: Any) -> dict[str, Any]:
    names = ("code", "name", "theme", "state", "is_joint")
    return {name: getattr(facts, name) for name in names} | {"unit": facts.unit.name}


@router.get("", response=list[PackageLineOut], operation_id="list_packages", summary="一件事目录")
def list_packages(request: Request) -> Any:
    """List the joint packages of the centre."""
    require_scope(request.actor, Scope.READ)
    return [_line(package) for package in queries.listed()]


@router.get("/{code}", response=PackageOut, operation_id="read_package", summary="读一件事")
def read_package(request: Request, code: str) -> Any:
    """Read a package: members, what to bring once for all, the longest road in working days."""
    require_scope(request.actor, Scope.READ)
    return package_body(queries.package_facts(queries.package_row(code), at=clock.now()))


def package_body(facts: PackageFacts) -> dict[str, Any]:
    return _line(facts.package) | {
        "description": facts.package.description,
        "edition": facts.edition,
        "is_open": facts.is_open,
        "longest_working_days": facts.longest,
        "members": [
            {
                "order": m.place.order,
                "item": m.item.code,
                "name": m.version.name if m.version else "",
                "unit": m.item.unit.name,
                "after": m.place.after,
                "is_in_use": m.is_in_use,
            }
            for m in facts.members
        ],
        "materials": [
            {
                "order": m.order,
                "name": m.name,
                "originals": m.originals,
                "copies": m.copies,
                "is_required": m.is_required,
                "members": list(m.members),
            }
            for m in facts.materials
        ],
        "issued": [each._asdict() for each in facts.issued],
    }
