"""Which road a demo case goes, how often, and since when; which items go it.

Of every hundred and twenty cases each road has its share; how long ago it began follows from the
item's own limits, so that what is late today is late by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from onedoor.cases.rules.online import is_taken_here
from onedoor.catalogue.models import ItemVersion
from onedoor.demo import endings, roads
from onedoor.demo.tale import Tale

SURVEYORS = "市监局"
_ARTICLE = re.compile("第.+?条")


def _promised(version: ItemVersion) -> bool:
    """Say whether the item takes days, so that its case can be told step by step."""
    return bool(version.promised_limit and version.promised_limit >= 3) and not _upper(version)


def _upper(version: ItemVersion) -> bool:
    """Say whether the upper body decides."""
    return version.is_forwarded


def _online(version: ItemVersion) -> bool:
    return _promised(version) and is_taken_here(version)


def _counted(version: ItemVersion) -> bool:
    """Say whether both limits are working days, the law's well beyond the promise."""
    promised, statutory = version.promised_limit or 0, version.statutory_limit or 0
    units = {version.promised_unit, version.statutory_unit}
    fits = units == {"WD"} and 3 <= promised <= 15 and statutory >= promised + 5
    return fits and not _upper(version)


def _licence(version: ItemVersion) -> bool:
    """Say whether it is a licence that takes days: rejected and extended after the licence law."""
    return version.is_licence and _counted(version)


def _refusable(version: ItemVersion) -> bool:
    """Say whether a refusal can cite an article and a condition."""
    return _promised(version) and bool(_ARTICLE.search(version.legal_basis.split("\n")[0]))


def _inspected(version: ItemVersion) -> bool:
    """Say whether people come to see the place; the market office has reviewers enough for two."""
    return _licence(version) and version.unit.short_name.endswith(SURVEYORS)


def _paused_licence(version: ItemVersion) -> bool:
    return _licence(version) and bool(version.special_procedures)


def _paused(version: ItemVersion) -> bool:
    return _promised(version) and bool(version.special_procedures)


def _tolerant(version: ItemVersion) -> bool:
    return _counted(version) and version.tolerates


def _vouched(version: ItemVersion) -> bool:
    return _counted(version) and bool(version.vouched)


def _instant(version: ItemVersion) -> bool:
    return version.kind == "instant" and version.instant_authorised


def _deemed(version: ItemVersion) -> bool:
    return _promised(version) and version.deemed_acceptance


def _not_deemed(version: ItemVersion) -> bool:
    return _promised(version) and not version.deemed_acceptance


def _between(first: int, last: int) -> Callable[[ItemVersion, Random], int]:
    return lambda version, dice: dice.randint(first, last)


def _past(promise: int = 0, law: int = 0) -> Callable[[ItemVersion, Random], int]:
    """Begin so long ago that the promise, or the law's limit, ended that many days ago.

    Acceptance comes at most one day after receipt, so the clock may have begun a day later.
    """

    def ago(version: ItemVersion, dice: Random) -> int:
        limit = (version.statutory_limit if law else version.promised_limit) or 0
        return limit + (law or promise) + 1

    return ago


class Road(NamedTuple):
    """One road: its share, how it is played, which items go it, how many working days ago."""

    name: str
    share: int
    play: Callable[[Tale], None]
    ago: Callable[[ItemVersion, Random], int]
    fits: Callable[[ItemVersion], bool] = _promised


ROADS = (
    Road("instant", 16, endings.instant, _between(0, 60), _instant),
    Road("granted", 14, endings.granted, _between(20, 60)),
    Road("fetched", 6, endings.fetched, _between(20, 60)),
    Road("corrected", 7, endings.corrected, _between(24, 60)),
    Road("resumed and granted", 2, endings.resumed_and_granted, _between(30, 60), _paused),
    Road("refused and told", 4, endings.refused_and_told, _between(20, 60), _refusable),
    Road("rejected", 2, endings.rejected, _between(5, 60), _licence),
    Road("withdrawn", 2, endings.withdrawn, _between(5, 60)),
    Road("sent online", 2, roads.sent_online, _between(0, 1), _online),
    Road("sent back", 1, roads.sent_back, _between(2, 8), _online),
    Road("waiting", 7, roads.waiting, _between(0, 2)),
    Road("correcting", 6, roads.correcting, _between(2, 12)),
    Road("returned", 1, roads.returned, _between(33, 60)),
    Road("tolerated", 1, roads.tolerated, _between(0, 1), _tolerant),
    Road("promise kept", 1, endings.kept, _between(24, 60), _tolerant),
    Road("promise not kept", 1, roads.unkept, _between(10, 20), _tolerant),
    Road("committed", 1, roads.committed, _between(1, 2), _vouched),
    Road("check waiting", 1, endings.granted_on_commitment, _between(10, 14), _vouched),
    Road("check late", 1, endings.granted_on_commitment, _between(58, 60), _vouched),
    Road("found true", 1, endings.found_true, _between(24, 40), _vouched),
    Road("found false", 1, endings.found_false, _between(14, 40), _vouched),
    Road("accepted", 6, roads.accepted, _between(1, 2), _counted),
    Road("reviewed", 6, roads.reviewed, _between(2, 3), _counted),
    Road("proposed", 1, roads.proposed, _between(2, 3), _paused),
    Road("turned down", 1, roads.turned_down, _between(2, 3), _paused),
    Road("suspended", 2, roads.suspended, _between(3, 5), _paused),
    Road("suspended too long", 1, roads.suspended, _between(9, 12), _paused),
    Road("resumed", 1, roads.resumed, _between(12, 14), _paused),
    Road("survey ordered", 1, roads.ordered, _between(2, 2), _inspected),
    Road("surveyed", 1, roads.surveyed, _between(4, 5), _inspected),
    Road("surveyed and granted", 1, endings.surveyed_and_granted, _between(20, 60), _inspected),
    Road("hearing called", 1, roads.called, _between(5, 7), _paused_licence),
    Road("heard", 1, endings.heard, _between(40, 60), _paused_licence),
    Road("extended", 2, roads.extended, _between(3, 5), _licence),
    Road("forwarded", 1, roads.forwarded, _between(6, 12), _upper),
    Road("upper body late", 1, roads.forwarded, _between(27, 34), _upper),
    Road("replied", 1, endings.replied, _between(17, 18), _upper),
    Road("replied and granted", 1, endings.replied_and_granted, _between(40, 60), _upper),
    Road("decided", 3, roads.decided, _between(4, 5)),
    Road("making", 3, roads.making, _between(5, 7)),
    Road("ready", 4, roads.ready, _between(5, 8)),
    Road("posted", 2, endings.posted, _between(5, 7)),
    Road("refused", 1, endings.refused, _between(4, 6), _refusable),
    Road("receipt near", 1, roads.waiting, _between(4, 4)),
    Road("receipt late", 1, roads.waiting, _between(6, 7), _not_deemed),
    Road("deemed", 1, endings.deemed, _between(8, 10), _deemed),
    Road("promise near", 3, roads.accepted, _past(promise=-2), _counted),
    Road("promise late", 2, roads.accepted, _past(promise=2), _counted),
    Road("law late", 1, roads.accepted, _past(law=2), _counted),
    Road("noticed twice", 1, endings.noticed_twice, _between(10, 14)),
    Road("hasty", 1, endings.hasty, _between(20, 40)),
    Road("fetched late", 1, endings.fetched_late, _between(24, 30)),
)
TURN = sum(road.share for road in ROADS)


def road_of(number: int) -> Road:
    """Return the road of the case with this place in the row; each turn mixes all of them."""
    place = (number * 37) % TURN
    for road in ROADS:
        if place < road.share:
            return road
        place -= road.share
    raise AssertionError(place)
