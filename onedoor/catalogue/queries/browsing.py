"""The public's lists: by theme, by life event, by letter; only what has items stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from django.conf import settings
from django.db.models import Count, QuerySet

from onedoor.catalogue.models import ItemVersion, Shelf
from onedoor.catalogue.queries.items import published
from onedoor.catalogue.rules.life_events import Audience, By, LifeEvent, read_events


@lru_cache(maxsize=1)
def life_events() -> tuple[LifeEvent, ...]:
    """Return the life events of the national pack and the county's own."""
    packs = files("onedoor") / "packs"
    places = [packs / pack / "life_events.toml" for pack in ("national", settings.COUNTY)]
    return read_events(p.read_text(encoding="utf-8") for p in places if p.is_file())


@dataclass(frozen=True)
class Place:
    """A place in a list: its key in an address, what it is called, how many items stand there."""

    key: str
    name: str
    count: int


def places(by: By) -> list[Place]:
    """Return the places of a list that have items, in the order people look for them."""
    counts: Mapping[str, int] = dict(
        Shelf.objects.filter(by=by.value).values_list("key").annotate(n=Count("pk")).order_by()
    )
    if by is By.EVENT:
        known = [event for event in life_events() if event.key in counts]
        return [Place(event.key, event.name, counts[event.key]) for event in known]
    order = sorted(counts) if by is By.LETTER else sorted(counts, key=lambda k: (-counts[k], k))
    return [Place(key, key, counts[key]) for key in order]


def events_with_items() -> list[tuple[Audience, list[Place]]]:
    """Return the life events that have items, for people and for companies."""
    whose = {event.key: event.audience for event in life_events()}
    found = places(By.EVENT)
    return [(each, [p for p in found if whose[p.key] is each]) for each in Audience]


def standing(by: By, key: str, *, unit_code: str = "") -> QuerySet[ItemVersion]:
    """Return the published items at a place, by name."""
    return published(unit_code).filter(item__shelves__by=by.value, item__shelves__key=key)


def event_named(key: str) -> LifeEvent | None:
    """Return a life event by its key."""
    return next((event for event in life_events() if event.key == key), None)
