"""What was looked for in vain is kept, so that the editors see which words are missing."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from onedoor.accounts.rules import Actor, Role
from onedoor.catalogue.events import MissSettled
from onedoor.catalogue.models import MissedQuestion
from onedoor.catalogue.rules.search.asking import Question
from onedoor.kernel.errors import NotAllowed
from onedoor.ledger import services as ledger

MOST_A_DAY = 1000
"""So many different questions are kept of one day: nobody can fill the disk by asking."""
KEPT_DAYS = 180
_NUMBERS = re.compile(r"\d{5,}[xX]?")


def note_miss(question: Question, *, on: date) -> None:
    """Count a question that found nothing. Long numbers are left out: they may be a person's.

    Basis: 个人信息保护法 6 (nothing about a person is needed here).
    """
    text = _NUMBERS.sub(" ", question.text).strip()
    if len(text.replace(" ", "")) < 2:
        return
    there = MissedQuestion.objects.filter(day=on, text=text)
    if there.update(count=F("count") + 1, is_settled=False):
        return
    if MissedQuestion.objects.filter(day=on).count() >= MOST_A_DAY:
        return
    MissedQuestion.objects.filter(day__lt=on - timedelta(days=KEPT_DAYS)).delete()
    try:
        with transaction.atomic():
            MissedQuestion.objects.create(day=on, text=text)
    except IntegrityError:  # somebody else asked the same at the same moment
        there.update(count=F("count") + 1, is_settled=False)


@ledger.recorded
def settle_miss(text: str, *, by: Actor, at: datetime) -> int:
    """Take a question off the list: answered, or in no need of it. Asked again, it returns."""
    if not by.holds_any(Role.EDITOR, Role.PUBLISHER):
        raise NotAllowed("catalogue.not_editor", "处理没找到的词需要“事项编辑”岗位。")
    settled = MissedQuestion.objects.filter(text=text, is_settled=False).update(is_settled=True)
    if settled:
        ledger.record(MissSettled(subject="catalogue:search", days=settled), by=by.ref, at=at)
    return settled
