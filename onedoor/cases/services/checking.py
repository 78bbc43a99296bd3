"""The checks a grant calls for (核查任务): one for each matter it rests on, due by a day."""

from __future__ import annotations

import secrets
from datetime import datetime

from onedoor.accounts.rules import Actor
from onedoor.calendar import queries as calendar
from onedoor.cases.commitments import committed
from onedoor.cases.events import CheckOrdered
from onedoor.cases.models import Case, Verification
from onedoor.cases.rules import clock
from onedoor.catalogue.rules.limits import Limit
from onedoor.kernel.clock import day_of, local
from onedoor.ledger import services as ledger


def order_checks(case: Case, *, by: Actor, at: datetime) -> None:
    """Order the checks of what a granted case rests on, each by its day; part of the grant."""
    for place, one, _ in committed(case):
        if not one.is_checked or not one.days:
            continue
        due = clock.due(
            day_of(at),
            Limit(one.days, one.unit),
            calendar=calendar.working_days(),
            received_at=local(at).time(),
        )
        assert due.on is not None
        made = Verification.objects.create(
            case=case,
            place=place,
            opened_at=at,
            due_on=due.on,
            findings="",
            document_name="",
            objection="",
            answer="",
            salt=secrets.token_hex(16),
        )
        event = CheckOrdered(subject=made.subject, way=one.way.value, due_on=due.on)
        ledger.record(event, by=by.ref, at=at)
