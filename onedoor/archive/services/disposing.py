"""What a file ends with: held, or disposed of by two persons after its time.

Basis: 档案法 31 and what the archives bureau rules; 个人信息保护法 47 (what is no longer needed).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from onedoor.accounts.rules import Actor, Role
from onedoor.archive import queries
from onedoor.archive.events import (
    DisposalAnswered,
    DisposalProposed,
    FileDisposed,
    HoldLifted,
    HoldPlaced,
)
from onedoor.archive.models import ArchiveFile, DisposalLine, DisposalList, Hold
from onedoor.archive.rules.words import FileState, ListState
from onedoor.cases import services as cases
from onedoor.cases.inputs import plain
from onedoor.files import services as files
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import numbers as series
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted

MOST = 500
"""Files on one list: they are disposed of in one transaction."""


@ledger.recorded
def place_hold(file: ArchiveFile, *, reason: str, by: Actor, at: datetime) -> Hold:
    """Keep a file from being disposed of, however old it grows."""
    _keeper_only(by)
    text, salt = plain("reason", reason, "理由", most=500), secrets.token_hex(16)
    if ArchiveFile.objects.filter(pk=file.pk, state=FileState.DISPOSED.value).exists():
        raise _disposed()
    if queries.hold_on(file) is not None:
        raise Refusal("archive.held_already", "这份档案已经是暂缓销毁的。")
    hold = Hold.objects.create(file=file, reason=text, salt=salt, placed_by=by.ref, placed_at=at)
    ledger.record(HoldPlaced(subject=file.subject, reason=salted(text, salt)), by=by.ref, at=at)
    return hold


@ledger.recorded
def lift_hold(file: ArchiveFile, *, by: Actor, at: datetime) -> None:
    """Let the ordinary time of a file count again."""
    _keeper_only(by)
    held = Hold.objects.filter(file=file, lifted_at__isnull=True)
    if not held.update(lifted_by=by.ref, lifted_at=at):
        raise Refusal("archive.not_held", "这份档案没有暂缓销毁。")
    ledger.record(HoldLifted(subject=file.subject), by=by.ref, at=at)


@ledger.recorded
def propose_disposal(
    numbers: Sequence[str], *, opinion: str, by: Actor, at: datetime
) -> DisposalList:
    """List files whose time is over, to be disposed of once somebody else agrees."""
    _keeper_only(by)
    text = plain("opinion", opinion, "鉴定意见", most=500)
    on = day_of(at)
    if not 0 < len(set(numbers)) <= MOST:
        raise NotValid("archive.how_many", "一份清册选 1 到 %(most)s 份档案。", most=MOST)
    found = list(queries.disposable(by, on=on).filter(number__in=numbers))
    if len(found) != len(set(numbers)):
        raise Refusal(
            "archive.not_disposable",
            "选的档案里有还没到期、永久保管、暂缓销毁或证照还有效的，不能列入清册。",
        )
    serial = series.take_within(
        f"disposal:{on.year}", highest_used=lambda: _highest(on.year), block=1
    )
    made = DisposalList.objects.create(
        number=f"XH-{on.year}-{serial:04d}",
        year=on.year,
        serial=serial,
        opinion=text,
        proposed_by=by.ref,
        proposed_at=at,
    )
    DisposalLine.objects.bulk_create(
        [
            DisposalLine(
                disposal=made,
                file=file,
                title=file.case.item_version.name,
                digest=file.digest,
                kept_until=file.kept_until,
            )
            for file in found
            if file.kept_until is not None
        ]
    )
    event = DisposalProposed(
        subject=f"disposal:{made.number}", files=[file.number for file in found]
    )
    ledger.record(event, by=by.ref, at=at)
    return made


def _highest(year: int) -> int:
    rows = DisposalList.objects.filter(year=year).order_by("-serial")
    return rows.values_list("serial", flat=True).first() or 0


@ledger.recorded
def approve_disposal(disposal: DisposalList, *, by: Actor, at: datetime) -> DisposalList:
    """Dispose of what is on a list; what is held by now, or in force again, stays.

    Packages, papers, materials and personal data of the cases go for good; numbers, dates and
    digests stay, so that the ledger still says what there was.
    """
    _answer(disposal, ListState.CARRIED_OUT, by=by, at=at)
    on = day_of(at)
    able = set(queries.disposable(by, on=on).values_list("pk", flat=True))
    gone, stays = [], []
    for line in disposal.lines.select_related("file__case"):
        file = line.file
        if file.pk not in able:
            DisposalLine.objects.filter(pk=line.pk).update(left_out="archive.not_disposable")
            stays.append(file.number)
            continue
        _dispose(file, disposal, by=by, at=at)
        gone.append(file.number)
    _record_answer(disposal, True, gone, stays, by=by, at=at)
    return queries.list_for(by, disposal.number)


@ledger.recorded
def turn_down_disposal(disposal: DisposalList, *, by: Actor, at: datetime) -> DisposalList:
    """Let everything on a list be kept."""
    _answer(disposal, ListState.TURNED_DOWN, by=by, at=at)
    kept = [line.file.number for line in disposal.lines.select_related("file")]
    _record_answer(disposal, False, [], kept, by=by, at=at)
    return queries.list_for(by, disposal.number)


def _answer(disposal: DisposalList, state: ListState, *, by: Actor, at: datetime) -> None:
    if not by.holds(Role.ARCHIVIST) and not by.holds(Role.HEAD):
        raise NotAllowed("archive.approver_only", "销毁由另一位档案管理员或中心负责人批准。")
    if disposal.proposed_by == by.ref:
        raise NotAllowed("archive.own_list", "自己提出的销毁清册要由另一个人批准。")
    open_ = DisposalList.objects.filter(pk=disposal.pk, state=ListState.PROPOSED.value)
    if not open_.update(state=state.value, answered_by=by.ref, answered_at=at):
        raise Refusal("archive.list_answered", "这份清册刚被别人办过，请看过再办。")


def _record_answer(
    disposal: DisposalList,
    is_approved: bool,
    gone: Sequence[str],
    stays: Sequence[str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    event = DisposalAnswered(
        subject=f"disposal:{disposal.number}",
        is_approved=is_approved,
        disposed=list(gone),
        left_out=list(stays),
    )
    ledger.record(event, by=by.ref, at=at)


def _dispose(file: ArchiveFile, disposal: DisposalList, *, by: Actor, at: datetime) -> None:
    package = file.package_id
    kept = ArchiveFile.objects.filter(pk=file.pk, state=FileState.KEPT.value)
    changed = kept.update(state=FileState.DISPOSED.value, package=None, disposed_at=at)
    if not changed:
        raise _disposed()
    for hold in file.holds.all():
        Hold.objects.filter(pk=hold.pk).update(reason="", salt="")
    cases.erase(file.case, at=at)
    event = FileDisposed(subject=file.subject, disposal=disposal.number, package=file.digest)
    ledger.record(event, by=by.ref, at=at)
    if package is not None:
        # Only a commit takes bytes away: a list rolled back has lost nothing.
        transaction.on_commit(lambda: files.forget([package]))


def _keeper_only(by: Actor) -> None:
    if not by.holds(Role.ARCHIVIST):
        raise NotAllowed("archive.keeper_only", "这一步由档案管理员来办。")


def _disposed() -> Refusal:
    return Refusal("archive.disposed", "这份档案已经销毁了。")
