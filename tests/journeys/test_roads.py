"""Every branch of the procedure table is taken by some road through a served county."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onedoor.cases.rules.lifecycle import LIFECYCLE
from tests.journeys import county as counties
from tests.journeys.county import County
from tests.journeys.roads import ROADS, Road, Town, walk_all

pytestmark = pytest.mark.journey

Walked = dict[str, list[str] | Exception]

NO_ROAD = {
    "T14c": "An accepted case is dispatched in the same transaction: nobody finds it in between.",
    "T23a": "As T14c: an accepted case is in review when anybody, or the worker, finds it.",
}
"""Steps that no road can take, and why."""


@pytest.fixture(scope="session")
def walked(model: County, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """All roads, walked once through one county whose clock is moved."""
    made = counties.copy(model, tmp_path_factory.mktemp("roads") / "var-roads")
    town = Town(made)
    town.bring_in_items()
    made.serve()
    yield walk_all(town)
    counties.drop(made)


def test_every_step_of_the_table_is_on_a_road():
    steps = {step.id for step in LIFECYCLE}
    taken = {step for one in ROADS for step in one.steps}

    assert sorted(steps - taken - NO_ROAD.keys()) == [], "no road takes these steps"
    assert sorted(taken - steps) == [], "these steps are not in the table"
    assert sorted(taken & NO_ROAD.keys()) == [], "these have a road after all"


@pytest.mark.parametrize("one", ROADS, ids=lambda one: one.name)
def test_a_road_takes_the_steps_it_says(walked: Walked, one: Road):
    found = walked[one.name]

    if isinstance(found, Exception):
        raise found
    assert found == list(one.steps)
