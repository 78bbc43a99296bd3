"""Builders: a joint package of the small county, and an application for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from onedoor.cases import services as cases
from onedoor.cases.models import Application, ApplicationMember, Case
from onedoor.cases.services.joint import JointReceipt
from onedoor.cases.tests import given
from onedoor.catalogue import services as catalogue
from onedoor.catalogue.models import Package

MARKET = "11532502DEM0000224"
MEMBERS = [
    (given.LICENCE, ""),
    (given.AT_ONCE, ""),
    (given.CONFIRMATION, given.LICENCE),
]
"""A licence and an independent member begin at once; the confirmation waits for the licence."""


def package(code: str = "shop", **changes: Any) -> str:
    """Make the package and return its code; merged: 申请书, 布局图, 说明, 身份证."""
    if not changes and Package.objects.filter(code=code).exists():
        return code
    told = catalogue.PackageTold(
        code=code, name="开小店（测试）", unit=MARKET, members=MEMBERS, is_joint=True
    )
    told = replace(told, **changes)
    catalogue.set_packages([told], by=given.actor("publisher"), at=given.BEGAN)
    return code


def receipt(*, at: datetime = given.FRIDAY, **states: Any) -> JointReceipt:
    """Return the receipt of a fresh joint application."""
    slot = cases.reserve_joint(package(), at=at)
    return cases.receive_joint(
        slot,
        applicant=given.applicant(),
        materials=given.handed(len(slot.facts.materials), **states),
        identity_checked=True,
        by=given.actor("clerk"),
        at=at,
    )


def application(*, at: datetime = given.FRIDAY, **states: Any) -> Application:
    return receipt(at=at, **states).application


def member(application: Application, order: int) -> ApplicationMember:
    return application.members.select_related("case", "item", "application", "after").get(
        order=order
    )


def case_of(application: Application, order: int) -> Case:
    """Return the case of a member, read again."""
    found = member(application, order).case
    assert found is not None
    return given.reload(found)


def granted(case: Case, *, at: datetime) -> Case:
    """Bring a received case to its grant."""
    given.step(cases.accept, case, "acceptor", at=at)
    given.step(cases.review, case, "reviewer", at=at, opinion="同意")
    return given.step(cases.grant, case, "decider", at=at, opinion="同意")
