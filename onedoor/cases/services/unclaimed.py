"""Serving a paper nobody takes: left before witnesses (留置), announced as a last resort (公告).

Basis: 许可法44; 民事诉讼法89, 95.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from onedoor.accounts.rules import TIMER, Actor
from onedoor.calendar import queries as calendar
from onedoor.cases import conditions, contents
from onedoor.cases.inputs import plain, same_name
from onedoor.cases.models import Case, Leaving
from onedoor.cases.rules.delivery import Unserved, Way, served_on
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import at_local, day_of
from onedoor.kernel.errors import NotValid
from onedoor.kernel.rows import new
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact

WITNESSES = 2


@ledger.recorded
def leave(
    case: Case,
    *,
    place: str,
    refusal: str,
    witnesses: Sequence[str],
    left_on: date,
    document: Upload | None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Leave the paper where its recipient refuses it (T17c), before two witnesses; it is served.

    ``document`` shows it: a photo, or the scan of what the witnesses signed; its digest is on
    record. Served is the day it was left, not the day somebody notes it.
    """
    said = Words(plain("refusal", refusal, "怎样拒收的", most=500))
    where = plain("place", place, "送达地点", most=200)
    present = _witnesses(witnesses, by)
    _day(left_on, case, at=at)
    if document is None:
        raise NotValid(
            "delivery.no_proof",
            "请附照片，或者见证人签名的文件。没有证明不能留置送达。",
            basis="民事诉讼法89",
            field="document",
        )
    step = guard(case, Action.LEAVE, by=by, seen=seen, met={Need.WITNESSED})
    leaving = new(
        Leaving,
        case_id=case.pk,
        left_on=left_on,
        place=where,
        witnesses="；".join(present),
        document_id=document.file.pk,
        document_name=plain("document", document.name, "文件名", most=200, required=False),
    )
    details: dict[str, Fact] = {
        "way": Way.LEFT.value,
        "left_on": left_on,
        "document": document.file.digest,
    }
    left_at = at if left_on == day_of(at) else at_local(left_on, 23)
    paper = partial(
        contents.left, leaving=leaving, refusal=said.text, digest=document.file.digest, by=by
    )
    moved = move(case, step, Effect({"ended_at": left_at}, details, said, paper), by=by, at=at)
    leaving.save(force_insert=True)
    return moved


def _witnesses(given: Sequence[str], by: Actor) -> list[str]:
    """Return who was there, or refuse: two, different, and not whoever left the paper."""
    named = [plain("witness", each, "见证人", most=100) for each in given if each.strip()]
    others = [each for each in named if not same_name(each, by.name)]
    if len({*others}) < WITNESSES:
        raise NotValid(
            "delivery.witnesses",
            "要写两位不同的见证人（姓名和单位），送达人自己不算。",
            basis="民事诉讼法89",
            field="witness",
        )
    return others


def _day(left_on: date, case: Case, *, at: datetime) -> None:
    assert case.decided_at is not None
    if not day_of(case.decided_at) <= left_on <= day_of(at):
        raise NotValid("delivery.left_on", "留置的日期应在决定那天和今天之间。", field="left_on")


@ledger.recorded
def announce(
    case: Case, *, ground: Unserved, account: str, seen: int, by: Actor, at: datetime
) -> Case:
    """Announce the paper (T17d) where no other way is left; the notice is public at once.

    Who is not found, or whom the post did not reach. What was tried is kept with the case.
    """
    said = Words(plain("account", account, "原因和经过", most=1000))
    met = conditions.of_announcing(case, ground)
    step = guard(case, Action.ANNOUNCE, by=by, seen=seen, met=met)
    on = day_of(at)
    until = served_on(on, calendar=calendar.working_days())
    changes = {"announced_on": on, "notice_due_on": until}
    details: dict[str, Fact] = {
        "way": Way.NOTICE.value,
        "ground": ground.value,
        "served_on": until,
    }
    paper = partial(contents.announcement, ground=ground)
    return move(case, step, Effect(changes, details, said, paper), by=by, at=at)


@ledger.recorded
def deem_served(case: Case, *, at: datetime) -> Case:
    """Count an announced paper as served (T17e): nobody fetched it while it was announced."""
    step = guard(
        case,
        Action.DEEM_SERVED,
        by=TIMER,
        seen=case.version,
        met=conditions.of_notice(case, on=day_of(at)),
    )
    assert case.notice_due_on is not None
    changes = {"ended_at": at_local(case.notice_due_on, 23)}
    details: dict[str, Fact] = {"way": Way.NOTICE.value, "served_on": case.notice_due_on}
    effect = Effect(changes, details, paper=partial(contents.announced, by=TIMER))
    return move(case, step, effect, by=TIMER, at=at)
