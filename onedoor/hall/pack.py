"""What the packs say of the hall: the policy of calling (``[queue]`` in the county's hall.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from onedoor.hall.rules.opening import Hours, read_hours
from onedoor.hall.rules.planner import Costs, read_costs
from onedoor.hall.rules.policy import Policy, read_policy
from onedoor.kernel import packs

FILE = "hall.toml"


@cache
def policy() -> Policy:
    """Return how the county's halls call."""
    return read_policy(packs.county(FILE).get("queue", {}))


@cache
def hours() -> Hours:
    """Return when the county's halls are open as a rule (``[opening]``)."""
    return read_hours(packs.county(FILE).get("opening", {}))


@cache
def costs() -> Costs:
    """Return what windows cost the county, and the wait it promises (``[planner]``)."""
    return read_costs(packs.county(FILE).get("planner", {}))


def setting() -> Mapping[str, Any]:
    """Return how the county's halls are set up, as its file says."""
    return packs.county(FILE)
