"""The table of the process: what holds for every row."""

import pytest

from onedoor.accounts.rules import Role
from onedoor.cases.rules.lifecycle import (
    FINAL,
    LIFECYCLE,
    Action,
    Clock,
    Need,
    Paper,
    Status,
    as_markdown,
    open_actions,
    step_for,
)
from onedoor.kernel.errors import NotAllowed, Refusal

EVERYTHING = frozenset(Need)
EVERYONE = frozenset(Role)


def test_every_state_that_is_not_final_has_a_way_out():
    assert {
        Status.CLOSED,
        Status.REJECTED_INTAKE,
        Status.WITHDRAWN,
        Status.RETURNED,
    } == FINAL


def test_every_state_can_be_reached():
    reached, waiting = {Status.NEW}, [Status.NEW]

    while waiting:
        state = waiting.pop()
        for step in LIFECYCLE:
            if step.source is state and step.target not in reached:
                reached.add(step.target)
                waiting.append(step.target)

    assert reached == set(Status)


def test_no_action_means_two_things_in_one_state():
    moves = [(step.source, step.action) for step in LIFECYCLE]

    assert len(moves) == len(set(moves))


def test_step_ids_are_unique_and_every_step_names_its_basis():
    assert len({step.id for step in LIFECYCLE}) == len(LIFECYCLE)
    assert all(step.basis for step in LIFECYCLE)


def test_whatever_moves_the_handling_clock_is_told_in_writing():
    still = {Clock.KEEP, Clock.START_RECEIPT, Clock.STOP_RECEIPT, Clock.STOP}

    assert all(step.paper is not Paper.NONE for step in LIFECYCLE if step.clock not in still)


@pytest.mark.parametrize("status", sorted(FINAL))
@pytest.mark.parametrize("action", Action)
def test_an_ended_case_refuses_everything(status, action):
    with pytest.raises(Refusal) as refused:
        step_for(status, action, roles=EVERYONE, met=EVERYTHING)

    assert refused.value.code == "case.wrong_state"


@pytest.mark.parametrize("step", LIFECYCLE, ids=lambda step: step.id)
def test_a_step_is_refused_to_every_role_it_does_not_name(step):
    others = EVERYONE - set(step.by)

    with pytest.raises(NotAllowed) as refused:
        step_for(step.source, step.action, roles=others, met=EVERYTHING)

    assert refused.value.code == "case.wrong_role"
    assert open_actions(step.source, roles=set(step.by)).count(step.action) == 1


@pytest.mark.parametrize(
    ("step", "need"),
    [(s, n) for s in LIFECYCLE for n in s.needs],
    ids=lambda x: getattr(x, "id", x),
)
def test_a_step_is_refused_while_one_need_is_not_met(step, need):
    with pytest.raises(Refusal) as refused:
        step_for(step.source, step.action, roles=set(step.by), met=EVERYTHING - {need})

    assert refused.value.code == "case.need"
    assert refused.value.data["need"] is need


def test_whoever_decides_is_bound_by_two_persons():
    for step in LIFECYCLE:
        if step.action in (Action.GRANT, Action.REFUSE):
            assert Need.TWO_PERSONS in step.needs


def test_the_handbook_shows_one_row_for_each_step():
    _, _, *rows = as_markdown().splitlines()

    assert [row.split(" | ")[0] for row in rows] == [f"| {step.id}" for step in LIFECYCLE]
