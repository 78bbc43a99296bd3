"""The public list of the demo: each granted licence on its day, one withheld, one asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.models import Licence
from onedoor.disclosure import services as disclosure
from onedoor.disclosure.models import Publication
from onedoor.disclosure.rules.words import Ground, PublicState
from onedoor.kernel.clock import at_local


def disclose(actors: Iterable[Actor], *, at: datetime) -> None:
    """Enter and publish what was granted as the worker would have, day by day."""
    people = list(actors)
    for licence in Licence.objects.select_related("case").order_by("case__decided_at"):
        assert licence.case.decided_at is not None
        row = disclosure.enter(licence, at=licence.case.decided_at)
        morning = at_local(row.publish_on, 8)
        if morning <= at:
            disclosure.publish(row, at=morning)
    public = Publication.objects.filter(state=PublicState.PUBLISHED.value)
    rows = [r for r in public.select_related("licence").order_by("published_at") if _two(r, people)]
    for number, row in enumerate(rows[:2]):
        decider, head = _two(row, people) or (None, None)
        assert decider is not None
        assert head is not None
        assert row.published_at is not None
        later = row.published_at + timedelta(hours=1)
        asked = disclosure.propose_withholding(
            row,
            ground=Ground.TRADE_SECRET,
            reason="许可内容里有企业没有公开的工艺（演示）。",
            by=decider,
            at=later,
        )
        if number == 0:
            disclosure.answer_withholding(
                asked, is_withheld=True, by=head, at=later + timedelta(hours=1)
            )


def _two(row: Publication, people: list[Actor]) -> tuple[Actor, Actor] | None:
    """Return who may ask and who may answer, where the unit has both."""
    unit = row.licence.unit_id
    heads = [each for each in people if Role.HEAD in each.roles_in(unit)]
    deciders = [
        each for each in people if Role.DECIDER in each.roles_in(unit) and each not in heads
    ]
    return (deciders[0], heads[0]) if heads and deciders else None
