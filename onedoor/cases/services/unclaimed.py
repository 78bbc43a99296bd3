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
from onedoor.cases.contents import proofs
from onedoor.cases.inputs import plain
from onedoor.cases.models import Case, Leaving
from onedoor.cases.rules.delivery import Unserved, Way, served_on
from onedoor.cases.rules.lifecycle import Action, Need
from onedoor.cases.services.evidence import ended_at, left_on_a_day, shown, witnessed, worded
from onedoor.cases.services.moving import Effect, Words, guard, move
from onedoor.cases.services.uploading import Upload
from onedoor.kernel.clock import at_local, day_of
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import Fact
from onedoor.papers import queries as papers
from onedoor.papers.rules.kinds import Kind


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
    present = witnessed(witnesses, by)
    assert case.decided_at is not None
    left_on_a_day(left_on, decided_on=day_of(case.decided_at), on=day_of(at))
    kept = shown(document, way=Way.LEFT, basis="民事诉讼法89")
    step = guard(case, Action.LEAVE, by=by, seen=seen, met={Need.WITNESSED})
    details: dict[str, Fact] = {
        "way": Way.LEFT.value,
        "left_on": left_on,
        "document": kept.file.digest,
    }
    proved = proofs.left(where, said.text, present, worded(kept), on=left_on)
    paper = partial(proofs.of_case, proved=proved, by=by)
    changes = {"ended_at": ended_at(left_on, at=at)}
    moved = move(case, step, Effect(changes, details, said, paper), by=by, at=at)
    Leaving.objects.create(
        case=moved,
        left_on=left_on,
        place=where,
        witnesses=present,
        document=kept.file,
        document_name=kept.name,
    )
    return moved


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
    assert case.announced_on is not None
    assert case.notice_due_on is not None
    changes = {"ended_at": at_local(case.notice_due_on, 23)}
    details: dict[str, Fact] = {"way": Way.NOTICE.value, "served_on": case.notice_due_on}
    notice = papers.of(case.number).get(kind=Kind.ANNOUNCEMENT.value)
    proved = proofs.announced(notice.number, since=case.announced_on, until=case.notice_due_on)
    effect = Effect(changes, details, paper=partial(proofs.of_case, proved=proved, by=TIMER))
    return move(case, step, effect, by=TIMER, at=at)
