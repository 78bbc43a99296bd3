"""Histories of cases, told through the services with times in the past.

Every story is one lawful road; which road, item, applicant and days follow from the case's place
in the row, so that the same day always gives the same county.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime

from onedoor.calendar import queries as calendar
from onedoor.cases.models import Case
from onedoor.catalogue.models import Item, ItemVersion
from onedoor.demo.choosing import Road, road_of
from onedoor.demo.tale import Cast, Stage, Tale
from onedoor.kernel import clock

WELL_KNOWN = 0.7
"""So many of the cases are about what people come for every day."""
PULL = 3
"""So much each of a unit's people who sign in draws its cases: who tries it out finds work."""


class Teller:
    """Tells one case after another; knows today and the people."""

    def __init__(self, cast: Cast, *, today: date, at: datetime) -> None:
        self.today = today
        self.stage = Stage(cast, calendar.working_days(), at)
        codes = [item["code"] for item in cast.pack.items]
        items = Item.objects.filter(code__in=codes, current_version__isnull=False)
        self.items = list(
            items.select_related("current_version", "unit", "transferred_to").order_by("code")
        )
        signing = Counter(s.unit for s in cast.pack.staff if s.signs_in)
        self.pull = {
            unit.short_name: 1 + PULL * signing[unit.short_name] for unit in cast.pack.units
        }
        self.well_known = [item for item in self.items if item.code in cast.pack.well_known]

    def tell(self, number: int) -> Case:
        """Play the story of the case with this place in the row."""
        dice = random.Random(f"onedoor-demo-{number}")
        road = road_of(number)
        item = self._item(road, dice)
        ago = road.ago(_version(item), dice)
        before = self.stage.days.ordinal(self.today) - ago
        began = clock.at_local(self.stage.days.day_with_ordinal(before), 9)
        tale = Tale(self.stage, item, dice, began)
        road.play(tale)
        return tale.now

    def _item(self, road: Road, dice: random.Random) -> Item:
        """Return an item that goes this road and for which one comes to the hall."""
        asked = self.well_known if dice.random() < WELL_KNOWN else self.items
        fitting = [i for i in asked if road.fits(_version(i)) and _version(i).visits]
        # Some roads nobody goes every day: what the upper body decides is not well known.
        fitting = fitting or [i for i in self.items if road.fits(_version(i))]
        return dice.choices(fitting, [self.pull[i.unit.short_name] for i in fitting])[0]


def _version(item: Item) -> ItemVersion:
    assert item.current_version is not None
    return item.current_version
