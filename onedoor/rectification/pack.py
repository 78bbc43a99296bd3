"""What the packs say about rectification: the national defaults, a county's own rulebooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from onedoor.kernel import packs
from onedoor.rectification.rules import limits
from onedoor.rectification.rules.limits import Offset, Rulebook
from onedoor.rectification.rules.signals import SignalRule
from onedoor.rectification.rules.words import (
    LetterKind,
    Outcome,
    RectificationClass,
    Rung,
    SignalKind,
)

FILE = "rectification.toml"


def rulebook(on: date) -> Rulebook:
    """Return what holds in this county on a day."""
    return limits.in_force(_books(), on)


def letter_word(kind: LetterKind) -> str:
    """Return the word that letters of a kind have in their numbers."""
    return _letter_words()[kind.value]


@cache
def _letter_words() -> Mapping[str, str]:
    told: dict[str, str] = packs.told(packs.NATIONAL, FILE)["letters"]
    return {**told, **packs.county(FILE).get("letters", {})}


@cache
def _books() -> tuple[Rulebook, ...]:
    national, *_ = packs.told(packs.NATIONAL, FILE)["rulebook"]
    county = packs.county(FILE).get("rulebook", ())
    return tuple(_book(settings.COUNTY, {**national, **row}) for row in county) or (
        _book("", national),
    )


def _book(place: str, row: Mapping[str, Any]) -> Rulebook:
    return Rulebook(
        place=place,
        first_on=row["first_on"],
        basis=row["basis"],
        class_days={RectificationClass(k): v for k, v in row["class_days"].items()},
        class_most_days={RectificationClass(k): v for k, v in row["class_most_days"].items()},
        return_days=row["return_days"],
        recheck_months=tuple(row["recheck_months"]),
        window_days=row["window_days"],
        upward_days=row["upward_days"],
        ladder=tuple(Offset(each["days"], Rung(each["rung"])) for each in row["ladder"]),
        labels={Outcome(k): v for k, v in row.get("labels", {}).items()},
        known_labels={k: Outcome(v) for k, v in row["known_labels"].items()},
        empty_phrases=tuple(row["empty_phrases"]),
        repeat_months=row["repeat_months"],
        signals={SignalKind(k): SignalRule(**v) for k, v in row["signals"].items()},
    )
