"""A day is played again in the order it was written in, whatever the clocks of requests say."""

from __future__ import annotations

import pytest

from onedoor.hall import audit, queries
from onedoor.hall.tests import given
from onedoor.hall.tests.given import AT, CLERK, DAY, SECOND

pytestmark = pytest.mark.django_db


def test_a_call_that_read_the_clock_before_the_number_was_written_is_no_fault():
    given.hall_of()
    given.sits(1, CLERK)
    ticket = given.ticket(at=AT)

    called = given.called(1, CLERK, at=AT - SECOND)

    assert called.number == ticket.number
    report = audit.replay_day(queries.hall("test"), DAY)
    assert (report.calls, report.faults) == (1, [])
