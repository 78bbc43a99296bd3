"""What may be done: enter a decision, publish it on its day, withhold it by two persons.

Basis: 行政许可法 5, 40; 国办发〔2015〕51号.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from onedoor.accounts.rules import SYSTEM, Actor, Role
from onedoor.calendar import queries as calendar
from onedoor.cases.inputs import plain
from onedoor.cases.models import Licence
from onedoor.cases.rules import clock
from onedoor.disclosure import pack, queries
from onedoor.disclosure.events import (
    DecisionListed,
    DecisionPublished,
    WithholdingAnswered,
    WithholdingProposed,
)
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.words import Ground, PublicState
from onedoor.kernel.clock import day_of, local
from onedoor.kernel.errors import NotAllowed, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import salted

logger = logging.getLogger(__name__)
BATCH = 100
EVENING = 18


@ledger.recorded
def enter(licence: Licence, *, at: datetime) -> Publication:
    """Enter a granted licence with the day by which it is public; entered once, however often."""
    decided = licence.case.decided_at
    assert decided is not None
    start, days = day_of(decided), calendar.working_days()
    looks, within = pack.rules().looks, pack.rules().within
    publish, due = (clock.due(start, each, calendar=days).on for each in (looks, within))
    assert publish is not None
    assert due is not None
    row = Publication(licence=licence, publish_on=publish, due_on=due, reason="")
    if Publication.objects.filter(licence=licence).exists():
        return Publication.objects.get(licence=licence)
    Publication.objects.bulk_create([row])
    event = DecisionListed(subject=queries.subject_of(row), due=due)
    ledger.record(event, by=SYSTEM.ref, at=at)
    return row


def publish_due(*, at: datetime) -> int:
    """Put on the list whatever has its day; a timer. What is asked to be withheld waits.

    In the evening it also enters what its listener has not heard of.
    """
    if local(at).hour >= EVENING:
        for licence in queries.forgotten()[:BATCH]:
            enter(licence, at=at)
    waiting = Publication.objects.filter(
        state=PublicState.WAITING.value, publish_on__lte=day_of(at)
    ).exclude(proposed_at__isnull=False, answered_at__isnull=True)
    rows = list(waiting.select_related("licence").order_by("publish_on")[:BATCH])
    return sum(publish(row, at=at) for row in rows)


@ledger.recorded
def publish(publication: Publication, *, at: datetime) -> bool:
    """Put a decision on the public list; say whether it was this call that did."""
    waiting = Publication.objects.filter(pk=publication.pk, state=PublicState.WAITING.value)
    waiting = waiting.exclude(proposed_at__isnull=False, answered_at__isnull=True)
    if not waiting.update(state=PublicState.PUBLISHED.value, published_at=at):
        return False
    event = DecisionPublished(
        subject=queries.subject_of(publication), is_late=day_of(at) > publication.due_on
    )
    ledger.record(event, by=SYSTEM.ref, at=at)
    return True


@ledger.recorded
def propose_withholding(
    publication: Publication, *, ground: Ground, reason: str, by: Actor, at: datetime
) -> Publication:
    """Ask that a decision be kept off the list, or taken off it; until the answer it is not shown.

    Basis: 许可法5.
    """
    text = plain("reason", reason, "理由", most=1000)
    salt = secrets.token_hex(16)
    open_ = Publication.objects.filter(pk=publication.pk).exclude(state=PublicState.WITHHELD.value)
    open_ = open_.exclude(proposed_at__isnull=False, answered_at__isnull=True)
    changed = open_.update(
        state=PublicState.WAITING.value,
        ground=ground.value,
        reason=text,
        salt=salt,
        proposed_by=by.ref,
        proposed_at=at,
        answered_by="",
        answered_at=None,
    )
    if not changed:
        raise _meanwhile()
    event = WithholdingProposed(
        subject=queries.subject_of(publication), ground=ground.value, reason=salted(text, salt)
    )
    ledger.record(event, by=by.ref, at=at)
    return Publication.objects.select_related("licence").get(pk=publication.pk)


@ledger.recorded
def answer_withholding(
    publication: Publication, *, is_withheld: bool, by: Actor, at: datetime
) -> Publication:
    """Agree to keep a decision off the list, or not: by the unit's head, who did not ask for it."""
    if Role.HEAD not in by.roles_in(publication.licence.unit_id):
        raise NotAllowed(
            "disclosure.head_only", "不予公开由本单位负责人批准。", basis="许可法5、40"
        )
    if publication.proposed_by == by.ref:
        raise NotAllowed("disclosure.own_proposal", "自己提出的不予公开要由另一个人批准。")
    asked = Publication.objects.filter(
        pk=publication.pk, proposed_at__isnull=False, answered_at__isnull=True
    )
    state = PublicState.WITHHELD if is_withheld else PublicState.WAITING
    if not asked.update(state=state.value, answered_by=by.ref, answered_at=at):
        raise _meanwhile()
    event = WithholdingAnswered(
        subject=queries.subject_of(publication),
        ground=publication.ground,
        is_withheld=is_withheld,
        was_public=publication.published_at is not None,
    )
    ledger.record(event, by=by.ref, at=at)
    return Publication.objects.select_related("licence").get(pk=publication.pk)


def _meanwhile() -> Refusal:
    return Refusal("disclosure.changed_meanwhile", "这一项刚被别人办过，请看过再办。")
