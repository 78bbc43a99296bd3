"""What the auditors advise a unit (审计建议), and what the unit made of it.

Basis: 审计法 44, 52; the answer is part of the report on rectification.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.files.models import StoredFile
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.kernel.rows import altered
from onedoor.kernel.written import update
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted
from onedoor.rectification.events import RecommendationAnswered, RecommendationMade
from onedoor.rectification.models import AdoptionAnswer, Project, Recommendation
from onedoor.rectification.queries.advice import ADVISING, may_answer
from onedoor.rectification.rules.words import Adoption
from onedoor.rectification.services.moving import written


@dataclass(frozen=True)
class Made:
    """What came of a recommendation: a regulation with its number and day, and what shows it."""

    title: str = ""
    number: str = ""
    on: date | None = None
    file: StoredFile | None = None
    file_name: str = ""


@ledger.recorded
def advise(
    project: Project, *, text: str, unit: Organisation, by: Actor, at: datetime
) -> Recommendation:
    """Enter what the auditors of a project advised a unit."""
    if by.roles_in(unit.pk).isdisjoint(ADVISING):
        raise NotAllowed("recommendation.not_opener", "审计建议由审计人员或整改牵头单位来登记。")
    text = written(text, name="text")
    if not text:
        raise NotValid("recommendation.empty", "请写明建议什么。", field="text")
    row = Recommendation(
        number=numbers.take_yearly(
            "recommendation", Recommendation.objects.all(), stem="JY", width=5, at=at
        ),
        project=project,
        text=text,
        salt=secrets.token_hex(16),
        unit=unit,
        opened_at=at,
        moved_at=at,
    )
    event = RecommendationMade(
        subject=row.subject, project=project.key, unit=unit.code, note=salted(text, row.salt)
    )
    row.version, row.head = ledger.record(event, by=by.ref, at=at, after=row.link)
    row.save(force_insert=True)
    return row


@ledger.recorded
def adopt(
    row: Recommendation,
    *,
    adoption: Adoption,
    text: str = "",
    made: Made | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Recommendation:
    """Say what became of a recommendation: adopted with what came of it, or not and why.

    By the head of the unit it was given to, or the lead office. A later answer (first in part,
    then wholly) follows the earlier, which stays.
    """
    if not may_answer(row, by):
        raise NotAllowed(
            "recommendation.not_answerer",
            "建议的采纳情况由收到建议的单位的负责人或整改牵头单位来填。",
        )
    if seen != row.version:
        raise _meanwhile(row)
    text, made = written(text, name="text"), _checked(made or Made(), on=day_of(at))
    _whole(adoption, text, made)
    answer = AdoptionAnswer(
        recommendation=row,
        version=row.version + 1,
        adoption=adoption.value,
        reason=text,
        salt=secrets.token_hex(16),
        made=made.title,
        made_number=made.number,
        made_on=made.on,
        file=made.file,
        file_name=made.file_name[:200],
        by=by.ref,
        at=ledger.moment(at, last=row.moved_at),
    )
    return _answered(row, answer)


def _checked(made: Made, *, on: date) -> Made:
    if made.on is not None and made.on > on:
        raise NotValid("recommendation.made_future", "制度的日期不能在今天以后。", field="made_on")
    title, number = written(made.title, name="made"), written(made.number, name="made_number")
    return Made(title[:300], number[:100], made.on, made.file, made.file_name)


def _whole(adoption: Adoption, text: str, made: Made) -> None:
    """Refuse an answer that does not say what it has to: why not, or what came of it."""
    if adoption is Adoption.WAITING:
        raise NotValid(
            "recommendation.no_answer", "请选采纳、部分采纳还是未采纳。", field="adoption"
        )
    if adoption is not Adoption.ADOPTED and not text:
        raise NotValid("recommendation.reason", "没有全部采纳，请写明原因。", field="text")
    if adoption is not Adoption.NOT_ADOPTED and not made.title:
        raise NotValid(
            "recommendation.made", "采纳了，请写明定了什么制度或者做了什么。", field="made"
        )


def _answered(row: Recommendation, answer: AdoptionAnswer) -> Recommendation:
    event = RecommendationAnswered(
        subject=row.subject,
        adoption=answer.adoption,
        note=salted(answer.said, answer.salt),
        made_on=answer.made_on,
        file=answer.file.digest if answer.file else "",
    )
    after = altered(row, {"adoption": answer.adoption, "moved_at": answer.at})
    after.version, after.head = ledger.record(event, by=answer.by, at=answer.at, after=row.link)
    if not update(row, after):
        raise _meanwhile(row)
    answer.save(force_insert=True)
    return after


def _meanwhile(row: Recommendation) -> Refusal:
    now = Recommendation.objects.get(pk=row.pk)
    return Refusal(
        "recommendation.changed_meanwhile",
        "您打开以后，别人填过这条建议的采纳情况，现在是“%(state)s”。您填的没有记下，请看过再办。",
        state=now.standing,
        version=now.version,
    )
