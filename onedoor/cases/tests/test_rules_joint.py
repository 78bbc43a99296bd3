"""Where a joint application stands, what begins next, by when all of it is decided."""

from datetime import date

import pytest

from onedoor.calendar import queries as calendar
from onedoor.cases.rules.joint import Run, Stage, Turn, Why, road, stage, turn
from onedoor.cases.rules.lifecycle import FINAL, Outcome, Status
from onedoor.catalogue.rules.limits import Limit, LimitUnit

pytestmark = pytest.mark.django_db  # the calendar of the law is read from its table

FIVE, FORTY = Limit(5, LimitUnit.WD), Limit(40, LimitUnit.WD)
FRIDAY = date(2026, 3, 6)


def way(*runs, is_joint=False):
    return road(runs, is_joint=is_joint, calendar=calendar.working_days())


@pytest.mark.parametrize("status", Status)
def test_whatever_is_granted_lets_the_next_begin_and_what_ended_otherwise_drops_it(status):
    assert turn(status, Outcome.GRANTED) is Turn.BEGIN
    assert turn(status, Outcome.REFUSED) is Turn.DROP
    assert turn(status, Outcome.NONE) is (Turn.DROP if status in FINAL else Turn.WAIT)


def test_the_whole_stands_where_the_least_advanced_member_stands():
    assert stage([Status.READY, Status.CORRECTING, Status.CLOSED]) is Stage.CORRECTING
    assert stage([Status.CLOSED, None]) is Stage.HANDLING
    assert stage([Status.CLOSED, Status.WITHDRAWN]) is Stage.DONE
    assert stage([Status.READY, Status.SPECIAL]) is Stage.HANDLING
    assert stage([]) is Stage.DONE


def test_dates_follow_each_other_along_the_longest_chain():
    found = way(
        Run(1, None, FIVE, Status.IN_REVIEW, due_on=date(2026, 3, 13)),
        Run(2, 1, FIVE),
        Run(3, None, FIVE, Status.CLOSED, done_on=FRIDAY),
    )

    # Granted 13 March at the latest, answered by the 20th, decided by the 27th.
    assert [(leg.due_on, leg.why) for leg in found.legs] == [
        (date(2026, 3, 13), Why.RUNNING),
        (date(2026, 3, 27), Why.AFTER),
        (FRIDAY, Why.DONE),
    ]
    assert (found.due_on, found.is_capped) == (date(2026, 3, 27), False)


def test_handled_jointly_the_law_ends_it_after_45_working_days():
    runs = (
        Run(1, None, FORTY, Status.RECEIVED, answer_by=date(2026, 3, 13)),
        Run(2, 1, FORTY),
    )

    free, joint = way(*runs), way(*runs, is_joint=True)

    assert joint.due_on == joint.cap_on == date(2026, 5, 20)
    assert joint.is_capped
    assert free.due_on > joint.due_on


@pytest.mark.parametrize(
    ("status", "why"), [(Status.CORRECTING, Why.CORRECTING), (Status.SPECIAL, Why.STOPPED)]
)
def test_while_a_clock_stands_nobody_promises_a_date_for_what_comes_after(status, why):
    found = way(Run(1, None, FIVE, status, answer_by=FRIDAY), Run(2, 1, FIVE))

    assert [leg.why for leg in found.legs] == [why, why]
    assert found.due_on is None


def test_an_item_without_a_limit_gives_no_date():
    assert way(Run(1, None, None, Status.RECEIVED, answer_by=FRIDAY)).due_on is None
