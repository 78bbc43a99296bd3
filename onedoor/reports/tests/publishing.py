"""Builders: information on its way to the public, by the people who may."""

from __future__ import annotations

from typing import Any

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import SYSTEM, Actor, Holding, Role
from onedoor.reports import publications
from onedoor.reports import services as reports
from onedoor.reports.models import Edition, Report
from onedoor.reports.rules.publishing import contents
from onedoor.reports.rules.publishing.lifecycle import Action
from onedoor.reports.rules.publishing.words import Settling
from onedoor.reports.tests import given

AT = given.AT
WRITER = given.LEAD
CHECKER = Actor("person:checker", "审查示例", holdings=(Holding(Role.CHECKER, None),))
DISCLOSER = Actor("person:discloser", "公开示例", holdings=(Holding(Role.DISCLOSER, None),))


def centre() -> Organisation:
    return Organisation.objects.get(name="政务局")


def entered(report: Report | None = None, *, at=AT) -> Edition:
    report = report or given.kept()
    return reports.enter(report, publisher=centre(), by=WRITER, at=at)


def typed(edition: Edition, **changes: Any) -> reports.Typed:
    told: dict[str, Any] = {
        "title": edition.title,
        "column": edition.column,
        "formed_on": edition.formed_on,
        "text": contents.text_of(edition.paragraphs),
    }
    return reports.Typed(**(told | changes))


def reload(edition: Edition) -> Edition:
    return publications.edition_with(edition.publication.number, SYSTEM)


def submitted(edition: Edition | None = None, text: str = "") -> Edition:
    edition = edition or entered()
    if text:
        told = typed(edition, text=text)
        edition = reports.edit(edition, told, seen=edition.version, by=WRITER, at=AT)
    return reports.submit(edition, seen=edition.version, by=WRITER, at=AT)


def settled(edition: Edition, settling: Settling = Settling.KEPT) -> Edition:
    for hit in edition.hits.filter(settling=""):
        reports.settle(
            edition,
            hit.place,
            settling=settling,
            reason="公开的职务信息",
            seen=edition.version,
            by=CHECKER,
            at=AT,
        )
    return edition


def cleared(edition: Edition | None = None, text: str = "") -> Edition:
    edition = settled(submitted(edition, text))
    return reports.clear(edition, seen=edition.version, by=CHECKER, at=AT)


def published(edition: Edition | None = None, text: str = "", *, at=AT) -> Edition:
    edition = cleared(edition, text)
    return reports.publish(edition, seen=edition.version, by=DISCLOSER, at=at)


def actions(edition: Edition, actor: Actor) -> list[Action]:
    return publications.open_actions(reload(edition), actor)
