"""The demo county's published information: one report public, one draft, one nobody decided on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from onedoor.accounts.models import Organisation
from onedoor.accounts.queries import actor_named
from onedoor.accounts.rules import Actor, Role
from onedoor.demo.pack import CountyPack
from onedoor.kernel import clock
from onedoor.kernel.errors import NotValid
from onedoor.reports import services as reports
from onedoor.reports.models import Edition, Publication
from onedoor.reports.rules.publishing.contents import text_of
from onedoor.reports.rules.publishing.words import Settling
from onedoor.reports.rules.words import LiveKind
from onedoor.reports.services import Typed
from onedoor.reports.services.indexing import front_of

LATER = "联系电话：0873-0000201（演示）。"
WHY = "办公电话，可以公开（演示）。"


def play(pack: CountyPack, *, today: date, at: datetime) -> None:
    """Publish one report of the demo's findings, begin another; once."""
    if Publication.objects.exists():
        return

    def who(role: Role) -> Actor:
        return actor_named(pack.first_with(role.value).username, on=today)

    def ago(days: int) -> datetime:
        return min(clock.at_local(today - timedelta(days=days), 10), at)

    lead, checker, discloser = map(who, (Role.LEAD_OFFICE, Role.CHECKER, Role.DISCLOSER))
    unit = Organisation.objects.get(short_name=pack.first_with(Role.CHECKER.value).unit)
    try:
        front_of(unit)
    except NotValid:
        return  # no index number can name what this unit would make public

    def entered(kind: LiveKind, about: str, made: datetime, entered_at: datetime) -> Edition:
        wanted = reports.wanted_of(kind, about=about, is_public=True)
        report = reports.make_report(wanted, by=lead, at=made).report
        return reports.enter(report, publisher=unit, by=lead, at=entered_at)

    first = entered(LiveKind.COMPARISON, "", ago(20), ago(19))
    typed = Typed(
        title=first.title,
        column="整改公开",
        formed_on=first.formed_on,
        text=f"{text_of(first.paragraphs)}\n{LATER}",
        topic="财政、金融、审计",
        genre="报告",
        keywords="审计 整改",
        summary="已经公开的审计问题，责任单位的自述和核验的结果（演示）。",
    )
    first = reports.edit(first, typed, seen=first.version, by=lead, at=ago(19))
    first = reports.submit(first, seen=first.version, by=lead, at=ago(18))
    for hit in first.hits.order_by("place"):
        first = reports.settle(
            first,
            hit.place,
            settling=Settling.KEPT,
            reason=WHY,
            seen=first.version,
            by=checker,
            at=ago(17),
        )
    first = reports.clear(first, seen=first.version, by=checker, at=ago(17))
    reports.publish(first, seen=first.version, by=discloser, at=ago(16))
    year = str((today - timedelta(days=10)).year)
    entered(LiveKind.YEARLY, year, ago(10), ago(9))
    month = f"{today - timedelta(days=6):%Y-%m}"
    wanted = reports.wanted_of(LiveKind.MONTHLY, about=month)
    reports.make_report(wanted, by=lead, at=ago(6))
