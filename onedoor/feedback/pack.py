"""What the packs say about ratings: the phrases of the national interface, the county's limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from onedoor.feedback.rules.limits import FeedbackRules, read_rules
from onedoor.feedback.rules.words import Level


def _read(pack: str, name: str) -> Mapping[str, Any]:
    path = files("onedoor") / "packs" / pack / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


@cache
def rules() -> FeedbackRules:
    """Return the county's limits (``[feedback]`` in its file)."""
    return read_rules(_read(settings.COUNTY, "county.toml").get("feedback", {}))


@cache
def phrases() -> Mapping[Level, Mapping[str, str]]:
    """Return the phrases to choose from by level, each with its national code."""
    told = _read("national", "feedback.toml")
    return {level: dict(told[level.value]["values"]) for level in Level}


def phrase(code: str) -> str:
    """Return the words of a code."""
    return next((each[code] for each in phrases().values() if code in each), code)
